#!/usr/bin/env python3
"""Writes cases.csv: pictures of noise resized by Pillow and OpenCV, as the SHA-256 of the resulting RGB levels, [height, width, 3]. Needs
numpy, Pillow and OpenCV (made with 1.24, 9.4 and 4.6 of Debian 12, whose OpenCV has no IPP).

Level i of picture s (RGB, row-major) is mix(i + 2^20 s) of the test: no picture is stored.
"""
import hashlib
import os
import random

import cv2
import numpy as np
from PIL import Image

FILTERS = {f"Pillow{name.capitalize()}": getattr(Image.Resampling, name)
           for name in ("NEAREST", "BOX", "BILINEAR", "HAMMING", "BICUBIC", "LANCZOS")}
# Width and height before and after.
SIDES = [
    (1, 1, 1, 1), (1, 1, 32, 32), (1, 1, 7, 1), (1, 1, 1, 9), (50, 1, 1, 1), (1, 50, 1, 1), (1, 50, 20, 50), (50, 1, 50, 3),
    (64, 48, 64, 48), (64, 48, 64, 30), (64, 48, 30, 48), (64, 48, 64, 70), (64, 48, 70, 48), (64, 48, 70, 30), (64, 48, 30, 70),
    (64, 48, 32, 24), (64, 48, 16, 12), (64, 48, 64, 24), (64, 48, 32, 48), (64, 48, 8, 24), (63, 45, 21, 15), (49, 98, 1, 2),
    (93, 62, 31, 31), (64, 48, 128, 96), (64, 48, 192, 48), (64, 48, 63, 47), (64, 48, 65, 49), (300, 3, 7, 40), (3, 300, 40, 7),
    (640, 480, 224, 224), (640, 427, 336, 224), (427, 640, 224, 336), (500, 375, 256, 256), (1000, 700, 33, 21), (2000, 9, 3, 2),
    (9, 2000, 2, 3), (4000, 3, 1, 1), (3, 4000, 1, 1), (20000, 2, 5, 5), (2, 20000, 5, 5), (1024, 768, 1, 1), (1536, 1024, 320, 213),
]


def picture(seed, width, height):
    x = np.arange(width * height * 3, dtype=np.uint32) + np.uint32(seed << 20)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        x = (x ^ (x >> np.uint32(shift))) * np.uint32(factor)
    return (x & np.uint32(255)).astype(np.uint8).reshape(height, width, 3)


def main():
    r = random.Random(9)
    sides = SIDES + [tuple(r.randint(1, most) for most in (90, 90, 60, 60)) for _ in range(60)]
    sides += [tuple(r.randint(1, most) for most in (400, 300, 130, 110)) for _ in range(20)]
    # Whole factors, apart and alike.
    sides += [(w * a, h * b, w, h) for w, h, a, b in (tuple(r.randint(1, most) for most in (40, 30, 9, 9)) for _ in range(20))]
    lines = []
    for seed, (width, height, new_width, new_height) in enumerate(sides):
        image = picture(seed, width, height)
        results = {name: np.asarray(Image.fromarray(image).resize((new_width, new_height), number)) for name, number in FILTERS.items()}
        results["OpenCvArea"] = cv2.resize(image, (new_width, new_height), interpolation=cv2.INTER_AREA)
        results["OpenCvCubic"] = cv2.resize(image, (new_width, new_height), interpolation=cv2.INTER_CUBIC)
        for name, result in results.items():
            assert result.shape == (new_height, new_width, 3)
            lines.append(f"{name},{seed},{width},{height},{new_width},{new_height},{hashlib.sha256(result.tobytes()).hexdigest()}")
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "cases.csv"), "w") as file:
        file.write("resampling,picture,width,height,new_width,new_height,sha256\n" + "\n".join(lines) + "\n")


main()
