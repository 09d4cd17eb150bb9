package picture

import (
	"bytes"
	"strings"
	"testing"
)

// labelledPacket is a packet with a title and these properties, as elements of a description.
func labelledPacket(properties string) []byte {
	return []byte(strings.Replace(packet, "<dc:title>", properties+"<dc:title>", 1))
}

// A label that a file has of its own isn't its owner's metadata: it stays without the rest
// of them, in every form that it may have, unless it is to go too.
func TestOwnLabelStaysWithoutMetadata(t *testing.T) {
	const source, field = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia", `{"Label":"1"}`
	escaped := strings.ReplaceAll(field, `"`, "&#34;")
	for name, properties := range map[string]string{
		"elements":  "<Iptc4xmpExt:DigitalSourceType>" + source + "</Iptc4xmpExt:DigitalSourceType><TC260:AIGC>" + escaped + "</TC260:AIGC>",
		"reference": `<Iptc4xmpExt:DigitalSourceType rdf:resource="` + source + `"/><TC260:AIGC>` + escaped + "</TC260:AIGC>",
		"attributes": `</rdf:Description><rdf:Description rdf:about="" Iptc4xmpExt:DigitalSourceType="` + source + `" TC260:AIGC="` + escaped + `"/>` +
			`<rdf:Description rdf:about="">`,
	} {
		meta := rich()
		meta.XMP = labelledPacket(properties)
		img := slant(16, 8)
		plain := written(t, img, Encoding{Format: JPEG, Meta: meta})
		over := &Source{Bytes: plain, Picture: opened(t, plain)}
		for kind, e := range map[string]Encoding{
			"PNG": {Format: PNG, Meta: meta}, "JPEG": {Format: JPEG, Meta: meta}, "TIFF": {Format: TIFF, Meta: meta},
			"WebP": {Format: WebP, Lossless: true, Meta: meta}, "kept JPEG": {Format: JPEG, Source: over},
		} {
			e.Strip = true
			got := opened(t, written(t, img, e)).Meta
			if !bytes.Contains(got.XMP, []byte(source)) || !bytes.Contains(got.XMP, []byte(escaped)) || bytes.Contains(got.XMP, []byte("tulips")) {
				t.Errorf("%s, %s: %q", name, kind, got.XMP)
			}
			if again := onlyLabel(got.XMP); !bytes.Equal(again, got.XMP) {
				t.Errorf("%s, %s: read again it is %q", name, kind, again)
			}
			e.Unlabelled = true
			if got := opened(t, written(t, img, e)).Meta; got.XMP != nil {
				t.Errorf("%s, %s: unlabelled, %q", name, kind, got.XMP)
			}
		}
	}
	camera := labelledPacket("<Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture</Iptc4xmpExt:DigitalSourceType>")
	if got := onlyLabel(camera); got != nil {
		t.Errorf("a camera's is kept: %q", got)
	}
}
