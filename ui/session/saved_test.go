package session

import (
	"testing"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/picture"
)

// TestSavedSentences says how much of the file that was opened stayed.
func TestSavedSentences(t *testing.T) {
	defer text.Use(text.Language())
	for _, c := range []struct {
		language string
		kept     *picture.Kept
		lost     picture.Loss
		want     string
	}{
		{"en", nil, "", "Saved: a.jpg"},
		{"en", &picture.Kept{}, "", "Saved: a.jpg"},
		{"en", &picture.Kept{Blocks: 98_649, Total: 100_000}, "", "Saved: a.jpg. 98.6% of the file's blocks are the original's, bit for bit."},
		{"en", &picture.Kept{Blocks: 99_999, Total: 100_000}, "", "Saved: a.jpg. 99.9% of the file's blocks are the original's, bit for bit."},
		{"en", &picture.Kept{Blocks: 7, Total: 7}, "", "Saved: a.jpg. 100% of the file's blocks are the original's, bit for bit."},
		{"en", &picture.Kept{Total: 7}, "", "Saved: a.jpg. None of the original file's blocks could be kept: the whole picture was compressed again."},
		{"zh", &picture.Kept{Blocks: 1, Total: 2}, "", "已保存：a.jpg。文件中 50% 的图块与原文件逐位相同。"},
		{"en", nil, picture.LostPalette, "Saved: a.jpg. The edited picture has more than 256 colours. It was saved in RGB, without the palette of the original file."},
		{"en", &picture.Kept{Blocks: 1, Total: 2}, picture.LostGrey, "Saved: a.jpg. 50% of the file's blocks are the original's, bit for bit. The edit brought colours into a grey picture. It was saved in RGB."},
		{"zh", nil, picture.LostGrey, "已保存：a.jpg。编辑给灰度图片带来了颜色，已改存为 RGB。"},
	} {
		text.Use(c.language)
		if got := savedSentence("a.jpg", became{kept: c.kept, lost: c.lost}).String(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.kept, got, c.want)
		}
	}
}
