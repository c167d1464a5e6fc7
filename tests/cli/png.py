"""PNG files for tests, with nothing but Python's own library: 8 or 16 bit, grey, RGB or RGBA, not interlaced."""
import struct
import zlib

CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}
COLOUR = {1: 0, 3: 2, 4: 6}


class Picture:
    """`rows` is a list of rows, each a flat list of samples from 0 to 2**depth - 1."""

    def __init__(self, width, height, channels, depth, rows):
        self.width, self.height, self.channels, self.depth, self.rows = width, height, channels, depth, rows

    def samples(self, channels=range(3)):
        """The samples of some channels as floats from 0 to 1, row by row."""
        full = 2 ** self.depth - 1
        return [row[x + c] / full for row in self.rows for x in range(0, len(row), self.channels) for c in channels]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def encode_raw(width, height, packed, depth=8, colour=2):
    """A PNG file of rows that are filtered and compressed already."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def encode(picture):
    code = "B" if picture.depth == 8 else "H"
    raw = b"".join(b"\0" + struct.pack(f">{len(row)}{code}", *row) for row in picture.rows)
    return encode_raw(picture.width, picture.height, zlib.compress(raw, 1), picture.depth, COLOUR[picture.channels])


def write(path, picture):
    with open(path, "wb") as file:
        file.write(encode(picture))


def paeth(a, b, c):
    p = a + b - c
    pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
    return a if pa <= pb and pa <= pc else b if pb <= pc else c


def unfilter(kind, line, above, step):
    for i in range(len(line)):
        left = line[i - step] if i >= step else 0
        corner = above[i - step] if i >= step else 0
        guess = (0, left, above[i], (left + above[i]) // 2, paeth(left, above[i], corner))[kind]
        line[i] = (line[i] + guess) & 255
    return line


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    assert data.startswith(b"\x89PNG\r\n\x1a\n"), f"{path} is no PNG"
    place, packed, header = 8, b"", None
    while place < len(data):
        size, kind = struct.unpack_from(">I4s", data, place)
        body = data[place + 8:place + 8 + size]
        header = struct.unpack(">IIBBBBB", body) if kind == b"IHDR" else header
        packed += body if kind == b"IDAT" else b""
        place += size + 12
    width, height, depth, colour = header[:4]
    channels, raw = CHANNELS[colour], zlib.decompress(packed)
    step = channels * depth // 8
    stride, rows, above = width * step, [], bytearray(width * step)
    for y in range(height):
        start = y * (stride + 1)
        above = unfilter(raw[start], bytearray(raw[start + 1:start + 1 + stride]), above, step)
        rows.append(list(struct.unpack(f">{width * channels}{'B' if depth == 8 else 'H'}", above)))
    return Picture(width, height, channels, depth, rows)


def paint(width, height, colour, channels=3, depth=8):
    """A picture by a function of x, y (0 to 1) that gives `channels` values from 0 to 1."""
    full = 2 ** depth - 1
    rows = [[round(full * min(1, max(0, value))) for x in range(width)
             for value in colour(x / width, y / height)[:channels]] for y in range(height)]
    return Picture(width, height, channels, depth, rows)


def distance(a, b, channels=range(3)):
    """Mean difference of two pictures' samples, from 0 to 1."""
    one, two = a.samples(channels), b.samples(channels)
    assert len(one) == len(two)
    return sum(abs(p - q) for p, q in zip(one, two)) / len(one)
