#!/usr/bin/env python3
"""Makes the pictures, expected pixels, embeddings and submission in this folder; README.md describes every file.

Usage: make_golden.py [--sample FOLDER] [--model ONNX]; by default those of this repository
Needs numpy, Pillow, opencv-python-headless and onnxruntime.
"""
import argparse
import csv
import hashlib
import json
import os
import shutil
import sys

import cv2
import numpy as np
import onnxruntime
import PIL
from PIL import Image, ImageOps

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..", "..")
sys.path.insert(0, os.path.join(HERE, "oracle"))
from penalized_knn import recognise, unit  # noqa: E402

SIZES = (320, 384)      # the model's default, and the notebook's IMAGE_SIZE
MEAN, STD = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])   # ImageNet, of levels / 255
GRID = 10               # sampled pixels a side
WHITEN_DIM, WHITEN_EXPONENT = 128, 0.5
PHOTOS = {              # of the sample; public domain or CC0, by its attribution.csv
    "landscape_320x213": "d59b1a3dfe791f44", "wide_320x126": "a7bf094e741e5523", "tall_224x640": "e109eb44fd12f853",
    "portrait_212x320": "7b12550a377ace9f", "portrait_180x320": "159e79086eb97694", "square_320x320": "c63a0145cf7e0fdb",
    "square_640x640": "38a07f36f27f095e", "odd_301x320": "acb47a53be1d913d", "large_640x505": "c36913b06cea8917",
    "large_640x481": "cf115ede228937f0", "large_640x427": "b552994f64727cea", "large_640x360": "85881b53de866a52",
}
WHOLE_CROPS = ("landscape_320x213", "tall_224x640", "square_640x640", "cmyk")   # kept byte for byte at 384 pixels

cv2.ipp.setUseIPP(False)    # plain OpenCV: Intel's IPP, in the wheels of PyPI, rounds 2 % of the levels differently


def photo_path(folder, image_id):
    return os.path.join(folder, "images", *image_id[:3], image_id + ".jpg")


def make_images(sample, out):
    """Copies the photographs, and makes files of kinds that the sample does not have; returns {case name: file}."""
    os.makedirs(out, exist_ok=True)
    for name, image_id in PHOTOS.items():
        shutil.copyfile(photo_path(sample, image_id), f"{out}/{name}.jpg")
    with open(os.path.join(sample, "attribution.csv"), encoding="utf-8") as f:
        told = {r["id"]: r for r in csv.DictReader(f)}
    write_csv(f"{out}/attribution.csv", ["name", "id", "original_file", "copyright", "licence", "source"],
              [[n, i] + [told[i][k] for k in ("original_file", "copyright", "licence", "source")] for n, i in PHOTOS.items()])

    source = {k: Image.open(f"{out}/{k}.jpg").convert("RGB") for k in PHOTOS}
    exif = Image.Exif()
    exif[0x0112] = 6                            # the viewer has to turn the stored picture a quarter clockwise
    source["portrait_212x320"].transpose(Image.Transpose.ROTATE_90).save(
        f"{out}/orientation6.jpg", quality=90, subsampling=0, exif=exif)
    source["large_640x427"].convert("L").save(f"{out}/gray.jpg", quality=90)
    source["landscape_320x213"].convert("CMYK").save(f"{out}/cmyk.jpg", quality=90)
    source["large_640x360"].save(f"{out}/progressive.jpg", quality=85, subsampling=1, progressive=True)
    source["large_640x481"].resize((97, 61), Image.Resampling.BICUBIC).save(f"{out}/tiny_97x61.jpg", quality=95, subsampling=0)
    see_through = source["portrait_212x320"].convert("RGBA")
    ramp = np.broadcast_to(np.linspace(0, 255, see_through.width).round().astype(np.uint8), see_through.size[::-1])
    see_through.putalpha(Image.fromarray(np.ascontiguousarray(ramp)))
    see_through.save(f"{out}/alpha.png", optimize=True)
    source["portrait_180x320"].quantize(64).save(f"{out}/palette.png", optimize=True)
    made = ("orientation6.jpg", "gray.jpg", "cmyk.jpg", "progressive.jpg", "tiny_97x61.jpg", "alpha.png", "palette.png")
    return {n.split(".")[0]: f"images/{n}" for n in [p + ".jpg" for p in PHOTOS] + list(made)}


