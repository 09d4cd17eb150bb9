package settings_test

import (
	"reflect"
	"testing"

	"overpaint.dev/overpaint/api/settings"
)

// TestMergeKeepsWhatWasLearnt has a dialog open while edits go on.
func TestMergeKeepsWhatWasLearnt(t *testing.T) {
	before := settings.Default()
	now := before.Clone()
	for i := range now.Connections {
		now.Connections[i].Quirks = settings.Quirks{OneAtATime: true, Path: "/v1/images/edits/"}
		now.Connections[i].SetModels([]string{"one", "two"})
	}
	now.RememberPrompt("a prompt that was used meanwhile")
	now.WindowWidth = 1500

	after := before.Clone()
	after.Theme, after.MonthlyCap = "light", 5_000_000
	dddai, _ := after.Find(settings.Dddai)
	dddai.Name, dddai.TimeoutSeconds = "Mine", 60
	openai, _ := after.Find(settings.OpenAI)
	openai.SetBaseURL("https://elsewhere.example/v1")
	added := after.Put(settings.Custom("Another", "http://localhost:1/v1"))

	kept := []*settings.Settings{before.Clone(), after.Clone(), now.Clone()}
	got := settings.Merge(before, after, now)
	for i, s := range []*settings.Settings{before, after, now} {
		if !reflect.DeepEqual(s, kept[i]) {
			t.Errorf("argument %d was changed", i)
		}
	}
	if got.Theme != "light" || got.MonthlyCap != 5_000_000 {
		t.Error("what the dialog changed is lost")
	}
	if len(got.Prompts) != 1 || got.WindowWidth != 1500 {
		t.Error("what happened meanwhile is lost")
	}
	if len(got.Connections) != 3 || got.Connections[2].ID != added {
		t.Fatalf("connections %+v", got.Connections)
	}
	c, _ := got.Find(settings.Dddai)
	if c.Name != "Mine" || c.TimeoutSeconds != 60 || !c.Quirks.OneAtATime || len(c.Models) != 2 {
		t.Errorf("the changed connection is %+v", *c)
	}
	if c, _ = got.Find(settings.OpenAI); c.Quirks != (settings.Quirks{}) || c.Models != nil {
		t.Errorf("what was learnt of the old address is kept: %+v", *c)
	}
	c.SetModels([]string{"three"})
	if reflect.DeepEqual(c.Models, after.Connections[1].Models) {
		t.Error("the result shares models with an argument")
	}
}

// TestMergeTakesWhatTheDialogLearnt has a probe in the dialog learn more than the edits
// did, and a connection removed.
func TestMergeTakesWhatTheDialogLearnt(t *testing.T) {
	before := settings.Default()
	now, after := before.Clone(), before.Clone()
	now.Connections[0].Quirks.OneAtATime = true
	after.Connections[0].Quirks.Mask = settings.MaskInverted
	after.Remove(settings.OpenAI)
	late := now.Put(settings.Custom("Late", "http://localhost:2/v1"))
	got := settings.Merge(before, after, now)
	if q := got.Connections[0].Quirks; q.Mask != settings.MaskInverted || !q.OneAtATime {
		t.Errorf("a finding is lost: %+v", q)
	}
	if _, ok := got.Find(settings.OpenAI); ok {
		t.Error("the removed connection is back")
	}
	if _, ok := got.Find(late); !ok {
		t.Error("a connection that was added meanwhile is lost")
	}
}

// TestMergeKeepsWhatWasLearntOfAModel: one program chooses another model while another
// one learns something about the first.
func TestMergeKeepsWhatWasLearntOfAModel(t *testing.T) {
	before := settings.Default()
	c := &before.Connections[0]
	c.SetModel("first")
	learnt := settings.Quirks{Path: "/v1/images/edits", Dropped: "n", OneAtATime: true}
	for _, swapped := range []bool{false, true} {
		chose, learns := before.Clone(), before.Clone()
		chose.Connections[0].SetModel("second")
		learns.Connections[0].Learn("first", learnt)
		if swapped {
			chose, learns = learns, chose
		}
		got := settings.Merge(before, chose, learns).Connections[0]
		if got.Model != "second" || got.Quirks.Dropped != "" || got.Others["first"] != learnt {
			t.Errorf("swapped %t: %s, %+v, of others %+v", swapped, got.Model, got.Quirks, got.Others)
		}
	}
	first, second := before.Clone(), before.Clone()
	first.Connections[0].Learn("x", learnt)
	second.Connections[0].Learn("y", learnt)
	if got := settings.Merge(before, first, second).Connections[0].Others; len(got) != 2 {
		t.Errorf("of two models that were learnt of at once: %+v", got)
	}
}
