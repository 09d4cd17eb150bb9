package builtin_test

import (
	"testing"

	"overpaint.dev/overpaint/api/builtin"
)

func TestAsksForNew(t *testing.T) {
	for prompt, want := range map[string]bool{
		"":                       false,
		"  …\n":                  false,
		"Remove the lamp post":   false,
		"please DELETE this":     false,
		"erase, then extend":     false,
		"get rid of the man":     false,
		"the street without him": false,
		"no people":              false,
		"just the background":    false,
		"Extend the sky":         false,
		"fill in the scratch":    false,
		"去掉电线杆":                  false,
		"把右边的人删除":                false,
		"移除画面里的路人":               false,
		"擦掉水印。":                  false,
		"向右扩展画面":                 false,
		"不要这辆车":                  false,
		"刪掉這個人":                  false,

		"a red balloon":                          true,
		"a dog on the grass":                     true,
		"add a boat":                             true,
		"replace the car with a bicycle":         true,
		"remove the car and add a tree":          true,
		"no car, put a bench there instead":      true,
		"a snowy mountain, notable for its snow": true,
		"change the background to a beach":       true,
		"fill with flowers":                      true,
		"一只红色的气球":                                true,
		"添加一艘船":                                  true,
		"把汽车换成自行车":                               true,
		"去掉汽车，加一棵树":                              true,
		"把背景改成海滩":                                true,
		"un perro":                               true,
	} {
		if got := builtin.AsksForNew(prompt); got != want {
			t.Errorf("%q: %v", prompt, got)
		}
	}
}
