#!/usr/bin/env python3
"""Makes small pictures of other color spaces than sRGB in this folder, and NAME.u8 beside each, the levels [40, 64, 3] that LittleCMS (of
Pillow) makes of them in sRGB; of those whose space is sRGB, however it is written, their own. Needs Debian 12's libheif-examples,
libavif-bin, libjxl-tools, numpy and Pillow."""
import glob
import os
import struct
import subprocess
import tempfile

import numpy as np
from PIL import Image, ImageCms

HERE = os.path.dirname(os.path.abspath(__file__))
TEMP = tempfile.mkdtemp()

# What a screen makes of the curve of sRGB, as function 3 of ICC has it, and of a power.
SRGB_CURVE = b"para" + struct.pack(">IHH5i", 0, 3, 0, *(round(v * 65536) for v in (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)))


def power(exponent):
    return b"curv" + struct.pack(">IIH", 0, 1, round(exponent * 256))


def profile(primaries, curve, gray=False):
    """An ICC profile (version 4) of a screen. primaries: of R, G and B, in XYZ as D50 has it."""
    def xyz(values):
        return b"XYZ " + struct.pack(">I3i", 0, *(round(v * 65536) for v in values))

    def text(words):
        return b"mluc" + struct.pack(">III2s2sII", 0, 1, 12, b"en", b"US", 2 * len(words), 28) + words.encode("utf-16-be")

    tags = {b"desc": text("of a test"), b"cprt": text("CC0"), b"wtpt": xyz((0.9642, 1, 0.8249))}
    if gray:
        tags[b"kTRC"] = curve
    else:
        tags.update(zip((b"rXYZ", b"gXYZ", b"bXYZ"), map(xyz, primaries)))
        tags.update({b"rTRC": curve, b"gTRC": curve, b"bTRC": curve})
    directory, data, place = b"", b"", 132 + 12 * len(tags)
    for name, value in tags.items():
        value += b"\0" * (-len(value) % 4)
        directory += struct.pack(">4sII", name, place + len(data), len(value))
        data += value
    head = struct.pack(">I4xI4s4s4s12x4s", 0, 0x04000000, b"mntr", b"GRAY" if gray else b"RGB ", b"XYZ ", b"acsp")
    head += b"\0" * 28 + struct.pack(">3i", *(round(v * 65536) for v in (0.9642, 1, 0.8249))) + b"\0" * 48
    whole = head + struct.pack(">I", len(tags)) + directory + data
    return struct.pack(">I", len(whole)) + whole[4:]


P3 = profile(((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407)), SRGB_CURVE)
ADOBE = profile(((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457)), power(563 / 256))
GRAY = profile((), power(1.8), gray=True)
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))

for old in glob.glob(os.path.join(HERE, "*.*")):
    if not old.endswith(".py"):
        os.remove(old)
photo = Image.open(os.path.join(HERE, "..", "images", "tiny_97x61.jpg")).convert("RGB").crop((10, 5, 74, 45))
# Beside the photograph what is as colorful as can be.
ramps = np.asarray(photo).copy()
for i, mask in enumerate(((1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (0, 1, 1), (1, 0, 1), (1, 1, 1))):
    ramps[i * 2:i * 2 + 2] = (np.linspace(0, 255, 64)[:, None] * mask).round()
photo = Image.fromarray(ramps)


def at(name):
    return os.path.join(TEMP, name)


def expect(name, image, icc):
    pixels = image
    if icc is not None:
        import io
        mode = "L" if icc is GRAY else "RGB"
        pixels = ImageCms.profileToProfile(image.convert(mode), ImageCms.ImageCmsProfile(io.BytesIO(icc)), SRGB, renderingIntent=1,
                                           outputMode="RGB")
    np.asarray(pixels.convert("RGB")).tofile(os.path.join(HERE, name + ".u8"))


def save(name, icc, image=photo, expected=None, **options):
    image.save(os.path.join(HERE, name), icc_profile=icc, **options)
    expect(name, Image.open(os.path.join(HERE, name)).convert(image.mode), icc if expected is None else expected)


def run(name, icc, *command):
    subprocess.run([os.path.join(HERE, name) if part == "OUT" else part for part in command], check=True, capture_output=True)
    expect(name, photo, icc)


photo.save(at("p3.png"), icc_profile=P3)
photo.save(at("plain.png"))
save("p3.jpg", P3, quality=95, subsampling=0)
save("p3.png", P3)
save("p3.webp", P3, lossless=True)
save("p3.tif", P3, compression="tiff_lzw")
run("p3.heic", P3, "heif-enc", at("p3.png"), "-L", "-p", "chroma=444", "--matrix_coefficients=0", "-o", "OUT")
run("p3.avif", P3, "avifenc", "--lossless", at("p3.png"), "OUT")
run("p3_numbers.avif", P3, "avifenc", "--lossless", "--cicp", "12/13/0", at("plain.png"), "OUT")
run("p3.jxl", P3, "cjxl", at("p3.png"), "OUT", "-d", "0")
save("adobe.jpg", ADOBE, quality=95, subsampling=0)
save("adobe.png", ADOBE)
save("adobe.tif", ADOBE, compression="tiff_lzw")
save("gray.png", GRAY, image=photo.convert("L"))

# What keeps its levels.
for suffix, options in ((".jpg", {"quality": 95}), (".png", {}), (".webp", {"lossless": True}), (".tif", {"compression": "tiff_lzw"})):
    photo.save(os.path.join(HERE, "srgb" + suffix), icc_profile=SRGB.tobytes(), **options)
    expect("srgb" + suffix, Image.open(os.path.join(HERE, "srgb" + suffix)), None)
run("srgb_numbers.avif", None, "avifenc", "--lossless", "--cicp", "1/13/0", at("plain.png"), "OUT")
run("hdr_numbers.avif", None, "avifenc", "--lossless", "--cicp", "9/16/0", at("plain.png"), "OUT")
run("plain.jxl", None, "cjxl", at("plain.png"), "OUT", "-d", "0")
