package picture

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"regexp"
	"strings"
)

// XMP packets (ISO 16684-1) are changed as text: what is taken out and put in are
// whole properties of rdf:Description, and all else stays as it was, byte for byte.

// maxXMP bounds the packets that are looked through.
const maxXMP = 16 << 20

// property matches a property in its forms: an element with content, an empty one,
// an attribute.
func property(name string) []*regexp.Regexp {
	return []*regexp.Regexp{
		regexp.MustCompile(`(?s)<` + name + `(?:\s[^>]*[^>/])?>.*?</` + name + `\s*>`),
		regexp.MustCompile(`<` + name + `(?:\s[^>]*)?/>`),
		regexp.MustCompile(`\s` + name + `\s*=\s*(?:"[^"]*"|'[^']*')`),
	}
}

func properties(names ...string) (all []*regexp.Regexp) {
	for _, n := range names {
		all = append(all, property(n)...)
	}
	return all
}

var (
	// xmpPictures are properties that hold pictures, or describe pictures behind
	// the file's end (a gain map, depth), which don't go with the edited picture.
	xmpPictures = properties(`xmp:Thumbnails`, `xap:Thumbnails`, `xmpGImg:image`, `xapGImg:image`, `GImage:\w+`, `GDepth:\w+`,
		`GCamera:\w+`, `Container:Directory`, `hdrgm:\w+`, `HDRGainMap:\w+`, `xmpNote:HasExtendedXMP`, `photoshop:DocumentAncestors`)
	xmpOrientation = properties(`tiff:Orientation`)
	xmpSource      = properties(sourceType, aigcField)
	xmpRDFEnd      = regexp.MustCompile(`</rdf:RDF\s*>`)
	xmpModel       = regexp.MustCompile(`(?i)algorithmic|synthetic`) // of IPTC's digital source types, those of models
	xmpLeft        = regexp.MustCompile(`xmpGImg:image|GImage:|GDepth:|hdrgm:Version|/9j/[A-Za-z0-9+/]{16}`)
)

func without(packet []byte, all []*regexp.Regexp) []byte {
	for _, r := range all {
		packet = r.ReplaceAll(packet, nil)
	}
	return packet
}

// cleanXMP returns a copy of a packet fit to be saved with an edited picture: without
// pictures, and, where the pixels were turned, without an orientation. It is nil for
// one that still seems to hold a picture.
func cleanXMP(packet []byte, turned bool) []byte {
	packet = bytes.TrimRight(packet, "\x00")
	if len(packet) == 0 || len(packet) > maxXMP {
		return nil
	}
	clean := without(bytes.Clone(packet), xmpPictures)
	if turned {
		clean = without(clean, xmpOrientation)
	}
	if xmpLeft.Match(clean) {
		return nil
	}
	return clean
}

// Label says, for machines, that a part of a picture was made by a model.
type Label struct {
	// Producer names what made the file, for the AIGC field that China's GB
	// 45438-2025 asks for; without one there is no such field.
	Producer string
}

// NewLabel is the label of what a model made, as the law of a language's country asks for
// it; language is "en" or "zh".
func NewLabel(language string) *Label {
	if language == "zh" {
		return &Label{Producer: "Overpaint"}
	}
	return &Label{}
}

// Terms of the label: IPTC's vocabulary of digital source types, and the namespace
// of TC260's guide for the standard's metadata in pictures.
const (
	sourceType         = `Iptc4xmpExt:DigitalSourceType`
	aigcField          = `TC260:AIGC`
	compositeWithModel = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
	iptcExtension      = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
	tc260              = "http://www.tc260.org.cn/ns/AIGC/1.0/"
	rdfNamespace       = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
)

// aigc is the value of the standard's field (GB 45438-2025, appendix E); Label "1"
// says that it was made by a model.
type aigc struct {
	Label             string
	ContentProducer   string
	ProduceID         string
	ReservedCode1     string
	ContentPropagator string
	PropagateID       string
	ReservedCode2     string
}

// onlyLabel returns a packet of nothing but the label of the given one, nil where that
// doesn't say that a model was at work.
func onlyLabel(packet []byte) []byte {
	if len(packet) > maxXMP {
		return nil
	}
	source, field := textOf(packet, sourceType), textOf(packet, aigcField)
	if !xmpModel.MatchString(source) {
		source = "" // a camera's, a drawing's
	}
	if source == "" && field == "" {
		return nil
	}
	return packetOf(labelDescription(source, field))
}

// textOf returns the value of a property as it stands in a packet: of an element the text
// or the rdf:resource, or an attribute. It is "" where there is none, or one with elements in it.
func textOf(packet []byte, name string) string {
	value := regexp.MustCompile(`(?s)<` + name + `(?:\s[^>]*[^>/])?>([^<]*)</` + name + `\s*>|` +
		`<` + name + `\s[^>]*?rdf:resource\s*=\s*(?:"([^"<]*)"|'([^'<]*)')|` +
		`\s` + name + `\s*=\s*(?:"([^"<]*)"|'([^'<]*)')`)
	found := value.FindSubmatch(packet)
	if found == nil {
		return ""
	}
	return strings.TrimSpace(string(bytes.Join(found[1:], nil)))
}

// labelDescription returns the label's properties, whose values are XML; "" for none.
func labelDescription(source, field string) string {
	var b strings.Builder
	b.WriteString(`<rdf:Description xmlns:rdf="` + rdfNamespace + `" rdf:about="" xmlns:Iptc4xmpExt="` + iptcExtension + `"`)
	if field != "" {
		b.WriteString(` xmlns:TC260="` + tc260 + `"`)
	}
	b.WriteString(`>`)
	if source != "" {
		b.WriteString(`<` + sourceType + `>` + source + `</` + sourceType + `>`)
	}
	if field != "" {
		b.WriteString(`<` + aigcField + `>` + field + `</` + aigcField + `>`)
	}
	b.WriteString(`</rdf:Description>`)
	return b.String()
}

// packetOf returns a packet of a description.
func packetOf(description string) []byte {
	return []byte("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"" +
		rdfNamespace + "\">" + description + "</rdf:RDF></x:xmpmeta><?xpacket end=\"w\"?>")
}

// labelledXMP returns a packet with the label, the given one's other properties
// kept. Without a packet, or with one that can't be read, it makes one.
func labelledXMP(packet []byte, l *Label, id string) []byte {
	var field strings.Builder
	if l.Producer != "" {
		value, _ := json.Marshal(aigc{Label: "1", ContentProducer: l.Producer, ProduceID: id}) // strings can be marshalled
		_ = xml.EscapeText(&field, value)                                                      // a Builder takes everything
	}
	own := labelDescription(compositeWithModel, field.String())
	clean := without(bytes.Clone(packet), xmpSource)
	if at := xmpRDFEnd.FindAllIndex(clean, -1); len(at) > 0 {
		end := at[len(at)-1][0]
		return append(append(bytes.Clone(clean[:end]), own...), clean[end:]...)
	}
	return packetOf(own)
}
