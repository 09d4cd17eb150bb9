package job

import (
	"fmt"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/editor/region"
)

// ToldDetail returns the sentence on the detail that an enlarged answer was given back; ok is
// false where it is too little to be visible.
func ToldDetail(d region.Detail) (s api.Sentence, ok bool) {
	const noticed = 1.05
	if d.Times < noticed {
		return s, false
	}
	key := "notice.enlarged"
	switch {
	case d.Sharpened > 0 && d.Grain > 0:
		key = "notice.enlarged_both"
	case d.Sharpened > 0:
		key = "notice.enlarged_sharpened"
	case d.Grain > 0:
		key = "notice.enlarged_grain"
	}
	return api.Sentence{Key: key, Args: []any{"Times", fmt.Sprintf("%.1f", d.Times)}}, true
}
