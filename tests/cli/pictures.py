"""Pictures of the tests: arrays [height][width][channels] of 8 or 16 bits.

Pillow has no 16 bits of several channels, so PNG files of these are read and written by pypng.
"""
import io

import numpy as np
import png
from PIL import Image

DEPTH_AT = 24  # in a PNG file


def draw(width, height, colour, channels=3, depth=8):
    """A picture by a function of x, y (0 to 1) that gives `channels` values or more, from 0 to 1."""
    values = [[colour(x / width, y / height)[:channels] for x in range(width)] for y in range(height)]
    return np.rint(np.clip(values, 0, 1) * (2 ** depth - 1)).astype(f"uint{depth}")


def encode(picture, **options):
    """The bytes of a PNG file; `options` are Pillow's, for 8 bits."""
    height, width, channels = picture.shape
    file = io.BytesIO()
    if picture.dtype == np.uint16:
        png.Writer(width, height, greyscale=channels == 1, alpha=channels == 4, bitdepth=16).write(
            file, picture.reshape(height, -1).tolist())
    else:
        Image.fromarray(picture[..., 0] if channels == 1 else picture).save(file, "PNG", compress_level=1, **options)
    return file.getvalue()


def read(path):
    """The picture of a PNG file."""
    with open(path, "rb") as file:
        content = file.read()
    if content[DEPTH_AT] == 16:
        width, height, rows, _ = png.Reader(bytes=content).read()
        return np.array([list(row) for row in rows], np.uint16).reshape(height, width, -1)
    picture = np.array(Image.open(io.BytesIO(content)))
    return picture.reshape(*picture.shape[:2], -1)


def size(picture):
    """Width and height."""
    return picture.shape[1], picture.shape[0]


def samples(picture):
    """As floats from 0 to 1."""
    return picture / np.iinfo(picture.dtype).max


def distance(a, b):
    """Mean difference of two pictures' colours, from 0 to 1."""
    return np.abs(samples(a)[..., :3] - samples(b)[..., :3]).mean()
