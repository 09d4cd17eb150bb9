#!/bin/sh
# Makes the small files of this folder with ImageMagick and libwebp's cwebp and
# dwebp. Beside each .webp there is a .png of what dwebp reads from it.
set -e
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
source=../../picture/testdata
convert "$source"/rgb.png -crop 17x13+12+9 +repage "$tmp"/colour.png
convert "$source"/rgba.png -crop 17x13+2+9 +repage "$tmp"/alpha.png

# sizes with and without a whole sample of chroma, or a neighbour, at the edges
for size in 1x1 1x4 5x1 2x2 16x16 33x3; do
	convert "$source"/rgb.png -crop "$size+12+9" +repage "$tmp"/part.png
	cwebp -quiet -q 80 "$tmp"/part.png -o "lossy-$size.webp"
done
# both loop filters, and segments
cwebp -quiet -q 20 -f 60 -nostrong "$tmp"/colour.png -o lossy-simple.webp
cwebp -quiet -q 20 -f 60 -strong -sharpness 3 -segments 4 "$tmp"/colour.png -o lossy-strong.webp
# alpha: raw, packed, and predicted in each way
cwebp -quiet -q 70 -alpha_method 0 -alpha_filter none -exact "$tmp"/alpha.png -o alpha-raw.webp
cwebp -quiet -q 70 -alpha_filter none "$tmp"/alpha.png -o alpha-packed.webp
cwebp -quiet -q 70 -alpha_filter best "$tmp"/alpha.png -o alpha-best.webp
cwebp -quiet -q 70 -alpha_q 30 -alpha_filter fast "$tmp"/alpha.png -o alpha-few.webp
# lossless: predicted, of a palette, and with colours under alpha 0
cwebp -quiet -lossless -z 9 "$tmp"/colour.png -o lossless.webp
convert "$tmp"/colour.png -dither None -colors 5 "$tmp"/palette.png
cwebp -quiet -lossless -z 9 "$tmp"/palette.png -o lossless-palette.webp
cwebp -quiet -lossless -exact "$tmp"/alpha.png -o lossless-alpha.webp

for file in *.webp; do
	dwebp -quiet "$file" -o "$tmp"/seen.png
	convert "$tmp"/seen.png -strip "PNG32:${file%.webp}.png"
done
