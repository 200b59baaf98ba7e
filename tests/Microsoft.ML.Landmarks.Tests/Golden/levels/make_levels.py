#!/usr/bin/env python3
"""Makes pictures of 16 x 16 pixels in this folder, BMP, GIF, PNG and WebP as other programs than today's write them, and NAME.u8 beside
those that Pillow reads: its levels and alpha [16, 16, 4]. Needs numpy and Pillow (made with 1.24 and 9.4). Where this library gives others,
src/Microsoft.ML.Landmarks/Images/README.md says so."""
import io
import os
import struct
import warnings
import zlib

import numpy as np
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
N = 16
y, x = np.mgrid[0:N, 0:N]
RGB = np.stack([x * 17, y * 17, (x * 7 + y * 11) % 256], -1).astype(np.uint8)
ALPHA = ((x * 16 + y) % 256).astype(np.uint8)
INDEX = x * 3 + y * 5
COLORS = [((i * 83 + 40) % 256, (i * 47 + 90) % 256, (i * 131 + 7) % 256) for i in range(256)]
GRAYS = [(i, i, i) for i in range(256)]
files = {}


def palette(count, colors=COLORS, entry=3):
    return b"".join(bytes(c[::-1] if entry == 4 else c) + bytes(entry - 3) for c in colors[:count])


def packed(rows, bits, align=4):
    """Rows of numbers of so many bits."""
    for row in rows.astype(np.uint8):
        data = np.packbits(np.unpackbits(row[:, None], axis=1)[:, 8 - bits:].ravel()).tobytes()
        yield data + bytes(-len(data) % align)


# BMP: rows from the bottom up, and blue first.
UP = RGB[::-1].astype(np.uint32)
BGR = RGB[::-1, :, ::-1]
BGRA = np.dstack([BGR, ALPHA[::-1]])


def bmp(bits, data, compression=0, colors=b"", header=40, masks=b"", height=N, used=0, more=b""):
    if header == 12:
        info = struct.pack("<IHHHH", 12, N, height, 1, bits)
    else:
        info = struct.pack("<IiiHHIIiiII", header, N, height, 1, bits, compression, len(data) if compression else 0, 2835, 2835, used, 0) + more
    start = 14 + len(info) + len(masks) + len(colors)
    return struct.pack("<2sIHHI", b"BM", start + len(data), 0, 0, start) + info + masks + colors + data


def fields(red, green, blue, *alpha):
    return struct.pack(f"<{3 + len(alpha)}I", red, green, blue, *alpha)


def pack_pixels(red, green, blue, kind="<u2"):
    """Bits, shift for each channel."""
    return sum((UP[..., i] >> 8 - bits) << shift for i, (bits, shift) in enumerate((red, green, blue))).astype(kind).tobytes()


SRGB = struct.pack("<I", 0x73524742) + bytes(48)
for bits in (1, 2, 4, 8):
    files[f"bmp_{bits}_bits.bmp"] = bmp(bits, b"".join(packed(INDEX % (1 << bits), bits)), colors=palette(1 << bits, entry=4))
