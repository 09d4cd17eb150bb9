package main

import (
	"bytes"
	"debug/elf"
	"debug/macho"
	"debug/pe"
	"fmt"
)

// identify tells for which system and processor a program is, as Go calls them.
func identify(program []byte) (system, arch string, err error) {
	r := bytes.NewReader(program)
	if f, err := elf.NewFile(r); err == nil {
		return known("linux", map[elf.Machine]string{elf.EM_X86_64: "amd64", elf.EM_AARCH64: "arm64"}, f.Machine)
	}
	if f, err := pe.NewFile(r); err == nil {
		return known("windows", map[uint16]string{pe.IMAGE_FILE_MACHINE_AMD64: "amd64", pe.IMAGE_FILE_MACHINE_ARM64: "arm64"}, f.Machine)
	}
	if f, err := macho.NewFile(r); err == nil {
		return known("darwin", map[macho.Cpu]string{macho.CpuAmd64: "amd64", macho.CpuArm64: "arm64"}, f.Cpu)
	}
	return "", "", fmt.Errorf("it is no program for Linux, Windows or macOS")
}

// known returns the processor's name, or an error where no packages are made for it.
func known[M comparable](system string, names map[M]string, machine M) (string, string, error) {
	if names[machine] == "" {
		return "", "", fmt.Errorf("it is for %v, for which no packages are made", machine)
	}
	return system, names[machine], nil
}
