package api_test

import (
	"testing"

	"overpaint.dev/overpaint/api"
)

func TestWhatMayHaveCost(t *testing.T) {
	for _, c := range []struct {
		kind api.Kind
		key  string
		want bool
	}{
		{api.KindUnknown, "", true},
		{api.KindUnknown, "error.unknown_cut", true},
		{api.KindCancelled, api.CancelledSent, true},
		{api.KindCancelled, "", false},
		{api.KindNetwork, "error.network_upload", false},
		{api.KindRejected, "", false},
		{api.KindEmpty, "", false},
		// The service has made these: only they can't be had.
		{api.KindEmpty, "error.empty_download", true},
		{api.KindEmpty, "error.empty_plain", true},
		{api.KindEmpty, "error.empty_broken", true},
		{api.KindEmpty, "error.empty_oversize", true},
	} {
		e := &api.Error{Kind: c.kind, Sentence: api.Sentence{Key: c.key}}
		if e.MayHaveCost() != c.want {
			t.Errorf("%s %s: %v", c.kind, c.key, !c.want)
		}
	}
}
