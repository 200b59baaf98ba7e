#!/usr/bin/env python3
"""Makes small pictures that say in many ways how they are to be turned, in this folder, and cases.csv: what Pillow, exiftool and libvips read
of each. Needs Pillow, exiftool and vips (made with 9.4, 12.57 and 8.14). The last columns are kept by hand: what is expected, and why where
the three disagree.

A cell is the orientation, 1 where nothing turns the picture; "error" where the program fails."""
import csv
import io
import json
import os
import struct
import subprocess
import warnings
import zlib

from PIL import Image, ImageOps

HERE = os.path.dirname(os.path.abspath(__file__))
# 3 x 2 pixels, so that a turn by a quarter shows in the sides.
PICTURE = Image.new("RGB", (3, 2))
PICTURE.putdata([(250, 0, 0), (0, 250, 0), (0, 0, 250), (0, 0, 0), (120, 120, 120), (250, 250, 250)])
cases = {}


def encode(kind, **options):
    file = io.BytesIO()
    PICTURE.save(file, kind, **options)
    return file.getvalue()


JPEG, PNG, WEBP = encode("JPEG", quality=95), encode("PNG"), encode("WEBP", lossless=True)
SHORT, LONG, BYTE, SBYTE, SSHORT, SLONG, RATIONAL, ASCII, UNDEFINED = 3, 4, 1, 6, 8, 9, 5, 2, 7


def entry(order, tag, kind, count, value):
    """An entry of a directory; the value stands left in its four bytes, as TIFF wants it."""
    formats = {BYTE: "B", SBYTE: "b", SHORT: "H", SSHORT: "h", LONG: "I", SLONG: "i", ASCII: "B", UNDEFINED: "B", RATIONAL: "I"}
    data = struct.pack(order + formats[kind], value).ljust(4, b"\0")
    return struct.pack(order + "HHI", tag, kind, count) + data


def tiff(*entries, order="<", offset=8, next_directory=0, count=None, after=b"", magic=42):
    header = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", magic, offset)
    directory = struct.pack(order + "H", len(entries) if count is None else count) + b"".join(entries)
    return header + bytes(offset - 8) + directory + struct.pack(order + "I", next_directory) + after


def exif(value=6, kind=SHORT, count=1, order="<", **options):
    return tiff(entry(order, 0x0112, kind, count, value), order=order, **options)


MAKE = entry("<", 0x010F, ASCII, 4, 65)
EMPTY = tiff(MAKE)


def segment(marker, data):
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(data) + 2) + data


def app1(block, header=b"Exif\0\0"):
    return segment(0xE1, header + block)


def xmp(value=6, form='tiff:Orientation="{}"'):
    inner = form.format(value)
    attribute, element = (inner, "") if "=" in inner else ("", inner)
    return (f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            f'<rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" {attribute}>{element}</rdf:Description>'
            f'</rdf:RDF></x:xmpmeta>').encode()


def xmp_segment(packet):
    return segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet)


def jpeg(*segments, at=None):
    """The picture with segments behind its APP0, or elsewhere."""
    place = 2 if at == "first" else JPEG.index(b"\xff\xda") if at == "before scan" else 4 + struct.unpack(">H", JPEG[4:6])[0]
    return JPEG[:place] + b"".join(segments) + JPEG[place:]


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(*chunks, at="before"):
    place = PNG.index(b"IDAT") - 4 if at == "before" else PNG.index(b"IEND") - 4
    return PNG[:place] + b"".join(chunks) + PNG[place:]


def raw_profile(name, data, kind=b"zTXt", width=72):
    lines = data.hex()
    text = f"\n{name}\n{len(data):8d}\n".encode() + b"".join(lines[i:i + width].encode() + b"\n" for i in range(0, len(lines), width))
    keyword = b"Raw profile type " + name.encode() + b"\0"
    if kind == b"zTXt":
        return chunk(kind, keyword + b"\0" + zlib.compress(text))
    return chunk(kind, keyword + (b"\0\0\0\0" if kind == b"iTXt" else b"") + text)


def xmp_chunk(packet, compressed=False):
    head = b"XML:com.adobe.xmp\0" + (b"\1\0" if compressed else b"\0\0") + b"\0\0"
    return chunk(b"iTXt", head + (zlib.compress(packet) if compressed else packet))


def webp(*chunks, flags=0x08, extended=True):
    def riff_chunk(name, data):
        return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)
    body = WEBP[12:]
    if extended:
        size = struct.pack("<I", PICTURE.width - 1)[:3] + struct.pack("<I", PICTURE.height - 1)[:3]
        body = riff_chunk(b"VP8X", bytes([flags, 0, 0, 0]) + size) + body
    body += b"".join(riff_chunk(name, data) for name, data in chunks)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


for value in range(11):
    cases[f"jpeg_value_{value}.jpg"] = jpeg(app1(exif(value)))
for value in (65535, 256 * 6):
    cases[f"jpeg_value_{value}.jpg"] = jpeg(app1(exif(value)))
