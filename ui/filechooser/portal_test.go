//go:build !windows

package filechooser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"

	"overpaint.dev/overpaint/ui/desktop/bustest"
)

func TestAsk(t *testing.T) {
	conn := bustest.Start(t)
	if !Available() {
		t.Fatal("the bus isn't seen")
	}
	if _, err := Ask(0, Request{}); err == nil {
		t.Error("a dialog where nobody has one")
	}
	p := bustest.NewPortal(t, conn, 0, "file:///a.png", "file:///%E6%B9%96.png")

	filters := []Filter{{"Pictures", []string{".png"}}, {Name: "All files"}}
	for _, c := range []struct {
		request              Request
		method, option, want string
	}{
		{Request{Kind: Open, Several: true}, "OpenFile", "multiple", "true"},
		{Request{Kind: Folder, Several: true}, "OpenFile", "directory", "true"},
		{Request{Kind: Save, Name: "湖.png"}, "SaveFile", "current_name", "湖.png"},
		{Request{Filters: filters}, "OpenFile", "filters", "[[Pictures [[0 *.[pP][nN][gG]]]] [All files [[0 *]]]]"},
	} {
		c.request.Title, c.request.Folder = "Title", "/photos"
		got, err := Ask(0x2a, c.request)
		if err != nil || strings.Join(got, "|") != "/a.png|/湖.png" {
			t.Errorf("%+v: %q, %v", c.request, got, err)
		}
		a := <-p.Asked
		if a.Method != c.method || a.Parent != "x11:2a" || a.Title != "Title" || string(a.Options["current_folder"].Value().([]byte)) != "/photos\x00" {
			t.Errorf("%+v: the portal was asked %+v", c.request, a)
		}
		if got := fmt.Sprint(a.Options[c.option].Value()); got != c.want {
			t.Errorf("%s: %s, want %s", c.option, got, c.want)
		}
	}
	p.AnswerWith(1)
	if got, err := Ask(0, Request{}); len(got) > 0 || err != nil {
		t.Errorf("cancelled: %q, %v", got, err)
	}
	if a := <-p.Asked; a.Parent != "" {
		t.Errorf("over the window %q", a.Parent)
	}
}

func TestPortalAnswer(t *testing.T) {
	answer := func(status uint32, uris ...string) []any {
		return []any{status, map[string]dbus.Variant{"uris": dbus.MakeVariant(uris)}}
	}
	for _, c := range []struct {
		body []any
		want string
		err  bool
	}{
		{answer(0, "file:///a.png", "sftp://host/x.png", "file:///b.png"), "/a.png|/b.png", false},
		{answer(0, "file:///a/b%20c+d%25.png"), "/a/b c+d%.png", false},
		{answer(0, "file:///%E7%85%A7%E7%89%87.jpg"), "/照片.jpg", false},
		{answer(1), "", false},
		{answer(2), "", true},
		{answer(0), "", true},
		{answer(0, "sftp://host/x.png"), "", true},
		{nil, "", true},
		{[]any{"0", 1}, "", true},
		{[]any{uint32(0), map[string]dbus.Variant{}}, "", true},
	} {
		got, err := portalAnswer(c.body)
		if strings.Join(got, "|") != c.want || (err != nil) != c.err {
			t.Errorf("%v: %q, %v", c.body, got, err)
		}
	}
	if got := anyCase(".j2k"); got != ".[jJ]2[kK]" {
		t.Errorf("glob %q", got)
	}
}
