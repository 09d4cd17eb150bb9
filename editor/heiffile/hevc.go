package heiffile

import (
	"bytes"
	"encoding/binary"
)

// signal is what a video stream says of its codes, in code points of ISO/IEC 23091-2.
type signal struct {
	primaries, transfer, matrix int
	full                        bool
}

// unspecified are the colours of a stream that doesn't name them.
const unspecified = 2

// signalOfHEVC returns what the sequence parameter set in an hvcC box (ISO/IEC 14496-15,
// 8.3.3.1) says of the codes, and whether one that can be read is there.
func signalOfHEVC(config []byte) (signal, bool) {
	const arrays, sps = 22, 33
	if len(config) <= arrays {
		return signal{}, false
	}
	p := config[arrays+1:]
	for n := config[arrays]; n > 0 && len(p) >= 3; n-- {
		kind, units := p[0]&0x3f, binary.BigEndian.Uint16(p[1:])
		p = p[3:]
		for ; units > 0 && len(p) >= 2; units-- {
			size := int(binary.BigEndian.Uint16(p))
			if p = p[2:]; size > len(p) {
				return signal{}, false
			}
			unit := p[:size]
			p = p[size:]
			// The number of the layer is in the unit's first two bytes: 0 is the base.
			if kind != sps || size < 2 || unit[0]&1 != 0 || unit[1]>>3 != 0 {
				continue
			}
			if s, ok := readSPS(unit[2:]); ok {
				return s, true
			}
		}
	}
	return signal{}, false
}

// readSPS reads a sequence parameter set (ITU-T H.265, 7.3.2.2) as far as the range and the
// matrix in its VUI, which are limited and unspecified where it doesn't say (E.3.1).
func readSPS(payload []byte) (signal, bool) {
	b := &bits{data: bytes.ReplaceAll(payload, []byte{0, 0, 3}, []byte{0, 0})} // 7.3.1.1: emulation prevention
	b.skip(4)
	layers := int(b.u(3))
	b.skip(1)
	b.profileTierLevel(layers)
	b.ue()
	if b.ue() == 3 { // chroma_format_idc
		b.skip(1)
	}
	b.ues(2)
	if b.flag() { // conformance_window_flag
		b.ues(4)
	}
	b.ues(2)
	order := int(b.ue()) + 4 // bits of a picture's number
	if order > 16 {
		return signal{}, false
	}
	if all := b.flag(); all {
		b.ues(3 * layers)
	}
	b.ues(3 + 6)
	if b.flag() { // scaling_list_enabled_flag
		if b.flag() { // sps_scaling_list_data_present_flag
			b.scalingLists()
		}
	}
	b.skip(2)
	if b.flag() { // pcm_enabled_flag
		b.skip(8)
		b.ues(2)
		b.skip(1)
	}
	if !b.referenceSets() {
		return signal{}, false
	}
	if b.flag() { // long_term_ref_pics_present_flag
		n := b.ue()
		if n > 32 {
			return signal{}, false
		}
		b.skip(int(n) * (order + 1))
	}
	b.skip(2)
	s := b.vui()
	return s, !b.short
}

// profileTierLevel passes over profile_tier_level (7.3.3), behind which so many layers less
// than all follow.
func (b *bits) profileTierLevel(layers int) {
	const profile, level = 88, 8
	b.skip(profile + level)
	skipped := 0
	for range layers {
		if b.flag() {
			skipped += profile
		}
		if b.flag() {
			skipped += level
		}
	}
	if layers > 0 {
		b.skip(2 * (8 - layers))
	}
	b.skip(skipped)
}

// scalingLists passes over scaling_list_data (7.3.4).
func (b *bits) scalingLists() {
	for size := range 4 {
		lists := 6
		if size == 3 {
			lists = 2
		}
		for range lists {
			switch {
			case !b.flag(): // is predicted
				b.ues(1)
			case size > 1:
				b.ues(1 + 64)
			default:
				b.ues(min(64, 16<<(2*size)))
			}
		}
	}
}

// referenceSets passes over the sets of reference pictures (7.3.7); it returns false where
// there are more than can be.
func (b *bits) referenceSets() bool {
	const mostSets, mostPictures = 64, 16
	sets := b.ue()
	if sets > mostSets {
		return false
	}
	pictures := 0 // of the set before
	for i := range sets {
		if i > 0 && b.flag() { // is predicted from the set before
			b.skip(1)
			b.ues(1)
			kept := 0
			for range pictures + 1 {
				used := b.flag() // used_by_curr_pic_flag
				if !used {
					used = b.flag() // use_delta_flag
				}
				if used {
					kept++
				}
			}
			pictures = kept
		} else {
			before, behind := b.ue(), b.ue()
			if before > mostPictures || behind > mostPictures {
				return false
			}
			pictures = int(before + behind)
			for range pictures {
				b.ues(1)
				b.skip(1)
			}
		}
		if pictures > mostPictures || b.short {
			return false
		}
	}
	return true
}

// vui reads the flag that says whether there are VUI parameters (E.2.1), and them as far as
// the colours.
func (b *bits) vui() signal {
	const extended = 255
	s := signal{primaries: unspecified, transfer: unspecified, matrix: unspecified}
	if !b.flag() {
		return s
	}
	if b.flag() && b.u(8) == extended { // aspect_ratio_idc
		b.skip(32)
	}
	if b.flag() { // overscan_info_present_flag
		b.skip(1)
	}
	if !b.flag() { // video_signal_type_present_flag
		return s
	}
	b.skip(3)
	s.full = b.flag()
	if b.flag() { // colour_description_present_flag
		s.primaries, s.transfer, s.matrix = int(b.u(8)), int(b.u(8)), int(b.u(8))
	}
	return s
}
