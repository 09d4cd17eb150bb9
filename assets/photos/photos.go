// Package photos holds the sample picture that the program ships, beside the
// photos that tests and benchmarks read from this folder.
package photos

import _ "embed" // for Sample

// Sample is the sample picture, a 500x500 PNG file.
//
//go:embed lakeshore.png
var Sample []byte

// SampleName is the file name that the sample goes by.
const SampleName = "lakeshore.png"
