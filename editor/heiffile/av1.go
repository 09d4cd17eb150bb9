package heiffile

// signalOfAV1 returns what a sequence header, the first of OBUs (AV1 Bitstream & Decoding
// Process Specification, 5.3 and 5.5), says of the codes.
func signalOfAV1(units []byte) (signal, bool) {
	const header, mostUnits = 1, 16
	for range mostUnits {
		if len(units) < 2 {
			break
		}
		kind, extended, sized := units[0]>>3&15, units[0]&4 != 0, units[0]&2 != 0
		units = units[1:]
		if extended {
			units = units[1:]
		}
		size := uint64(len(units))
		if sized {
			size, units = leb128(units)
		}
		if size > uint64(len(units)) {
			break
		}
		if kind == header {
			return readSequenceHeader(units[:size])
		}
		units = units[size:]
	}
	return signal{}, false
}

// leb128 takes a number of seven bits a byte, the least first, from the front (4.10.5).
func leb128(p []byte) (v uint64, rest []byte) {
	for i, b := range p[:min(8, len(p))] {
		v |= uint64(b&0x7f) << (7 * i)
		if b&0x80 == 0 {
			return v, p[i+1:]
		}
	}
	return 0, nil
}

// readSequenceHeader reads sequence_header_obu (5.5.1) as far as its colours.
func readSequenceHeader(data []byte) (signal, bool) {
	b := &bits{data: data}
	profile := b.u(3)
	b.skip(1)
	reduced := b.flag() // reduced_still_picture_header
	if reduced {
		b.skip(5)
	} else {
		b.operatingPoints()
	}
	width, height := int(b.u(4))+1, int(b.u(4))+1 // how many bits they have
	b.skip(width + height)
	if !reduced && b.flag() { // frame_id_numbers_present_flag
		b.skip(4 + 3)
	}
	b.skip(3)
	if !reduced {
		b.tools()
	}
	b.skip(3)
	s := b.colourConfig(profile)
	return s, !b.short
}

// operatingPoints passes over the times and operating points of a sequence header.
func (b *bits) operatingPoints() {
	model, delay := false, 0
	if b.flag() { // timing_info_present_flag
		b.skip(64)
		if b.flag() { // equal_picture_interval
			b.ue()
		}
		if model = b.flag(); model { // decoder_model_info_present_flag
			delay = int(b.u(5)) + 1
			b.skip(32 + 5 + 5)
		}
	}
	display := b.flag() // initial_display_delay_present_flag
	for range b.u(5) + 1 {
		b.skip(12)
		if b.u(5) > 7 { // seq_level_idx
			b.skip(1)
		}
		if model && b.flag() {
			b.skip(2*delay + 1)
		}
		if display && b.flag() {
			b.skip(4)
		}
	}
}

// tools passes over the tools of coding that only sequences of pictures have.
func (b *bits) tools() {
	b.skip(4)
	ordered := b.flag() // enable_order_hint
	if ordered {
		b.skip(2)
	}
	content := b.flag() // seq_choose_screen_content_tools
	if !content {
		content = b.flag() // seq_force_screen_content_tools
	}
	if content {
		if !b.flag() { // seq_choose_integer_mv
			b.skip(1)
		}
	}
	if ordered {
		b.skip(3)
	}
}

// colourConfig reads color_config (5.5.2).
func (b *bits) colourConfig(profile uint32) signal {
	s := signal{primaries: unspecified, transfer: unspecified, matrix: unspecified}
	if deep := b.flag(); deep && profile == 2 {
		b.skip(1)
	}
	grey := profile != 1 && b.flag()
	if b.flag() { // color_description_present_flag
		s.primaries, s.transfer, s.matrix = int(b.u(8)), int(b.u(8)), int(b.u(8))
	}
	if sRGB := s.primaries == 1 && s.transfer == 13 && s.matrix == 0; sRGB && !grey {
		s.full = true
		return s
	}
	s.full = b.flag()
	return s
}
