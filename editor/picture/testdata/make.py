#!/usr/bin/env python3
"""Makes the small pictures of this folder with Pillow, ImageMagick and cjxl.

rgb.png and rgba.png are the truth that all lossless files hold. Beside every
lossy file there is a PNG of what Pillow (libjpeg, libwebp) reads from it.
"""
import subprocess
from PIL import Image, ImageCms

SIZE = (47, 35)  # odd both ways
photo = Image.open("../../../assets/photos/tulips.png").convert("RGB").resize(SIZE, Image.LANCZOS)
photo.info.clear()  # the photo's own profile
photo.save("rgb.png")
alpha = Image.new("L", SIZE)
alpha.putdata([0 if x < 6 else min(255, (x - 6) * 6 + y) for y in range(SIZE[1]) for x in range(SIZE[0])])
clear = photo.copy()
clear.putalpha(alpha)
clear.save("rgba.png")
grey = photo.convert("L")
grey.save("grey.png")
icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
exif = Image.Exif()
exif[0x0112] = 6
exif[0x010E] = "tulips"


def truth(name):
    Image.open(name).convert("RGBA").save(name + ".want.png")


def convert(*args):
    subprocess.run(["convert", *args], check=True)


# JPEG
photo.save("progressive.jpg", quality=90, progressive=True, icc_profile=icc, exif=exif.tobytes())
photo.save("420.jpg", quality=90, subsampling=2)
photo.save("422.jpg", quality=90, subsampling=1)
photo.save("444.jpg", quality=90, subsampling=0)
convert("rgb.png", "-quality", "90", "-sampling-factor", "1x2,1x1,1x1", "440.jpg")
grey.save("grey.jpg", quality=90)
cmyk = photo.convert("CMYK")
cmyk.save("cmyk.jpg", quality=95)
# Without the marker nothing is inverted: store the complement.
Image.eval(cmyk, lambda v: 255 - v).save("plaincmyk.jpg", quality=95)
data = open("plaincmyk.jpg", "rb").read()
at = data.index(b"\xff\xee")
open("plaincmyk.jpg", "wb").write(data[:at] + data[at + 16:])
# YCCK: the inks as YCbCr, and the transform byte says so. Pillow inverts
# what it writes as CMYK, so it is given the complement.
c, m, y, k = cmyk.split()
ycc = Image.merge("RGB", (c, m, y)).convert("YCbCr").split()
Image.merge("CMYK", [Image.eval(p, lambda v: 255 - v) for p in ycc] + [k]).save("ycck.jpg", quality=95)
data = bytearray(open("ycck.jpg", "rb").read())
data[data.index(b"\xff\xee") + 15] = 2
open("ycck.jpg", "wb").write(data)
for name in ("progressive.jpg", "420.jpg", "422.jpg", "440.jpg", "444.jpg", "grey.jpg"):
    truth(name)

# PNG
photo.save("profile.png", icc_profile=icc, exif=exif.tobytes()[6:])
clear.convert("LA").save("greyalpha.png")
clear.convert("LA").convert("RGBA").save("greyalpha.png.want.png")
pal = clear.quantize(31)
pal.save("palette.png")
truth("palette.png")
convert("rgba.png", "-interlace", "PNG", "PNG32:interlaced.png")
convert("rgba.png", "PNG64:deep.png")
convert("grey.png", "-depth", "16", "-define", "png:bit-depth=16", "-define", "png:color-type=0", "deepgrey.png")

# GIF: the second frame is another picture
q = photo.quantize(64)
q.save("animated.gif", save_all=True, append_images=[photo.rotate(180).quantize(64)], duration=100)
q.convert("RGBA").save("animated.gif.want.png")

# WebP
photo.save("lossy.webp", quality=90, icc_profile=icc, exif=exif.tobytes())
clear.save("lossyalpha.webp", quality=90)
clear.save("lossless.webp", lossless=True, exact=True)
clear.save("animated.webp", save_all=True, append_images=[clear.rotate(180)], duration=100, lossless=True, exact=True)
photo.save("animatedlossy.webp", save_all=True, append_images=[photo.rotate(180)], duration=100, quality=90)
for name in ("lossy.webp", "lossyalpha.webp", "animatedlossy.webp"):
    truth(name)

# JPEG XL
subprocess.run(["cjxl", "animated.gif", "animated.jxl", "-d", "3"], check=True)

# TIFF
photo.save("lzw.tiff", compression="tiff_lzw", icc_profile=icc)
clear.save("deflate.tiff", compression="tiff_adobe_deflate")
photo.save("turned.tiff", tiffinfo={0x0112: 6})
convert("rgb.png", "-depth", "16", "-define", "quantum:format=unsigned", "-compress", "none", "deep.tiff")
plane = ("-interlace", "plane")
convert("rgb.png", *plane, "-compress", "none", "planar.tiff")
convert("rgba.png", *plane, "-compress", "zip", "planaralpha.tiff")
convert("rgb.png", *plane, "-compress", "lzw", "-define", "tiff:rows-per-strip=8", "planarstrips.tiff")
convert("rgb.png", *plane, "-endian", "msb", "-depth", "16", "-define", "quantum:format=unsigned", "-compress", "zip", "planardeep.tiff")
photo.convert("RGBX").save("rgbx.tiff", compression="tiff_lzw")
cmyk.save("cmyk.tiff")
convert("cmyk.tiff", "-compress", "lzw", "cmyklzw.tiff")
truth("cmyk.tiff")

# BMP
photo.save("24.bmp")
convert("rgba.png", "BMP:32.bmp")
photo.quantize(64).save("8.bmp")
convert("rgb.png", "-colors", "13", "-type", "palette", "BMP3:4.bmp")
convert("rgb.png", "-colors", "13", "-type", "palette", "-compress", "RLE", "BMP3:rle.bmp")
convert("rgb.png", "-define", "bmp:subtype=RGB565", "BMP:565.bmp")
grey.point(lambda v: 255 * (v > 127)).convert("1").save("1.bmp")
for name in ("8.bmp", "4.bmp", "rle.bmp", "1.bmp", "565.bmp"):
    truth(name)
