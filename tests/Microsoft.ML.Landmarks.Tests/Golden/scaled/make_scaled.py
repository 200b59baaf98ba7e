#!/usr/bin/env python3
"""Makes photographs in this folder, and what decoders make of them that scale:

- levels.csv: pictures of NAME.jpg by `djpeg -scale N/8`, which Pillow's draft must equal where it has the scale, and of NAME.webp by
  `dwebp -scale`: their sides, and the SHA-256 of the levels R, G, B, or of R, G, B and alpha. CMYK, which djpeg does not convert, is by
  Pillow, and NAME.jpg.u8 has the levels at a half.
- draft.csv: the scale that Pillow's draft takes for twice the sides to which a photograph's shorter side is resized.
- prepared.csv: the SHA-256 of the levels of the middle square [size, size, 3], by OpenCV from the scaled picture.

Needs numpy, Pillow, OpenCV, djpeg, cjpeg and dwebp (made with 1.24, 9.4, 4.6, libjpeg-turbo 2.1.5 and libwebp 1.2.4)."""
import csv
import hashlib
import io
import os
import random
import subprocess

import cv2
import numpy as np
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
photo = Image.open(os.path.join(HERE, "..", "images", "large_640x427.jpg")).convert("RGB").crop((200, 100, 531, 321))    # 331 x 221
os.chdir(HERE)


def sha256(levels):
    return hashlib.sha256(np.ascontiguousarray(levels).tobytes()).hexdigest()


def write(name, header, rows):
    with open(name, "w", newline="", encoding="utf-8") as f:
        csv.writer(f, lineterminator="\n").writerows([header, *rows])


def cjpeg(name, *options, image=photo):
    ppm = io.BytesIO()
    image.save(ppm, "PPM")
    subprocess.run(["cjpeg", "-quality", "85", *options, "-outfile", name], input=ppm.getvalue(), check=True)
    return name


def djpeg(name, eighths):
    ppm = subprocess.run(["djpeg", "-scale", f"{eighths}/8", "-pnm", name], capture_output=True, check=True).stdout
    return np.asarray(Image.open(io.BytesIO(ppm)).convert("RGB"))


def draft(name, scale):
    image = Image.open(name)
    image.draft(None, (image.width // scale, image.height // scale))
    return np.asarray(image.convert("RGB"))


def dwebp(name, width, height):
    # Dithering, which Skia leaves out, is noise against bands.
    pam = subprocess.run(["dwebp", "-quiet", "-nodither", "-pam", "-scale", str(width), str(height), name, "-o", "-"], capture_output=True,
                         check=True).stdout
    return np.frombuffer(pam[pam.index(b"ENDHDR\n") + 7:], np.uint8).reshape(height, width, 4)


def resized(width, height, size):
    return [int(round(side * (size / min(width, height)))) for side in (width, height)]


def eighths_of(width, height, size):
    return max(-(-8 * 2 * to // side) for side, to in zip((width, height), resized(width, height, size)))


JPEGS = [
    cjpeg("baseline_420.jpg", "-sample", "2x2"), cjpeg("baseline_422.jpg", "-sample", "2x1"), cjpeg("baseline_440.jpg", "-sample", "1x2"),
    cjpeg("baseline_411.jpg", "-sample", "4x1"), cjpeg("baseline_444.jpg", "-sample", "1x1"),
    cjpeg("progressive_420.jpg", "-sample", "2x2", "-progressive"), cjpeg("progressive_444.jpg", "-sample", "1x1", "-progressive"),
    cjpeg("restart.jpg", "-sample", "2x2", "-restart", "3"), cjpeg("gray.jpg", "-grayscale"),
    cjpeg("narrow.jpg", "-sample", "2x2", image=photo.crop((0, 0, 331, 17))),
]
levels = []
for name in JPEGS:
    for eighths in range(1, 8):
        picture = djpeg(name, eighths)
        if eighths in (1, 2, 4):
            assert np.array_equal(picture, draft(name, 8 // eighths)), name
        levels.append([name, picture.shape[1], picture.shape[0], eighths, sha256(picture)])

photo.convert("CMYK").save("cmyk.jpg", quality=85)
draft("cmyk.jpg", 2).tofile("cmyk.jpg.u8")

photo.save("lossy.webp", quality=80)
photo.save("lossless.webp", lossless=True)
alpha = photo.copy()
alpha.putalpha(photo.convert("L").point(lambda level: max(0, 2 * level - 160) if level < 200 else 255))
alpha.save("alpha.webp", quality=80)
for name in ("lossy.webp", "lossless.webp", "alpha.webp"):
    for size in (1, 20, 48, 110):
        width, height = (2 * side for side in resized(*photo.size, size))
        levels.append([name, width, height, "", sha256(dwebp(name, width, height))])
write("levels.csv", ["file", "width", "height", "eighths", "sha256"], levels)

prepared = []
for name in ("baseline_420.jpg", "progressive_444.jpg", "gray.jpg", "lossy.webp"):
    for size in (20, 32, 48, 100, 111):
        width, height = resized(*photo.size, size)
        if 2 * height > photo.height:
            picture = np.asarray(Image.open(name).convert("RGB"))
        elif name.endswith(".webp"):
            picture = np.ascontiguousarray(dwebp(name, 2 * width, 2 * height)[..., :3])
        else:
            picture = djpeg(name, eighths_of(*photo.size, size))
        square = cv2.resize(picture, (width, height), interpolation=cv2.INTER_CUBIC)
        left, top = (width - size) // 2, (height - size) // 2
        prepared.append([name, size, sha256(square[top:top + size, left:left + size])])
write("prepared.csv", ["file", "size", "sha256"], prepared)

random.seed(18)
chosen = []
for i in range(300):
    size = random.randint(5, 60)
    # Half of them have a side that is a multiple of the resized one or next to it, where the choice turns.
    side = random.randint(size + 3, 1200) if i % 2 else max(size, 2 * size * random.randint(1, 9) + random.randint(-1, 1))
    width, height = random.sample([side, random.randint(side, 2 * side)], 2)
    jpeg = io.BytesIO()
    Image.new("L", (width, height)).save(jpeg, "JPEG")
    image = Image.open(jpeg)
    image.draft(None, [2 * to for to in resized(width, height, size)])
    chosen.append([width, height, size, 8 // image.decoderconfig[0]])
write("draft.csv", ["width", "height", "size", "eighths"], chosen)