def decode(path, apply_orientation=False):
    """RGB uint8 [height, width, 3]; whatever the file holds is converted, transparency is dropped."""
    image = Image.open(path)
    if apply_orientation:
        image = ImageOps.exif_transpose(image)
    return np.asarray(image.convert("RGB"))


def resize_and_crop(pixels, size):
    """The shorter side becomes `size` (OpenCV's bicubic), then the middle square is cut out."""
    h, w = pixels.shape[:2]
    scale = size / min(h, w)
    nh, nw = int(round(h * scale)), int(round(w * scale))
    if (nh, nw) != (h, w):
        pixels = cv2.resize(pixels, (nw, nh), interpolation=cv2.INTER_CUBIC)
    y, x = (nh - size) // 2, (nw - size) // 2
    return pixels[y:y + size, x:x + size], (nw, nh, x, y)


def embed(session, crop):
    x = ((crop.astype(np.float32) / np.float32(255) - MEAN) / STD).transpose(2, 0, 1)[None]
    return session.run(["embedding"], {"input": np.ascontiguousarray(x)})[0][0]


def sha256(a):
    return hashlib.sha256(np.ascontiguousarray(a).tobytes()).hexdigest()


def whiten(fit, dim, exponent):
    """Returns a function that centres, rotates onto the `dim` first principal axes, divides by
    eigenvalue ** (exponent / 2) and scales to unit length; and the eigenvalues, largest first."""
    mean = fit.mean(0)
    _, s, axes = np.linalg.svd(fit - mean, full_matrices=False)
    eigenvalues = (s ** 2 / len(fit))[:dim]
    projection = axes[:dim].T / eigenvalues ** (exponent / 2)
    return lambda x: unit((x - mean) @ projection), eigenvalues


