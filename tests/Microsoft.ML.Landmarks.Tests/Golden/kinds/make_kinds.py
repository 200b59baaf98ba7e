#!/usr/bin/env python3
"""Makes a small file of each kind of image in this folder, and NAME.u8 beside it: the levels [32, 32, 3] of its middle square at 32
pixels. Needs numpy, Pillow and OpenCV (made with 1.24, 9.4 and 4.6 without IPP)."""
import os

import cv2
import numpy as np
from PIL import Image, ImageOps

HERE = os.path.dirname(os.path.abspath(__file__))
SIZE = 32
photo = Image.open(os.path.join(HERE, "..", "images", "tiny_97x61.jpg")).convert("RGB").crop((10, 5, 87, 58))   # 77 x 53


def expect(name, rgb):
    h, w = rgb.shape[:2]
    scale = SIZE / min(h, w)
    nh, nw = int(round(h * scale)), int(round(w * scale))
    resized = cv2.resize(rgb, (nw, nh), interpolation=cv2.INTER_CUBIC) if (nh, nw) != (h, w) else rgb
    y, x = (nh - SIZE) // 2, (nw - SIZE) // 2
    np.ascontiguousarray(resized[y:y + SIZE, x:x + SIZE]).tofile(os.path.join(HERE, name + ".u8"))


def save(name, image, turn=False, expected=None, **options):
    path = os.path.join(HERE, name)
    image.save(path, **options)
    opened = Image.open(path)
    expect(name, expected if expected is not None else np.asarray((ImageOps.exif_transpose(opened) if turn else opened).convert("RGB")))
    return path


for subsampling, label in ((0, "444"), (1, "422"), (2, "420")):
    save(f"baseline_{label}.jpg", photo, quality=90, subsampling=subsampling)
    save(f"progressive_{label}.jpg", photo, quality=90, subsampling=subsampling, progressive=True)
save("gray.jpg", photo.convert("L"), quality=90)
save("gray_progressive.jpg", photo.convert("L"), quality=90, progressive=True)
save("cmyk.jpg", photo.convert("CMYK"), quality=95)

# YCCK: the inverted colors as Y, Cb, Cr, and the marker that says so.
cmyk = np.asarray(photo.convert("CMYK"))
inverted = 255 - cmyk
ycc = np.asarray(Image.fromarray(np.ascontiguousarray(cmyk[..., :3]), "RGB").convert("YCbCr"))
path = save("ycck.jpg", Image.fromarray(np.dstack([ycc, cmyk[..., 3:]]), "CMYK"), quality=95)
with open(path, "rb") as f:
    data = bytearray(f.read())
data[data.index(b"Adobe") + 11] = 2
with open(path, "wb") as f:
    f.write(data)
expect("ycck.jpg", np.asarray(Image.open(path).convert("RGB")))

for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    save(f"orientation_{orientation}.jpg", photo, turn=True, quality=90, exif=exif)

alpha = np.linspace(0, 255, photo.width).round().astype(np.uint8)
see_through = photo.copy()
see_through.putalpha(Image.fromarray(np.ascontiguousarray(np.broadcast_to(alpha, photo.size[::-1]))))
save("rgb.png", photo)
save("rgba.png", see_through, expected=np.asarray(photo))
save("gray.png", photo.convert("L"))
save("gray_alpha.png", see_through.convert("LA"), expected=np.asarray(photo.convert("L").convert("RGB")))
save("palette.png", photo.quantize(32))
save("one_bit.png", photo.convert("1"))
deep = np.asarray(photo).astype(np.uint16) * 257
cv2.imwrite(os.path.join(HERE, "deep.png"), deep[..., ::-1])
expect("deep.png", np.asarray(photo))
save("lossless.webp", photo, lossless=True)
save("lossy.webp", photo, quality=80)
save("first.gif", photo.quantize(64), save_all=True, append_images=[photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT).quantize(64)])
save("rgb.bmp", photo)
save("palette.bmp", photo.quantize(32))
