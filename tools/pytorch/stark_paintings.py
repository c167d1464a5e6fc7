#!/usr/bin/python3
"""Make stark pictures out of paintings: woodcuts in black and white, and flat bright colours.

    stark_paintings.py PAINTINGS -o FOLDER [--every 3] [--found N]

With --found there are N copies, too, of the paintings that are stark themselves: a sixteenth with the hardest changes
between neighbours, and a sixteenth with the widest colours. The last 32 by name, which trainings hold out, are left out.

Engravings, woodcuts and flat geometric abstraction are rare in a corpus of oil paintings and far from the rest in their
statistics. These stand in for them when a bank of styles is built. The results are for training only.
"""
import argparse
import glob
import os
import shutil

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


def stark_ones(paths):
    """The sixteenth with the largest mean difference between neighbours, and that with the largest deviation of colours."""
    measures = []
    for path in paths:
        im = Image.open(path).convert("RGB")
        im.thumbnail((640, 640))
        a = np.asarray(im, np.float32)
        grey = a.mean(2)
        measures.append([np.abs(np.diff(grey, axis=0)).mean() + np.abs(np.diff(grey, axis=1)).mean(),
                         a.reshape(-1, 3).std(0).mean()])
    order = np.argsort(-np.array(measures), axis=0)[: len(paths) // 16]
    return [paths[i] for i in sorted(set(order.ravel())) if i < len(paths) - 32]


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("paintings")
    ap.add_argument("-o", "--output", required=True)
    ap.add_argument("--every", type=int, default=3)
    ap.add_argument("--found", type=int, default=0)
    a = ap.parse_args()
    rng = np.random.default_rng(9)
    os.makedirs(a.output, exist_ok=True)
    paths = sorted(glob.glob(os.path.join(a.paintings, "*.jpg")))
    for path in stark_ones(paths) if a.found else []:
        for k in range(a.found):
            shutil.copy(path, os.path.join(a.output, "found%d_%s" % (k, os.path.basename(path))))
    for i, path in enumerate(paths[:: a.every]):
        im = Image.open(path).convert("RGB")
        stark = flat_colours(rng, im) if i % 3 == 2 else woodcut(rng, im)
        stark.save(os.path.join(a.output, "stark_" + os.path.basename(path)), quality=95)


if __name__ == "__main__":
    main()
