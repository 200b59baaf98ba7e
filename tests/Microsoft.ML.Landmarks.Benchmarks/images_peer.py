"""What `images` measures, in Python on one thread: SIZE PASSES FILE... Prints the fastest milliseconds of each step of each file as JSON."""
import json
import sys
import time

try:
    import cv2
    import numpy as np
    import PIL
    from PIL import Image
except ImportError as error:
    sys.exit(f"{sys.executable} has no package {error.name}")

cv2.setNumThreads(1)
# In the order of the library's ImageResampling, which begins with OpenCV's cubic.
FILTERS = [None] + [getattr(Image.Resampling, name) for name in ("NEAREST", "BOX", "BILINEAR", "HAMMING", "BICUBIC", "LANCZOS")]
MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)
STD = np.array([0.229, 0.224, 0.225], dtype=np.float32)


def decode_pillow(path):
    image = Image.open(path)
    return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))


def decode_cv2(path):
    return cv2.cvtColor(cv2.imread(path, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


def sides(width, height, size):
    scale = size / min(height, width)
    width, height = round(width * scale), round(height * scale)
    return width, height, (width - size) // 2, (height - size) // 2


def resize(image, size, interpolation=cv2.INTER_CUBIC):
    width, height, left, top = sides(image.shape[1], image.shape[0], size)
    resized = cv2.resize(image, (width, height), interpolation=interpolation)
    return resized[top:top + size, left:left + size]


def resize_pillow(image, size, number):
    width, height, left, top = sides(*image.size, size)
    return image.resize((width, height), number).crop((left, top, left + size, top + size))


def prepare(image, size):
    levels = resize(image, size).astype(np.float32)
    levels /= 255
    levels -= MEAN
    levels /= STD
    return np.ascontiguousarray(levels.transpose(2, 0, 1))


def milliseconds(action):
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def main():
    size, passes, files = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    images = [decode_pillow(path) for path in files]
    steps = []
    for decode in (decode_pillow, decode_cv2):
        steps += [lambda i, decode=decode: prepare(decode(files[i]), size),
                  lambda i, decode=decode: decode(files[i]),
                  lambda i: resize(images[i], size)]
    pillow_images = [Image.fromarray(image) for image in images]
    for number in FILTERS:
        steps.append((lambda i: resize(images[i], size, cv2.INTER_AREA)) if number is None
                     else lambda i, number=number: resize_pillow(pillow_images[i], size, number))
    fastest = [[min(milliseconds(lambda: step(i)) for _ in range(passes)) for i in range(len(files))] for step in steps]
    name = f"Python {sys.version.split()[0]}, Pillow {PIL.__version__}, OpenCV {cv2.__version__}, NumPy {np.__version__}"
    print(json.dumps({"name": name, "milliseconds": fastest}))


if __name__ == "__main__":
    main()