EIGHT = (INDEX * 2).astype(np.uint8).tobytes()
files["bmp_8_bits_top_down.bmp"] = bmp(8, EIGHT, colors=palette(256, entry=4), height=-N)
files["bmp_8_bits_20_colors.bmp"] = bmp(8, (INDEX % 20).astype(np.uint8).tobytes(), colors=palette(20, entry=4), used=20)
files["bmp_8_bits_beyond_palette.bmp"] = bmp(8, EIGHT, colors=palette(20, entry=4), used=20)
files["bmp_8_bits_gray.bmp"] = bmp(8, EIGHT, colors=palette(256, GRAYS, entry=4))
files["bmp_16_bits.bmp"] = bmp(16, pack_pixels((5, 10), (5, 5), (5, 0)))
files["bmp_16_bits_565.bmp"] = bmp(16, pack_pixels((5, 11), (6, 5), (5, 0)), 3, masks=fields(0xF800, 0x07E0, 0x001F))
files["bmp_16_bits_444.bmp"] = bmp(16, pack_pixels((4, 8), (4, 4), (4, 0)), 3, masks=fields(0x0F00, 0x00F0, 0x000F))
files["bmp_24_bits.bmp"] = bmp(24, BGR.tobytes())
files["bmp_24_bits_top_down.bmp"] = bmp(24, BGR[::-1].tobytes(), height=-N)
files["bmp_32_bits_no_alpha.bmp"] = bmp(32, np.dstack([BGR, 0 * ALPHA]).tobytes())
files["bmp_32_bits_junk_for_alpha.bmp"] = bmp(32, BGRA.tobytes())
files["bmp_32_bits_fields.bmp"] = bmp(32, BGRA.tobytes(), 3, masks=fields(0xFF0000, 0xFF00, 0xFF))
files["bmp_32_bits_fields_red_first.bmp"] = bmp(32, np.dstack([RGB[::-1], ALPHA]).tobytes(), 3, masks=fields(0xFF, 0xFF00, 0xFF0000))
files["bmp_32_bits_10_10_10.bmp"] = bmp(32, pack_pixels((8, 22), (8, 12), (8, 2), "<u4"), 3, masks=fields(0x3FF00000, 0xFFC00, 0x3FF))
files["bmp_32_bits_header_52.bmp"] = bmp(32, BGRA.tobytes(), 3, header=52, more=fields(0xFF0000, 0xFF00, 0xFF))
files["bmp_32_bits_header_56_alpha.bmp"] = bmp(32, BGRA.tobytes(), 3, header=56, more=fields(0xFF0000, 0xFF00, 0xFF, 0xFF000000))
files["bmp_32_bits_v4_alpha.bmp"] = bmp(32, BGRA.tobytes(), 3, header=108, more=fields(0xFF0000, 0xFF00, 0xFF, 0xFF000000) + SRGB)
files["bmp_32_bits_v4_no_alpha.bmp"] = bmp(32, BGRA.tobytes(), 3, header=108, more=fields(0xFF0000, 0xFF00, 0xFF, 0) + SRGB)
files["bmp_32_bits_v5_alpha.bmp"] = bmp(32, BGRA.tobytes(), 3, header=124, more=fields(0xFF0000, 0xFF00, 0xFF, 0xFF000000) + SRGB + bytes(16))
files["bmp_os2_1_bit.bmp"] = bmp(1, b"".join(packed(INDEX % 2, 1)), colors=palette(2, [c[::-1] for c in COLORS]), header=12)
files["bmp_os2_8_bits.bmp"] = bmp(8, EIGHT, colors=palette(256, [c[::-1] for c in COLORS]), header=12)
files["bmp_os2_24_bits.bmp"] = bmp(24, BGR.tobytes(), header=12)
files["bmp_os2_v2_8_bits.bmp"] = bmp(8, EIGHT, colors=palette(256, entry=4), header=64, more=bytes(24))
LINE = b"".join(bytes([1, v]) for v in range(4)) + bytes([0, 8]) + bytes(range(40, 48)) + bytes([4, 90]) + b"\0\0"
files["bmp_rle8.bmp"] = bmp(8, LINE * N + b"\0\1", 1, colors=palette(256, entry=4))
files["bmp_rle4.bmp"] = bmp(4, b"".join(bytes([N, r << 4 | 15 - r]) + b"\0\0" for r in range(N)) + b"\0\1", 2, colors=palette(16, entry=4))
files["bmp_rle8_empty_line.bmp"] = bmp(8, LINE * 3 + b"\0\0" + LINE * 12 + b"\0\1", 1, colors=palette(256, entry=4))
files["bmp_rle8_short_line.bmp"] = bmp(8, LINE * 3 + bytes([5, 7, 0, 0]) + LINE * 12 + b"\0\1", 1, colors=palette(256, entry=4))


