"""Writes HEIF files (ISO/IEC 23008-12) as telephones do, of what heif-enc has coded: it writes neither turns nor grids itself."""
import struct


def box(name, *parts, version=None, flags=0):
    head = b"" if version is None else struct.pack(">I", version << 24 | flags)
    data = head + b"".join(parts)
    return struct.pack(">I4s", 8 + len(data), name) + data


def boxes(data, start=0, end=None):
    end = len(data) if end is None else end
    while start < end:
        size, name = struct.unpack(">I4s", data[start:start + 8])
        yield name, start + 8, start + size
        start += size


def find(data, *path):
    """The content of the first box at a path."""
    start, end = 0, len(data)
    for name in path:
        start, end = next((s, e) for n, s, e in boxes(data, start, end) if n == name)
        if name == b"meta":
            start += 4
    return data[start:end]


def coded(path):
    """(hvcC, coded picture) of a file of one picture that heif-enc wrote."""
    data = open(path, "rb").read()
    return find(data, b"meta", b"iprp", b"ipco", b"hvcC"), find(data, b"mdat")


def ispe(width, height):
    return box(b"ispe", struct.pack(">II", width, height), version=0)


def irot(quarters):
    """So many quarters of a turn, against the clock."""
    return box(b"irot", bytes([quarters]))


def imir(axis):
    return box(b"imir", bytes([axis]))


def icc(profile):
    return box(b"colr", b"prof", profile)


def aux(urn):
    return box(b"auxC", urn, b"\0", version=0)


def write(path, items, references=(), primary=1, brand=b"heic"):
    """items: [(type, properties, data, hidden)], numbered from 1; a property with a name in ipco that makes it essential, as for hvcC and
    turns, is marked so. references: [(type, from, [to])]."""
    ipco, ipma, iinf, iloc, mdat = [], [], [], [], b""
    for number, (kind, properties, data, hidden) in enumerate(items, 1):
        places = []
        for prop in properties:
            if prop not in ipco:
                ipco.append(prop)
            essential = prop[4:8] in (b"hvcC", b"irot", b"imir")
            places.append(ipco.index(prop) + 1 | (0x80 if essential else 0))
        ipma.append(struct.pack(">HB", number, len(places)) + bytes(places))
        iinf.append(box(b"infe", struct.pack(">HH4s", number, 0, kind), b"\0", version=2, flags=int(hidden)))
        iloc.append((number, len(mdat), len(data)))
        mdat += data

    def meta(offset):
        locations = b"".join(struct.pack(">HHHII", n, 0, 1, offset + o, size) for n, o, size in iloc)
        refs = [box(kind, struct.pack(">HH", source, len(to)), *(struct.pack(">H", t) for t in to)) for kind, source, to in references]
        return box(
            b"meta",
            box(b"hdlr", struct.pack(">I4s12x", 0, b"pict"), b"\0", version=0),
            box(b"pitm", struct.pack(">H", primary), version=0),
            box(b"iinf", struct.pack(">H", len(iinf)), *iinf, version=0),
            box(b"iref", *refs, version=0) if refs else b"",
            box(b"iprp", box(b"ipco", *ipco), box(b"ipma", struct.pack(">I", len(ipma)), *ipma, version=0)),
            box(b"iloc", struct.pack(">HH", 0x4400, len(iloc)), locations, version=0), version=0)

    ftyp = box(b"ftyp", brand, struct.pack(">I", 0), b"mif1", brand)
    with open(path, "wb") as file:
        file.write(ftyp + meta(len(ftyp) + len(meta(0)) + 8) + box(b"mdat", mdat))
