package history_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"overpaint/api"
)

// blocked puts a file where the folder for a picture has to be made.
func blocked(t *testing.T, folder string, data []byte) (path string) {
	t.Helper()
	sum := sha256.Sum256(data)
	path = filepath.Join(folder, "files", hex.EncodeToString(sum[:1]))
	if err := os.Rename(path, path+"-aside"); err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A picture that could not be kept when it came is kept at the end, should that
// be possible by then.
func TestAVariantIsKeptAtTheEndWhereItCouldNotBeBefore(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, nil)
	r := begin(t, s, entry("x", 2))
	receive(t, r, api.Arrival{Index: -1, Status: 200}, []byte("raw"))
	first, second := distinct(t), distinct(t)
	path := blocked(t, folder, first)
	if err := r.Keep(api.Answer{Index: 0, Encoded: first, RevisedPrompt: "revised"}); err == nil {
		t.Fatal("the trouble was not told")
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	_ = os.Rename(path+"-aside", path)
	keep(t, r, api.Answer{Index: 1, Encoded: second})
	r.End(api.Result{Asked: 2, Got: 2}, nil)
	i, err := s.Item(t.Context(), r.ID())
	if err != nil {
		t.Fatal(err)
	}
	if len(i.Variants) != 2 || i.Outcome != "" || i.Answers != 0 || i.Variants[0].RevisedPrompt != "revised" {
		t.Fatalf("item %+v", i)
	}
	if got, err := s.File(i.Variants[0].File); err != nil || string(got) != string(first) {
		t.Fatalf("the picture: %d bytes, %v", len(got), err)
	}
}

// What can't be kept at all is not called a success, and its answer stays.
func TestAJobWhosePicturesCannotBeKeptIsNoSuccess(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, nil)
	r := begin(t, s, entry("x", 1))
	receive(t, r, api.Arrival{Index: -1, Status: 200}, []byte("raw"))
	picture := distinct(t)
	blocked(t, folder, picture)
	if err := r.Keep(api.Answer{Index: 0, Encoded: picture}); err == nil {
		t.Fatal("the trouble was not told")
	}
	r.End(api.Result{Asked: 1, Got: 1}, nil)
	i, err := s.Item(t.Context(), r.ID())
	if err != nil {
		t.Fatal(err)
	}
	if !i.Over || i.Outcome != api.KindLocal || i.Trouble == nil || i.Trouble.Key != "notice.not_kept" || i.Cost != 20_000 || i.Answers != 1 {
		t.Fatalf("item %+v", i)
	}
}
