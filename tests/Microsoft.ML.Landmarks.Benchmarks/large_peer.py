"""Large photographs for `large`, and what Pillow and OpenCV take to prepare them, on one thread:

make FOLDER PHOTO...            writes JPEGs of 12, 24 and 48 megapixels, as telephones and cameras make them
folders FOLDER COUNT PHOTO...   writes COUNT of 12 megapixels in folders of ten, the last quarter of them in one that is called none
measure SIZE PASSES FILE...     prints the fewest milliseconds of processor time of each file by each way as JSON
"""
import json
import os
import sys
import time

from images_peer import PIL, Image, cv2, np, prepare

SIDES = {12: (4032, 3024), 24: (6000, 4000), 48: (8064, 6048)}
QUALITY = 88
FOLDER_OF = 10


def enlarge(photo, sides, seed):
    """The photograph at other sides, and on it the noise of a sensor, without which nothing in it would be as fine as a pixel."""
    levels = np.asarray(Image.open(photo).convert("RGB").resize(sides, Image.Resampling.BICUBIC)).astype(np.int16)
    levels += np.random.default_rng(seed).integers(-8, 9, (*levels.shape[:2], 1), dtype=np.int16)
    return Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8))


def make(folder, *photos):
    for i, (megapixels, sides) in enumerate(SIDES.items()):
        picture = enlarge(photos[i % len(photos)], sides, i)
        for subsampling, sampling in ((2, "4:2:0"), (0, "4:4:4")):
            for progressive in (False, True):
                name = f"{megapixels} MP, {sampling}, {'progressive' if progressive else 'baseline'}.jpg"
                picture.save(os.path.join(folder, name), quality=QUALITY, subsampling=subsampling, progressive=progressive)


def folders(folder, count, *photos):
    for i in range(int(count)):
        landmark = os.path.join(folder, "none" if i >= int(count) * 3 // 4 else f"landmark {i // FOLDER_OF}")
        os.makedirs(landmark, exist_ok=True)
        enlarge(photos[i % len(photos)], SIDES[12], i).save(os.path.join(landmark, f"{i}.jpg"), quality=QUALITY, subsampling=2)


def decode(path, size, is_draft):
    image = Image.open(path)
    if is_draft:
        scale = 2 * size / min(image.size)
        image.draft("RGB", [round(side * scale) for side in image.size])
    return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))


def milliseconds(path, size, is_draft):
    start = time.process_time()
    prepare(decode(path, size, is_draft), size)
    return (time.process_time() - start) * 1000


def measure(size, passes, *files):
    fastest = [[min(milliseconds(path, int(size), is_draft) for _ in range(int(passes))) for path in files] for is_draft in (False, True)]
    name = f"Python {sys.version.split()[0]}, Pillow {PIL.__version__}, OpenCV {cv2.__version__}"
    print(json.dumps({"name": name, "milliseconds": fastest}))


if __name__ == "__main__":
    {"make": make, "folders": folders, "measure": measure}[sys.argv[1]](*sys.argv[2:])
