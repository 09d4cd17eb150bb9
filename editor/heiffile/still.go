package heiffile

import "bytes"

// Still returns a film's file without its moving pictures and sounds, so that decoders take
// the still picture; data itself where there are none. Brands of AVIF's films become those of
// its pictures.
func Still(data []byte) []byte {
	at, film, _ := find(data, "moov")
	if film.kind == "" {
		return data
	}
	data = bytes.Clone(data)
	copy(data[at+4:], "free")
	const films, picture, size, version = "avis", "avif", 4, 4 // the version stands behind the first brand
	_, brands, _ := find(data, "ftyp")
	for i := 0; i+size <= len(brands.payload); i += size {
		if one := brands.payload[i : i+size]; i != version && string(one) == films {
			copy(one, picture)
		}
	}
	return data
}
