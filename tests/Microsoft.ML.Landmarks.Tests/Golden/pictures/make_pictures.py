#!/usr/bin/env python3
"""Makes small HEIC, AVIF, TIFF, JPEG XL and JPEG 2000 files in this folder, NAME.u8 beside each, the levels and the alpha [h, w, 4] of its
picture as it is shown, and pictures.csv with the sides and who wrote and who read it. Needs Debian 12's libheif-examples, libavif-bin,
libjxl-tools, libtiff-tools, libopenjp2-tools, numpy, Pillow and OpenCV."""
import csv
import glob
import os
import struct
import subprocess
import tempfile

import cv2
import numpy as np
from PIL import Image, ImageCms

import heif_file as heif

HERE = os.path.dirname(os.path.abspath(__file__))
TEMP = tempfile.mkdtemp()
rows = []


def run(*command):
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


def at(name):
    return os.path.join(TEMP, name)


def rgba(pixels):
    """[h, w, 4] levels of what OpenCV read."""
    if pixels.dtype == np.uint16:
        pixels = np.round(pixels / 257).astype(np.uint8)
    if pixels.ndim == 2:
        pixels = cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR)
    return cv2.cvtColor(pixels, cv2.COLOR_BGR2RGBA if pixels.shape[2] == 3 else cv2.COLOR_BGRA2RGBA)


def read(path):
    return rgba(cv2.imread(path, cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION))


def expect(name, pixels, writer, reader):
    pixels.tofile(os.path.join(HERE, name + ".u8"))
    rows.append((name, pixels.shape[1], pixels.shape[0], writer, reader))


def decoded(name, writer, reader, *command, suffix=".png"):
    """Expects what another program makes of a file."""
    out = at("decoded" + suffix)
    run(*[{"IN": os.path.join(HERE, name), "OUT": out}.get(part, part) for part in command])
    expect(name, read(out), writer, reader)


def heic(name, source, *options):
    run("heif-enc", source, *options, "-o", os.path.join(HERE, name))
    read_heif(name, "heif-enc 1.15.1")


def read_heif(name, writer):
    decoded(name, writer, "heif-convert 1.15.1", "heif-convert", "IN", "OUT")


def avif(name, *arguments, upsampling="automatic"):
    run("avifenc", "-s", "6", "-j", "1", *arguments, os.path.join(HERE, name))
    # avifdec leaves turns and cuts to others.
    if any(option in arguments for option in ("--irot", "--imir", "--crop", at("turned.jpg"))):
        read_heif(name, "avifenc 0.11.1")
    else:
        decoded(name, "avifenc 0.11.1", "avifdec 0.11.1", "avifdec", "-u", upsampling, "IN", "OUT")


def jxl(name, source, *options, expected=None):
    run("cjxl", source, os.path.join(HERE, name), *options)
    decoded(name, "cjxl 0.7.0", "djxl 0.7.0", "djxl", "IN", "OUT")


def jp2(name, source, *options):
    run("opj_compress", "-i", source, "-o", os.path.join(HERE, name), *options)
    decoded(name, "opj_compress 2.5.0", "opj_decompress 2.5.0", "opj_decompress", "-i", "IN", "-o", "OUT")


def tiff(name, image, writer="Pillow 9.4.0", expected=None, reader="Pillow 9.4.0", **options):
    image.save(os.path.join(HERE, name), **options)
    expect(name, np.asarray(image.convert("RGBA")) if expected is None else expected, writer, reader)


def copied(name, source, expected, *options):
    run("tiffcp", *options, source, os.path.join(HERE, name))
    expect(name, expected, "tiffcp 4.5.0", "as written")


def turned(pixels, orientation):
    if orientation >= 5:
        pixels = pixels.transpose(1, 0, 2)
    return np.ascontiguousarray({1: pixels, 2: pixels[:, ::-1], 3: pixels[::-1, ::-1], 4: pixels[::-1], 5: pixels, 6: pixels[:, ::-1],
                                 7: pixels[::-1, ::-1], 8: pixels[::-1]}[orientation])


def exif(orientation):
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags


for old in glob.glob(os.path.join(HERE, "*.*")):
    if not old.endswith(".py"):
        os.remove(old)

photo = Image.open(os.path.join(HERE, "..", "images", "tiny_97x61.jpg")).convert("RGB").crop((10, 5, 74, 45))   # 64 x 40
photo.save(at("photo.png"))
photo.convert("L").save(at("gray.png"))
photo.crop((0, 0, 47, 31)).save(at("odd.png"))
photo.transpose(Image.Transpose.ROTATE_180).save(at("second.png"))
photo.save(at("turned.jpg"), quality=95, subsampling=0, exif=exif(6))
see_through = photo.copy()
see_through.putalpha(Image.fromarray(np.tile(np.linspace(40, 255, 64).round().astype(np.uint8), (40, 1))))
see_through.save(at("alpha.png"))
deep = cv2.resize(cv2.imread(at("photo.png")).astype(np.uint16), (64, 40)) * 257 + 100 * np.arange(64, dtype=np.uint16)[None, :, None] // 64
cv2.imwrite(at("deep.png"), deep)
cv2.imwrite(at("deep.tif"), deep)
cv2.imwrite(at("deep_gray.tif"), deep[..., 1])

