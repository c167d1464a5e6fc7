#!/usr/bin/python3
"""Make stark pictures out of paintings: woodcuts in black and white, and flat bright colours.

    stark_paintings.py PAINTINGS -o FOLDER [--every 3]

Engravings, woodcuts and flat geometric abstraction are rare in a corpus of oil paintings and far from the rest in their
statistics. These stand in for them when a bank of styles is built. The results are for training only.
"""
import argparse
import glob
import os

import numpy as np
from PIL import Image, ImageFilter


def woodcut(rng, im):
    """Black where the picture is darker than its surroundings, with the edge as hard as a burin's."""
    grey = np.asarray(im.convert("L"), np.float32)
    radius = rng.uniform(2, 12)
    around = np.asarray(im.convert("L").filter(ImageFilter.GaussianBlur(radius)), np.float32)
    mix = rng.uniform(0.5, 1.0)
    level = mix * around + (1 - mix) * grey.mean() + rng.uniform(-14, 6)
    ink = 255 / (1 + np.exp(np.clip((level - grey) / rng.uniform(1, 5), -60, 60)))
    paper = np.array([255, 255, 255]) - (rng.uniform(0, 40) * np.array([0, 0.25, 1]) if rng.random() < 0.4 else 0)
    return Image.fromarray((ink[:, :, None] / 255 * paper).clip(0, 255).astype(np.uint8))


def flat_colours(rng, im):
    """A few saturated colours in flat patches."""
    blurred = im.filter(ImageFilter.ModeFilter(int(rng.integers(3, 6)) * 2 + 1)).quantize(int(rng.integers(4, 8)))
    a = np.asarray(blurred.convert("RGB"), np.float32)
    mean = a.mean(2, keepdims=True)
    a = mean + (a - mean) * rng.uniform(1.5, 4)
    a = 128 + (a - a.mean()) * rng.uniform(1.3, 2.5) + rng.uniform(0, 60)
    return Image.fromarray(a.clip(0, 255).astype(np.uint8))


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("paintings")
    ap.add_argument("-o", "--output", required=True)
    ap.add_argument("--every", type=int, default=3)
    a = ap.parse_args()
    rng = np.random.default_rng(9)
    os.makedirs(a.output, exist_ok=True)
    for i, path in enumerate(sorted(glob.glob(os.path.join(a.paintings, "*.jpg")))[:: a.every]):
        im = Image.open(path).convert("RGB")
        stark = flat_colours(rng, im) if i % 3 == 2 else woodcut(rng, im)
        stark.save(os.path.join(a.output, "stark_" + os.path.basename(path)), quality=95)


if __name__ == "__main__":
    main()
