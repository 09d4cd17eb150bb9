package builtin

import (
	"slices"
	"strings"
	"unicode"
)

// AsksForNew reports whether a prompt, in English or Chinese, asks for
// something that the engine can't give, because it takes all it fills in from
// the picture itself. The rule: a word of adding or replacing means yes; if
// there is none, a word of removing or extending means no; what is left says
// what should be there, and so means yes, unless it is empty.
//
// It is a hint for the user and decides nothing: words can't be weighed
// without understanding them ("paint out the wire" is taken for adding).
func AsksForNew(prompt string) bool {
	words := strings.FieldsFunc(strings.ToLower(prompt), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	if len(words) == 0 {
		return false
	}
	return says(words, adding) || !says(words, removing)
}

// vocabulary is what a meaning is told by: phrases of whole words for
// languages with spaces, and parts of words for Chinese, which has none.
type vocabulary struct{ phrases, parts []string }

var adding = vocabulary{
	[]string{
		"add", "adding", "insert", "put", "place a", "place an", "draw", "paint", "replace", "swap", "change", "turn", "instead", "generate",
		"fill with", "fill it with",
	},
	[]string{
		"添加", "加上", "加入", "加个", "加一", "增加一", "放一", "放上", "放入", "放个", "换成", "换上", "换为", "替换", "改成", "改为",
		"变成", "变为", "画一", "画上", "画个", "插入", "生成",
		"換成", "換上", "替換", "改為", "變成", "畫一", "畫上",
	},
}

var removing = vocabulary{
	[]string{
		"remove", "removing", "removed", "removal", "delete", "erase", "eliminate", "rid of", "take away", "take out", "clean up",
		"clean away", "hide", "heal", "repair", "retouch", "disappear", "vanish", "without", "no", "nothing", "empty",
		"background", "fill in", "fill the", "extend", "expand", "outpaint", "uncrop", "continue", "widen", "enlarge",
	},
	[]string{
		"去掉", "去除", "除去", "删除", "删掉", "移除", "移走", "移掉", "拿掉", "擦除", "擦掉", "抹去", "抹掉", "消除", "清除", "清理",
		"去水印", "去人", "不要", "没有", "背景", "填充", "填补", "补全", "补齐", "修复", "修补",
		"扩展", "扩图", "扩充", "扩大", "延伸", "延展", "延长", "延续",
		"刪除", "刪掉", "沒有", "擴展", "擴圖", "延長", "修復",
	},
}

// says reports whether one of the phrases or parts occurs in words.
func says(words []string, v vocabulary) bool {
	line := " " + strings.Join(words, " ") + " "
	return slices.ContainsFunc(v.phrases, func(p string) bool { return strings.Contains(line, " "+p+" ") }) ||
		slices.ContainsFunc(v.parts, func(p string) bool { return strings.Contains(line, p) })
}
