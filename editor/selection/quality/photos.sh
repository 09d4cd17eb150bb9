#!/bin/sh
# photos.sh FOLDER: puts the photos and cut-outs that truths.txt names into FOLDER, from
# Debian's packages (their licences are in the packages). What is there stays.
set -eu
folder=$1
here=$(cd "$(dirname "$0")" && pwd)
[ -e "$folder/complete" ] && exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"
apt-get download mate-backgrounds lomiri-wallpapers-16.04 python3-skimage opencv-doc tuxpaint-stamps-default
mkdir -p "$folder"
for package in *.deb; do
	dpkg-deb -x "$package" unpacked
	rm "$package"
done
for name in $(grep -Eo '[A-Za-z0-9_-]+\.(png|jpg)' "$here/truths.txt" | sort -u); do
	find unpacked/usr -type f -name "$name" -exec cp -n {} "$folder" \;
done
touch "$folder/complete"
