package main

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// apprun is the file system's own way to start the program, which isn't in there
// once more.
const apprun = "#!/bin/sh\nexec \"${APPIMAGE:?is not set: start the AppImage itself}\" \"$@\"\n"

// appimage makes one file that runs when it is made executable. The AppImage's
// runtime, which mounts a file system by FUSE and starts the program in it, isn't
// needed: this program is a single file, so it stands in the runtime's place, and
// FUSE isn't needed either. Behind it is the file system (squashfs) in which
// desktops look for the name, the icon and the licences. After the AppImage
// specification, type 2.
func (r *release) appimage(out string, tree files) error {
	if _, err := exec.LookPath("mksquashfs"); errors.Is(err, exec.ErrNotFound) {
		fmt.Fprintln(os.Stderr, "dist: mksquashfs is missing (on Debian: apt-get install squashfs-tools): NO AppImage WAS MADE")
		return nil
	}
	head, err := marked(r.program)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "overpaint-appimage-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	inside := files{
		"AppRun": {[]byte(apprun), 0o755}, ".DirIcon": tree["share/icons/hicolor/256x256/apps/"+appID+".png"],
		appID + ".png": tree["share/icons/hicolor/256x256/apps/"+appID+".png"], appID + ".desktop": tree["share/applications/"+appID+".desktop"],
	}
	for path, f := range tree {
		if path != "bin/overpaint" {
			inside["usr/"+path] = f
		}
	}
	if err := inside.write(filepath.Join(folder, "AppDir")); err != nil {
		return err
	}
	seconds := strconv.FormatInt(r.date.Unix(), 10)
	err = run(folder, "mksquashfs", "AppDir", "image", "-root-owned", "-noappend", "-no-xattrs", "-no-progress", "-processors", "1",
		"-comp", "gzip", "-mkfs-time", seconds, "-all-time", seconds)
	if err != nil {
		return err
	}
	image, err := os.ReadFile(filepath.Join(folder, "image"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, r.name(".AppImage")), append(head, image...), 0o755)
}

// marked returns a program with the mark of an AppImage of type 2 in its head.
// Those who look for the file system take the end of the program's table of
// sections for its beginning: where the table stands elsewhere it moves to the end.
func marked(program []byte) ([]byte, error) {
	f, err := elf.NewFile(bytes.NewReader(program))
	if err != nil {
		return nil, err
	}
	if f.Class != elf.ELFCLASS64 || f.Data != elf.ELFDATA2LSB {
		return nil, fmt.Errorf("an AppImage can't be made of %v, %v", f.Class, f.Data)
	}
	head := bytes.Clone(program)
	copy(head[8:], "AI\x02")
	// The table's place, the size of an entry and their number, after the ELF-64 format.
	table, entry, count := binary.LittleEndian.Uint64(head[0x28:]), binary.LittleEndian.Uint16(head[0x3a:]), binary.LittleEndian.Uint16(head[0x3c:])
	size := uint64(entry) * uint64(count)
	if table+size != uint64(len(head)) {
		head = append(head, make([]byte, -len(head)&7)...)
		binary.LittleEndian.PutUint64(head[0x28:], uint64(len(head)))
		head = append(head, program[table:table+size]...)
	}
	return head, nil
}