# HEIC.
heic("heic_420.heic", at("photo.png"), "-q", "90")
heic("heic_444.heic", at("photo.png"), "-q", "90", "-p", "chroma=444")
heic("heic_lossless.heic", at("photo.png"), "-L", "-p", "chroma=444", "--matrix_coefficients=0")
heic("heic_odd_sides.heic", at("odd.png"), "-q", "90", "-p", "chroma=444")
heic("heic_10_bits.heic", at("deep.png"), "-q", "95", "-b", "10", "-p", "chroma=444")
heic("heic_12_bits.heic", at("deep.png"), "-q", "95", "-b", "12", "-p", "chroma=444")
heic("heic_gray.heic", at("gray.png"), "-q", "90")
heic("heic_alpha.heic", at("alpha.png"), "-L", "-p", "chroma=444", "--matrix_coefficients=0")
heic("heic_thumbnail.heic", at("photo.png"), "-q", "90", "-p", "chroma=444", "-t", "32")
heic("heic_exif_alone.heic", at("turned.jpg"), "-q", "90", "-p", "chroma=444")
run("heif-enc", at("photo.png"), at("second.png"), "-q", "90", "-p", "chroma=444", "-o", os.path.join(HERE, "heic_two_pictures.heic"))
read_first = at("two.png")
run("heif-convert", os.path.join(HERE, "heic_two_pictures.heic"), read_first)
expect("heic_two_pictures.heic", read(at("two-1.png")), "heif-enc 1.15.1", "heif-convert 1.15.1")

# As telephones write them: tiles of a grid, a turn, EXIF with that turn too, a thumbnail, a gain map, a profile.
tiles = []
for i, (x, y) in enumerate(((0, 0), (64, 0), (0, 64), (64, 64))):
    wide = photo.resize((104, 88), Image.Resampling.BICUBIC)
    tile = Image.new("RGB", (64, 64))
    tile.paste(wide, (-x, -y))
    tile.save(at(f"tile{i}.png"))
    run("heif-enc", at(f"tile{i}.png"), "-q", "80", "-p", "chroma=444", "-o", at(f"tile{i}.heic"))
    tiles.append(heif.coded(at(f"tile{i}.heic")))
run("heif-enc", at("gray.png"), "-q", "50", "-o", at("small.heic"))
small_hvcc, small = heif.coded(at("small.heic"))
photo.resize((104, 88)).save(at("whole.jpg"), exif=exif(6))
tiff_of_exif = exif(6).tobytes()[6:]
hvcc = [heif.box(b"hvcC", t[0]) for t in tiles]


def telephone(name, *turns, orientation_in_exif=6):
    grid = struct.pack(">BBBBHH", 0, 0, 1, 1, 104, 88)
    items = [(b"hvc1", [hvcc[i], heif.ispe(64, 64)], tiles[i][1], True) for i in range(4)]
    items.append((b"grid", [heif.ispe(104, 88), *turns], grid, False))
    block = struct.pack(">I", 6) + b"Exif\0\0" + exif(orientation_in_exif).tobytes()[6:]
    items.append((b"Exif", [], block, True))
    items.append((b"hvc1", [heif.box(b"hvcC", small_hvcc), heif.ispe(64, 40)], small, True))
    items.append((b"hvc1", [heif.box(b"hvcC", small_hvcc), heif.ispe(64, 40), heif.aux(b"urn:com:apple:photo:2020:aux:hdrgainmap")],
                  small, True))
    heif.write(os.path.join(HERE, name), items, [(b"dimg", 5, [1, 2, 3, 4]), (b"cdsc", 6, [5]), (b"thmb", 7, [5]), (b"auxl", 8, [5])],
               primary=5)
    read_heif(name, "heif_file.py and heif-enc 1.15.1")


telephone("heic_telephone.heic", heif.irot(3))
telephone("heic_telephone_upright.heic", orientation_in_exif=1)
telephone("heic_telephone_180.heic", heif.irot(2), orientation_in_exif=3)
telephone("heic_telephone_mirrored.heic", heif.irot(1), heif.imir(0), orientation_in_exif=5)
telephone("heic_telephone_exif_differs.heic", heif.irot(1), orientation_in_exif=6)