cases["jpeg_none.jpg"] = JPEG
cases["jpeg_big_endian.jpg"] = jpeg(app1(exif(order=">")))
cases["jpeg_first_segment.jpg"] = jpeg(app1(exif()), at="first")
cases["jpeg_before_scan.jpg"] = jpeg(app1(exif()), at="before scan")
for name, kind in (("byte", BYTE), ("sbyte", SBYTE), ("sshort", SSHORT), ("long", LONG), ("slong", SLONG), ("undefined", UNDEFINED)):
    for label, order in (("little", "<"), ("big", ">")):
        cases[f"jpeg_{name}_{label}.jpg"] = jpeg(app1(exif(kind=kind, order=order)))
cases["jpeg_rational.jpg"] = jpeg(app1(exif(26, RATIONAL, after=struct.pack("<II", 6, 1))))
cases["jpeg_text.jpg"] = jpeg(app1(exif(ord("6"), ASCII, 2)))
cases["jpeg_count_0.jpg"] = jpeg(app1(exif(count=0)))
cases["jpeg_count_2.jpg"] = jpeg(app1(exif(count=2)))
cases["jpeg_count_4_bytes.jpg"] = jpeg(app1(exif(kind=BYTE, count=4)))
cases["jpeg_count_3_elsewhere.jpg"] = jpeg(app1(exif(26, count=3, after=b"")[:10] + struct.pack("<HHII", 0x0112, SHORT, 3, 26) + bytes(4) + struct.pack("<HHH", 6, 1, 1)))
cases["jpeg_directory_elsewhere.jpg"] = jpeg(app1(exif(offset=64)))
cases["jpeg_unsorted.jpg"] = jpeg(app1(tiff(entry("<", 0x0128, SHORT, 1, 2), entry("<", 0x0112, SHORT, 1, 6), MAKE)))
cases["jpeg_twice_in_directory.jpg"] = jpeg(app1(tiff(entry("<", 0x0112, SHORT, 1, 6), entry("<", 0x0112, SHORT, 1, 3))))
cases["jpeg_truncated_directory.jpg"] = jpeg(app1(tiff(entry("<", 0x0112, SHORT, 1, 6), count=5)[:22]))
cases["jpeg_truncated_entry.jpg"] = jpeg(app1(tiff(MAKE, entry("<", 0x0112, SHORT, 1, 6), count=2)[:30]))
cases["jpeg_no_next_directory.jpg"] = jpeg(app1(exif()[:-4]))
cases["jpeg_thumbnail_only.jpg"] = jpeg(app1(tiff(MAKE, next_directory=26, after=struct.pack("<H", 1) + entry("<", 0x0112, SHORT, 1, 6) + bytes(4))))
cases["jpeg_thumbnail_differs.jpg"] = jpeg(app1(exif(3, next_directory=26, after=struct.pack("<H", 1) + entry("<", 0x0112, SHORT, 1, 6) + bytes(4))))
cases["jpeg_offset_beyond_end.jpg"] = jpeg(app1(b"II*\0" + struct.pack("<I", 5000)))
cases["jpeg_empty_exif.jpg"] = jpeg(app1(b""))
cases["jpeg_header_ff.jpg"] = jpeg(app1(exif(), header=b"Exif\0\xff"))
cases["jpeg_header_short.jpg"] = jpeg(app1(exif(), header=b"Exif\0"))
cases["jpeg_other_magic.jpg"] = jpeg(app1(exif(magic=0x55)))
cases["jpeg_fill_bytes.jpg"] = jpeg(b"\xff\xff\xff" + app1(exif()))
cases["jpeg_xmp_then_exif.jpg"] = jpeg(xmp_segment(xmp(3)), app1(exif()))
cases["jpeg_exif_then_xmp.jpg"] = jpeg(app1(exif()), xmp_segment(xmp(3)))
cases["jpeg_two_exif.jpg"] = jpeg(app1(exif()), app1(exif(3)))
cases["jpeg_exif_without_then_with.jpg"] = jpeg(app1(EMPTY), app1(exif()))
cases["jpeg_xmp_attribute.jpg"] = jpeg(xmp_segment(xmp()))
cases["jpeg_xmp_element.jpg"] = jpeg(xmp_segment(xmp(form="<tiff:Orientation>{}</tiff:Orientation>")))
cases["jpeg_xmp_single_quotes.jpg"] = jpeg(xmp_segment(xmp(form="tiff:Orientation = '{}'")))
cases["jpeg_xmp_beyond.jpg"] = jpeg(xmp_segment(xmp(60)))
cases["jpeg_exif_without_xmp_with.jpg"] = jpeg(app1(EMPTY), xmp_segment(xmp()))
cases["jpeg_exif_0_xmp_6.jpg"] = jpeg(app1(exif(0)), xmp_segment(xmp()))
cases["jpeg_many_apps_before.jpg"] = jpeg(segment(0xE2, b"ICC_PROFILE\0\1\1" + bytes(600)), segment(0xED, b"Photoshop 3.0\0" + bytes(40)), segment(0xFE, b"comment"), app1(exif()))

