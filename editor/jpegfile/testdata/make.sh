#!/bin/sh
# Makes the small files of this folder with ImageMagick and libjpeg-turbo's
# cjpeg, djpeg and jpegtran. Beside each file of one component there is a .pgm of
# what djpeg reads from it; the others are compared with it in editor/picture.
set -e
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
convert ../../../assets/photos/tulips.png -strip -resize 47x35! -depth 8 "$tmp"/rgb.ppm
convert "$tmp"/rgb.ppm -colorspace gray -depth 8 "$tmp"/grey.pgm
convert -size 48x40 xc:gray -seed 7 +noise Random -colorspace gray -depth 8 "$tmp"/noise.pgm

# sampling factors, whole and fractional
for s in 1x1 2x1 1x2 2x2 4x1 1x4 4x2 3x1 1x3; do
	cjpeg -quality 85 -sample "$s" -outfile "sample-$s.jpg" "$tmp"/rgb.ppm
done
cjpeg -quality 85 -sample 2x2,2x1,1x2 -outfile sample-mixed.jpg "$tmp"/rgb.ppm
cjpeg -quality 85 -sample 1x1,2x2,2x2 -outfile sample-inverse.jpg "$tmp"/rgb.ppm
cjpeg -quality 85 -sample 1x2,1x2,1x2 -outfile sample-equal.jpg "$tmp"/rgb.ppm
cjpeg -quality 85 -rgb -outfile rgb.jpg "$tmp"/rgb.ppm
convert "$tmp"/rgb.ppm -colorspace CMYK -quality 85 -sampling-factor 1x1 cmyk.jpg

# scans
cjpeg -quality 85 -progressive -outfile progressive.jpg "$tmp"/rgb.ppm
cjpeg -quality 95 -progressive -sample 1x1 -restart 7B -outfile progressive-restart.jpg "$tmp"/rgb.ppm
printf '0;\n1;\n2;\n' > "$tmp"/scans
cjpeg -quality 85 -scans "$tmp"/scans -outfile separate.jpg "$tmp"/rgb.ppm
cjpeg -quality 85 -scans "$tmp"/scans -sample 4x4 -outfile sample-4x4.jpg "$tmp"/rgb.ppm
cat > "$tmp"/scans <<END
0 1 2: 0-0, 0, 3;
0: 1-63, 0, 2;
1: 1-63, 0, 3;
2: 1-20, 0, 0;
2: 21-63, 0, 1;
0 1 2: 0-0, 3, 2;
0: 1-63, 2, 1;
1: 1-63, 3, 2;
0 1 2: 0-0, 2, 1;
0: 1-63, 1, 0;
1: 1-63, 2, 1;
2: 21-63, 1, 0;
0 1 2: 0-0, 1, 0;
1: 1-63, 1, 0;
END
cjpeg -quality 95 -scans "$tmp"/scans -outfile refined.jpg "$tmp"/rgb.ppm
cjpeg -quality 85 -restart 2B -outfile restart.jpg "$tmp"/rgb.ppm
cjpeg -quality 85 -sample 2x1 -restart 1B -outfile restarts.jpg "$tmp"/rgb.ppm
cjpeg -quality 85 -optimize -outfile optimised.jpg "$tmp"/rgb.ppm
jpegtran -arithmetic -outfile arithmetic.jpg sample-2x2.jpg
jpegtran -arithmetic -restart 3B -outfile arithmetic-restart.jpg sample-2x1.jpg
jpegtran -arithmetic -progressive -outfile arithmetic-progressive.jpg refined.jpg
cjpeg -quality 3 -qslots 0,1 -outfile wide.jpg "$tmp"/rgb.ppm # a table of 16 bits: an extended file

# one component
for q in 5 50 100; do
	cjpeg -quality $q -outfile noise-$q.jpg "$tmp"/noise.pgm
	djpeg -outfile noise-$q.pgm noise-$q.jpg
done
cjpeg -quality 85 -sample 2x2 -outfile grey.jpg "$tmp"/grey.pgm
djpeg -outfile grey.pgm grey.jpg
cjpeg -quality 85 -progressive -outfile grey-progressive.jpg "$tmp"/grey.pgm
djpeg -outfile grey-progressive.pgm grey-progressive.jpg
cjpeg -quality 90 -arithmetic -outfile grey-arithmetic.jpg "$tmp"/grey.pgm
djpeg -outfile grey-arithmetic.pgm grey-arithmetic.jpg