# AVIF.
avif("avif_420.avif", "-y", "420", at("photo.png"), upsampling="nearest")
avif("avif_444.avif", "-y", "444", at("photo.png"))
avif("avif_lossless.avif", "--lossless", at("photo.png"))
avif("avif_10_bits.avif", "-y", "444", "-d", "10", at("deep.png"))
avif("avif_12_bits.avif", "-y", "444", "-d", "12", at("deep.png"))
avif("avif_gray.avif", "-y", "400", at("photo.png"))
avif("avif_limited_range.avif", "-y", "444", "-r", "limited", at("photo.png"))
avif("avif_alpha.avif", "--lossless", at("alpha.png"))
avif("avif_exif.avif", "-y", "444", at("turned.jpg"))
avif("avif_crop.avif", "-y", "444", "--crop", "10,4,40,30", at("photo.png"))
avif("avif_grid.avif", "-y", "444", "--grid", "2x1", at("tile0.png"), at("tile1.png"))
for angle in range(4):
    avif(f"avif_turned_{angle}.avif", "-y", "444", "--irot", str(angle), at("photo.png"))
    avif(f"avif_turned_{angle}_mirrored.avif", "-y", "444", "--irot", str(angle), "--imir", "1", at("photo.png"))
avif("avif_sequence.avif", "-y", "444", at("photo.png"), at("second.png"))

# JPEG XL.
jxl("jxl_lossy.jxl", at("photo.png"), "-d", "1")
jxl("jxl_lossless.jxl", at("photo.png"), "-d", "0")
jxl("jxl_container.jxl", at("photo.png"), "-d", "0", "--container=1")
jxl("jxl_16_bits.jxl", at("deep.png"), "-d", "0")
jxl("jxl_gray.jxl", at("gray.png"), "-d", "0")
jxl("jxl_alpha.jxl", at("alpha.png"), "-d", "0")
jxl("jxl_progressive.jxl", at("photo.png"), "-d", "1", "-p")
jxl("jxl_exif.jxl", at("turned.jpg"), "-d", "1", "--lossless_jpeg=0")
jxl("jxl_of_jpeg.jxl", at("turned.jpg"), "--lossless_jpeg=1")
photo.save(at("frames.gif"), save_all=True, append_images=[Image.open(at("second.png"))], duration=100)
jxl("jxl_animation.jxl", at("frames.gif"), "-d", "0")

# JPEG 2000.
jp2("jp2_lossless.jp2", at("photo.png"))
jp2("jp2_lossy.jp2", at("photo.png"), "-I", "-r", "6")
jp2("jp2_codestream.j2k", at("photo.png"))
jp2("jp2_16_bits.jp2", at("deep.png"))
jp2("jp2_gray.jp2", at("gray.png"))
jp2("jp2_alpha.jp2", at("alpha.png"))
jp2("jp2_tiles.jp2", at("photo.png"), "-t", "32,32")

# TIFF.
plain = np.asarray(photo.convert("RGBA"))
tiff("tiff_plain.tif", photo)
for compression in ("tiff_lzw", "tiff_adobe_deflate", "packbits"):
    tiff(f"tiff_{compression.removeprefix('tiff_')}.tif", photo, compression=compression)
tiff("tiff_jpeg.tif", photo, compression="jpeg", quality=90, expected=None)
rows.pop()
expect("tiff_jpeg.tif", np.asarray(Image.open(os.path.join(HERE, "tiff_jpeg.tif")).convert("RGBA")), "Pillow 9.4.0", "Pillow 9.4.0")
tiff("tiff_gray.tif", photo.convert("L"), compression="tiff_lzw")
tiff("tiff_one_bit_fax.tif", photo.convert("1"), compression="group4")
tiff("tiff_palette.tif", photo.quantize(60), compression="tiff_lzw")
tiff("tiff_cmyk.tif", photo.convert("CMYK"), compression="tiff_lzw")
tiff("tiff_alpha.tif", see_through, compression="tiff_lzw")
for orientation in range(1, 9):
    tiff(f"tiff_orientation_{orientation}.tif", photo, compression="tiff_lzw", tiffinfo={274: orientation},
         expected=turned(plain, orientation))
photo.save(os.path.join(HERE, "tiff_pages.tif"), save_all=True, append_images=[Image.open(at("second.png"))], compression="tiff_lzw")
expect("tiff_pages.tif", plain, "Pillow 9.4.0", "Pillow 9.4.0")
photo.save(at("plain.tif"))
copied("tiff_tiles.tif", at("plain.tif"), plain, "-t", "-w", "32", "-l", "32", "-c", "lzw")
copied("tiff_planes.tif", at("plain.tif"), plain, "-p", "separate", "-c", "lzw")
copied("tiff_big.tif", at("plain.tif"), plain, "-8", "-c", "lzw")
copied("tiff_big_endian.tif", at("plain.tif"), plain, "-B", "-c", "lzw")
copied("tiff_16_bits.tif", at("deep.tif"), rgba(deep), "-c", "lzw:2")
copied("tiff_gray_16_bits.tif", at("deep_gray.tif"), rgba(deep[..., 1]), "-c", "lzw:2")

with open(os.path.join(HERE, "pictures.csv"), "w", newline="", encoding="ascii") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("name", "width", "height", "written_by", "read_by"))
    writer.writerows(rows)