# GIF: codes of one length, a clear code before the table grows.
def lzw(indices, bits):
    clear, codes = 1 << bits, []
    for i, index in enumerate(indices):
        codes += [clear, int(index)] if i % (clear - 2) == 0 else [int(index)]
    number = sum(code << (bits + 1) * i for i, code in enumerate(codes + [clear + 1]))
    data = number.to_bytes(((bits + 1) * (len(codes) + 1) + 7) // 8, "little")
    return bytes([bits]) + b"".join(bytes([len(data[i:i + 255])]) + data[i:i + 255] for i in range(0, len(data), 255)) + b"\0"


def control(transparent=None, disposal=0):
    return b"!\xf9\x04" + bytes([disposal << 2 | (transparent is not None), 5, 0, transparent or 0, 0])


def frame(indices, left=0, top=0, bits=4, local=0, interlaced=False):
    height, width = indices.shape
    if interlaced:
        indices = indices[[*range(0, height, 8), *range(4, height, 8), *range(2, height, 4), *range(1, height, 2)]]
    flags = (0x80 | local.bit_length() - 2 if local else 0) | 0x40 * interlaced
    return b"," + struct.pack("<HHHHB", left, top, width, height, flags) + palette(local, COLORS[100:]) + lzw(indices.ravel(), bits)


def gif(*blocks, colors=palette(16), background=3, side=N, version=b"89a"):
    flags = 0xF0 | (len(colors) // 3).bit_length() - 2 if colors else 0x70
    return b"GIF" + version + struct.pack("<HHBBB", side, side, flags, background, 0) + colors + b"".join(blocks) + b";"


FULL = INDEX % 16
SMALL = FULL[:9, :10]
files["gif_plain.gif"] = gif(frame(FULL))
files["gif_transparent.gif"] = gif(control(5), frame(FULL))
files["gif_transparent_interlaced.gif"] = gif(control(5), frame(FULL, interlaced=True))
files["gif_transparent_local_palette.gif"] = gif(control(5), frame(FULL, local=16))
files["gif_small_frame.gif"] = gif(frame(SMALL, 3, 4))
files["gif_small_frame_87a.gif"] = gif(frame(SMALL, 3, 4), version=b"87a")
files["gif_small_frame_local_palette.gif"] = gif(frame(SMALL, 3, 4, local=16))
files["gif_small_frame_background_beyond.gif"] = gif(frame(SMALL, 3, 4), background=99)
files["gif_small_frame_transparent.gif"] = gif(control(5), frame(SMALL, 3, 4))
files["gif_small_frame_of_two.gif"] = gif(control(5, 2), frame(SMALL, 3, 4), control(6, 2), frame(FULL))
files["gif_small_frame_gray.gif"] = gif(control(5), frame(SMALL, 3, 4, bits=8), colors=palette(256, GRAYS))
files["gif_frame_beyond_screen.gif"] = gif(control(5), frame(SMALL, 6, 7), side=8)
files["gif_no_screen.gif"] = gif(frame(FULL), side=0)
files["gif_two_controls.gif"] = gif(control(5), control(6), frame(FULL))
files["gif_control_then_none.gif"] = gif(control(5), control(), frame(FULL))
files["gif_other_extensions.gif"] = gif(b"!\xfe\x05hello\0", control(5), b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0", frame(SMALL, 1, 1))
files["gif_transparent_beyond_palette.gif"] = gif(control(200), frame(FULL))
files["gif_small_frame_transparent_beyond_palette.gif"] = gif(control(200), frame(SMALL, 3, 4))
files["gif_index_beyond_palette.gif"] = gif(frame(FULL), colors=palette(8))
files["gif_no_palette.gif"] = gif(frame(FULL), colors=b"")


# PNG.
def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(kind, bits, rows, *chunks):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", N, N, bits, kind, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows))) + chunk(b"IEND", b"")


random = np.random.RandomState(1)


def noise(channels, kind):
    return [row.tobytes() for row in random.randint(0, np.iinfo(kind).max + 1, (N, N, channels)).astype(kind)]


for name, kind, channels in (("gray", 0, 1), ("rgb", 2, 3), ("gray_alpha", 4, 2), ("rgba", 6, 4)):
    files[f"png_{name}_16_bits.png"] = png(kind, 16, noise(channels, ">u2"))
rows = noise(3, ">u2")
files["png_rgb_16_bits_transparent.png"] = png(2, 16, rows, chunk(b"tRNS", rows[0][:6]))
rows = noise(1, np.uint8)
files["png_gray_transparent.png"] = png(0, 8, rows, chunk(b"tRNS", b"\0" + rows[0][:1]))
rows = noise(3, np.uint8)
files["png_rgb_transparent.png"] = png(2, 8, rows, chunk(b"tRNS", b"".join(b"\0" + rows[0][i:i + 1] for i in range(3))))
files["png_palette_transparent.png"] = png(3, 8, packed(INDEX % 32, 8, 1), chunk(b"PLTE", palette(32)), chunk(b"tRNS", bytes(range(0, 160, 8))))
files["png_palette_beyond.png"] = png(3, 8, packed(INDEX * 2, 8, 1), chunk(b"PLTE", palette(32)))
for bits in (1, 2, 4):
    files[f"png_gray_{bits}_bits.png"] = png(0, bits, packed(INDEX % (1 << bits), bits, 1))
    files[f"png_palette_{bits}_bits.png"] = png(3, bits, packed(INDEX % (1 << bits), bits, 1), chunk(b"PLTE", palette(1 << bits)))
files["png_gray_2_bits_transparent.png"] = png(0, 2, packed(INDEX % 4, 2, 1), chunk(b"tRNS", b"\0\1"))
files["png_gamma.png"] = png(2, 8, noise(3, np.uint8), chunk(b"gAMA", struct.pack(">I", 100000)))


def saved(pixels, kind, **options):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


RGBA = np.dstack([RGB, ALPHA])
OTHER = Image.fromarray(RGBA[::-1].copy())
files["png_animated.png"] = saved(RGBA, "PNG", save_all=True, append_images=[OTHER])
files["webp_alpha.webp"] = saved(RGBA, "WEBP", lossless=True, exact=True)
files["webp_alpha_lossy.webp"] = saved(RGBA, "WEBP", quality=90)
files["webp_animated.webp"] = saved(RGBA, "WEBP", save_all=True, append_images=[OTHER], lossless=True, exact=True)


def riff(name, data):
    return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def size24(*numbers):
    return b"".join(struct.pack("<I", n)[:3] for n in numbers)


# A frame of 9 x 10 pixels at (4, 6); places are counted in pairs.
picture = saved(RGBA[:10, :9].copy(), "WEBP", lossless=True, exact=True)[12:]
picture = picture[picture.index(b"VP8L"):]
body = riff(b"VP8X", bytes([0x12, 0, 0, 0]) + size24(N - 1, N - 1)) + riff(b"ANIM", bytes([30, 60, 90, 255, 0, 0])) \
    + riff(b"ANMF", size24(2, 3, 8, 9, 100) + b"\2" + picture)
files["webp_small_frame.webp"] = riff(b"RIFF", b"WEBP" + body)

warnings.simplefilter("ignore")
for name, data in files.items():
    path = os.path.join(HERE, name)
    with open(path, "wb") as file:
        file.write(data)
    try:
        with Image.open(path) as image:
            # By way of RGB, as a reader without alpha does; the two differ where Pillow has no way from one of its modes to the other.
            levels = np.dstack([np.asarray(image.convert("RGB")), np.asarray(image.convert("RGBA"))[..., 3]])
    except (OSError, ValueError):
        continue
    assert levels.shape == (N, N, 4), name
    levels.tofile(path + ".u8")