def write_csv(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(header)
        w.writerows(rows)


def write_result(folder, result, train_ids, query_ids):
    write_csv(f"{folder}/train_penalty.csv", ["id", "penalty"], zip(train_ids, map(repr, result["train_penalty"].tolist())))
    write_csv(f"{folder}/predictions.csv",
              ["id", "landmark_id", "confidence", "normalised", "query_penalty"]
              + [f"neighbour{j + 1}" for j in range(5)] + [f"score{j + 1}" for j in range(5)],
              [[q, int(result["landmark"][i]), repr(float(result["confidence"][i])), repr(float(result["normalised"][i])),
                repr(float(result["query_penalty"][i]))] + [train_ids[j] for j in result["neighbours"][i]]
               + [repr(float(s)) for s in result["scores"][i]] for i, q in enumerate(query_ids)])
    write_csv(f"{folder}/submission.csv", ["id", "landmarks"],
              [[q, f"{int(result['landmark'][i])} {result['normalised'][i]:.8f}"] for i, q in enumerate(query_ids)])


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--sample", default=os.path.join(ROOT, "src", "Landmarks.Demo", "Sample"))
    a.add_argument("--model", default=os.path.join(ROOT, "models", "efficientnet_lite0_gem.onnx"))
    a = a.parse_args()
    session = onnxruntime.InferenceSession(a.model, providers=["CPUExecutionProvider"])

    cases = {n: (f, False) for n, f in make_images(a.sample, f"{HERE}/images").items()}
    cases["orientation6_applied"] = ("images/orientation6.jpg", True)
    os.makedirs(f"{HERE}/pixels", exist_ok=True)
    told, vectors = [], {s: [] for s in SIZES}
    for name, (path, turn) in cases.items():
        with Image.open(os.path.join(HERE, path)) as raw:
            case = dict(name=name, file=path, apply_orientation=turn, format=raw.format, mode=raw.mode)
        with open(os.path.join(HERE, path), "rb") as f:
            case["file_sha256"] = hashlib.sha256(f.read()).hexdigest()
        pixels = decode(os.path.join(HERE, path), turn)
        case.update(width=pixels.shape[1], height=pixels.shape[0], decoded_sha256=sha256(pixels), crops=[])
        for size in SIZES:
            crop, (nw, nh, x, y) = resize_and_crop(pixels, size)
            at = (np.arange(GRID) * 2 + 1) * size // (2 * GRID)
            case["crops"].append(dict(size=size, resized_width=nw, resized_height=nh, crop_x=x, crop_y=y,
                                      sha256=sha256(crop), grid=crop[np.ix_(at, at)].ravel().tolist()))
            if size == 384 and name in WHOLE_CROPS:
                np.ascontiguousarray(crop).tofile(f"{HERE}/pixels/{name}_384.u8")
            vectors[size].append(embed(session, crop))
        told.append(case)
    for size in SIZES:
        np.stack(vectors[size]).astype("<f4").tofile(f"{HERE}/embeddings_{size}.f32")
    versions = dict(pillow=PIL.__version__, opencv=cv2.__version__, numpy=np.__version__, onnxruntime=onnxruntime.__version__,
                    model=os.path.basename(a.model), model_sha256=hashlib.sha256(open(a.model, "rb").read()).hexdigest())
    head = json.dumps(dict(versions=versions, dimension=len(vectors[SIZES[0]][0]), grid=GRID))
    with open(f"{HERE}/cases.json", "w") as f:
        f.write(head[:-1] + ', "cases": [\n' + ",\n".join(json.dumps(c) for c in told) + "\n]}\n")

    rows = []
    for split, file in (("train", "train.csv"), ("nonlandmark", "valid.csv"), ("query", "sample_submission.csv")):
        with open(os.path.join(a.sample, file)) as f:
            rows += [(split, r["id"], r.get("landmark_id", "")) for r in csv.DictReader(f)]
    raw = np.stack([embed(session, resize_and_crop(decode(photo_path(a.sample, i)), SIZES[0])[0]) for _, i, _ in rows])
    vectors = unit(raw).astype("<f4")
    os.makedirs(f"{HERE}/sample", exist_ok=True)
    vectors.tofile(f"{HERE}/sample/embeddings.f32")
    write_csv(f"{HERE}/sample/rows.csv", ["row", "split", "id", "landmark_id"], [(n, *r) for n, r in enumerate(rows)])
    pick = {s: np.array([n for n, r in enumerate(rows) if r[0] == s]) for s in ("train", "nonlandmark", "query")}
    ids = {s: [rows[n][1] for n in pick[s]] for s in pick}
    labels = [int(rows[n][2]) for n in pick["train"]]
    parts = [vectors[pick[s]].astype(np.float64) for s in ("train", "nonlandmark", "query")]
    write_result(f"{HERE}/sample", recognise(parts[0], labels, parts[1], parts[2]), ids["train"], ids["query"])

    os.makedirs(f"{HERE}/sample/whitened", exist_ok=True)
    change, eigenvalues = whiten(np.concatenate([unit(parts[0]), unit(parts[1])]), WHITEN_DIM, WHITEN_EXPONENT)
    parts = [change(unit(p)) for p in parts]
    eigenvalues.astype("<f8").tofile(f"{HERE}/sample/whitened/eigenvalues.f64")
    (parts[2] @ parts[0].T).astype("<f8").tofile(f"{HERE}/sample/whitened/query_train_cosines.f64")
    write_result(f"{HERE}/sample/whitened", recognise(parts[0], labels, parts[1], parts[2]), ids["train"], ids["query"])


if __name__ == "__main__":
    main()