cases["png_none.png"] = PNG
for value in range(10):
    cases[f"png_value_{value}.png"] = png(chunk(b"eXIf", exif(value)))
cases["png_after_data.png"] = png(chunk(b"eXIf", exif()), at="after")
cases["png_big_endian.png"] = png(chunk(b"eXIf", exif(order=">")))
cases["png_with_jpeg_header.png"] = png(chunk(b"eXIf", b"Exif\0\0" + exif()))
for kind in (b"zTXt", b"tEXt", b"iTXt"):
    cases[f"png_raw_exif_{kind.decode()}.png"] = png(raw_profile("exif", b"Exif\0\0" + exif(), kind))
cases["png_raw_exif_after_data.png"] = png(raw_profile("exif", b"Exif\0\0" + exif()), at="after")
cases["png_raw_exif_no_header.png"] = png(raw_profile("exif", exif()))
cases["png_raw_app1.png"] = png(raw_profile("APP1", b"Exif\0\0" + exif()))
cases["png_raw_app1_xmp.png"] = png(raw_profile("APP1", b"http://ns.adobe.com/xap/1.0/\0" + xmp()))
cases["png_raw_xmp.png"] = png(raw_profile("xmp", xmp()))
cases["png_raw_and_chunk.png"] = png(raw_profile("exif", b"Exif\0\0" + exif(3)), chunk(b"eXIf", exif()))
cases["png_chunk_without_raw_with.png"] = png(chunk(b"eXIf", EMPTY), raw_profile("exif", b"Exif\0\0" + exif()))
cases["png_xmp.png"] = png(xmp_chunk(xmp()))
cases["png_xmp_compressed.png"] = png(xmp_chunk(xmp(), compressed=True))
cases["png_xmp_after_data.png"] = png(xmp_chunk(xmp()), at="after")
cases["png_exif_and_xmp.png"] = png(xmp_chunk(xmp(3)), chunk(b"eXIf", exif()))
cases["png_exif_without_xmp_with.png"] = png(chunk(b"eXIf", EMPTY), xmp_chunk(xmp()))

cases["webp_none.webp"] = WEBP
for value in range(10):
    cases[f"webp_value_{value}.webp"] = webp((b"EXIF", exif(value)))
cases["webp_big_endian.webp"] = webp((b"EXIF", exif(order=">")))
cases["webp_with_jpeg_header.webp"] = webp((b"EXIF", b"Exif\0\0" + exif()))
cases["webp_flag_not_set.webp"] = webp((b"EXIF", exif()), flags=0)
cases["webp_not_extended.webp"] = webp((b"EXIF", exif()), extended=False)
cases["webp_odd_chunk_before.webp"] = webp((b"JUNK", b"odd"), (b"EXIF", exif()))
cases["webp_xmp.webp"] = webp((b"XMP ", xmp()), flags=0x04)
cases["webp_exif_and_xmp.webp"] = webp((b"EXIF", exif()), (b"XMP ", xmp(3)), flags=0x0C)

cases["gif_none.gif"] = encode("GIF")
cases["bmp_none.bmp"] = encode("BMP")


def by_pillow(path):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path) as image:
                image.load()   # what stands behind the data is read with it
                found = image.getexif().get(0x0112)
                turned = ImageOps.exif_transpose(image)
    except Exception:
        return "error"
    orientation = int(float(found)) if found in range(2, 9) else 1
    assert (orientation >= 5) == (turned.size != PICTURE.size), path
    return orientation


def by_exiftool(path):
    tags = json.loads(subprocess.run(["exiftool", "-j", "-n", "-G1", "-a", "-IFD0:Orientation", "-XMP-tiff:Orientation", path], capture_output=True, text=True).stdout)[0]
    found = tags.get("IFD0:Orientation", tags.get("XMP-tiff:Orientation"))
    return found if found in range(2, 9) else 1


def by_vips(path):
    result = subprocess.run(["vipsheader", "-f", "orientation", path], capture_output=True, text=True)
    found = int(result.stdout) if result.returncode == 0 else 1
    return found if found in range(2, 9) else 1


def main():
    table = os.path.join(HERE, "cases.csv")
    kept = {}
    if os.path.exists(table):
        with open(table, newline="") as file:
            kept = {row["file"]: row for row in csv.DictReader(file)}
    with open(table, "w", newline="") as file:
        rows = csv.DictWriter(file, ["file", "pillow", "exiftool", "vips", "expected", "reason"], lineterminator="\n")
        rows.writeheader()
        for name, data in cases.items():
            path = os.path.join(HERE, name)
            with open(path, "wb") as picture:
                picture.write(data)
            row = {"file": name, "pillow": by_pillow(path), "exiftool": by_exiftool(path), "vips": by_vips(path)}
            agreed = row["pillow"] if row["pillow"] == row["exiftool"] == row["vips"] else ""
            old = kept.get(name, {})
            rows.writerow({**row, "expected": old.get("expected") or agreed, "reason": old.get("reason", "")})


main()
