#!/usr/bin/env python3
"""Makes expected.json: what transformers and timm make of photographs by the configurations here and in networks/published/configs.

Usage: make_preparation.py
Needs numpy, Pillow, torch, torchvision, transformers (5) and timm (1.0). The processors of transformers are those that work by Pillow.
"""
import hashlib
import json
import os
import sys

import numpy as np
import timm
import timm.data
import transformers
from PIL import Image, ImageOps

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDEN = os.path.dirname(HERE)
CONFIGS = ["preparation", "networks/published/configs"]
PHOTOS = ["alpha.png", "gray.jpg", "landscape_320x213.jpg", "large_640x360.jpg", "large_640x481.jpg", "large_640x505.jpg",
          "odd_301x320.jpg", "orientation6.jpg", "palette.png", "portrait_180x320.jpg", "square_320x320.jpg", "tall_224x640.jpg",
          "tiny_97x61.jpg", "wide_320x126.jpg"]
MADE = {"line_41x1.png": (41, 1), "tiny_5x7.png": (5, 7), "odd_313x227.png": (313, 227), "odd_227x313.png": (227, 313)}
GRID = 4                # sampled pixels a side


def make_images():
    """Pictures of sides whose crops leave an odd rest, and tiny ones."""
    random = np.random.default_rng(1)
    for name, (width, height) in MADE.items():
        coarse = random.integers(0, 256, (max(height // 16, 1), max(width // 16, 1), 3), dtype=np.uint8)
        Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC).quantize(32).save(
            os.path.join(HERE, name), optimize=True)


def load(path):
    """As transformers.image_utils.load_image does it."""
    return ImageOps.exif_transpose(Image.open(path)).convert("RGB")


def of_timm(config, image):
    """Values [3, size, size], and the levels that they are made of."""
    data = timm.data.resolve_data_config({}, pretrained_cfg=config["pretrained_cfg"])
    values, levels = (timm.data.create_transform(**data, is_training=False, normalize=normalize)(image).numpy()
                      for normalize in (True, False))
    return values, levels


def of_transformers(config, image):
    name = (config.get("image_processor_type") or config["feature_extractor_type"]).replace("FeatureExtractor", "ImageProcessor")
    cls = getattr(transformers, f"{name}Pil", None) or getattr(transformers, name)
    values = cls.from_dict(dict(config))(image, return_tensors="np")["pixel_values"][0]
    off = dict(do_rescale=False, do_normalize=False)
    if "include_top" in config:
        off["include_top"] = False
    levels = cls.from_dict(dict(config))(image, return_tensors="np", **off)["pixel_values"][0]
    return values, levels.astype(np.uint8)


def main():
    make_images()
    print(f"transformers {transformers.__version__}, timm {timm.__version__}, Pillow {Image.__version__}", file=sys.stderr)
    cases = []
    for file in (f"{folder}/{name}" for folder in CONFIGS for name in sorted(os.listdir(os.path.join(GOLDEN, folder)))
                 if name.endswith(".json") and name != "expected.json"):
        with open(os.path.join(GOLDEN, file), encoding="utf-8") as f:
            config = json.load(f)
        for photo in [f"images/{name}" for name in PHOTOS] + [f"preparation/{name}" for name in MADE]:
            values, levels = (of_timm if "pretrained_cfg" in config else of_transformers)(config, load(os.path.join(GOLDEN, photo)))
            places = [(2 * i + 1) * values.shape[-1] // (2 * GRID) for i in range(GRID)]
            cases.append({
                "config": file, "image": photo, "size": values.shape[-1],
                "sha256": hashlib.sha256(np.ascontiguousarray(levels).tobytes()).hexdigest(),
                "grid": [float(f"{v:.7g}") for v in values[:, places][:, :, places].ravel()],
            })
    with open(os.path.join(HERE, "expected.json"), "w", encoding="utf-8") as f:
        f.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


if __name__ == "__main__":
    main()
