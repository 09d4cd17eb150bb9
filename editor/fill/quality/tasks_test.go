package main

import "testing"

func TestTheTaskListIsWhole(t *testing.T) {
	tasks, err := parseTasks(taskList)
	if err != nil {
		t.Fatal(err)
	}
	names, quick := map[string]bool{}, 0
	for _, task := range tasks {
		if names[task.name] {
			t.Errorf("two tasks are named %s", task.name)
		}
		names[task.name] = true
		if task.quick {
			quick++
		}
		if task.corners == nil && task.canvas.Dx() <= 100 && task.canvas.Dy() <= 100 {
			t.Errorf("%s extends nothing", task.name)
		}
		for _, p := range task.corners {
			if p.X < 0 || p.Y < 0 || p.X > 100 || p.Y > 100 {
				t.Errorf("%s has a corner outside of the photo: %v", task.name, p)
			}
		}
	}
	if len(tasks) < 60 || quick < 10 || quick > 15 {
		t.Errorf("%d tasks, of which %d are quick", len(tasks), quick)
	}
}

func TestTasksThatCannotBeRead(t *testing.T) {
	for _, list := range []string{
		"a photo.jpg 800 remove 1,2 3,4", "a photo.jpg wide remove 1,2 3,4 5,6", "a photo.jpg 800 remove 1,2 3,4 5",
		"a photo.jpg 800 extend 1 2 3", "a photo.jpg 800 extend 1 2 3 x", "a photo.jpg 800 turn 1 2 3 4",
	} {
		if _, err := parseTasks(list); err == nil {
			t.Errorf("%q was taken", list)
		}
	}
}
