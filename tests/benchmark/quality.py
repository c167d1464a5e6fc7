#!/usr/bin/python3
"""Measure the base generator as the model card does: the pairs of a measuring folder, and the grid in our own samples.

    quality.py PASTICHE [--measure ../shared/measure] [--limit N] [--keep FOLDER]

Photographs are reduced to a short side of 512 and painted in full; the folder's own quality.py then prints style, content and
SSIM. The grid is, across and down, the largest over the smallest of eight phases of the mean difference between
neighbours whose place is the same modulo 8. Needs Debian's python3-torch, python3-numpy and python3-pil.
"""
import argparse
import csv
import os
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
SIDE = 512
STYLES = ("great-wave", "starry-night")


def stylize(program, photo, style, output, *words):
    subprocess.run([program, "stylize", photo, "--style", style, "-o", output, "--on-conflict", "overwrite", *words],
                   check=True, stdout=subprocess.DEVNULL)


def grid(path):
    grey = np.asarray(Image.open(path).convert("L"), np.float64)
    ratios = []
    for axis in (1, 0):
        change = np.abs(np.diff(grey, axis=axis)).mean(1 - axis)
        phases = [change[p::8].mean() for p in range(8)]
        ratios.append(max(phases) / min(phases))
    return "across %.3f  down %.3f" % tuple(ratios)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("program")
    ap.add_argument("--measure", default=os.path.join(ROOT, "..", "shared", "measure"))
    ap.add_argument("--limit", type=int)
    ap.add_argument("--keep")
    a = ap.parse_args()
    folder = a.keep or tempfile.mkdtemp(prefix="pastiche-quality-")
    os.makedirs(folder, exist_ok=True)
    sample = os.path.join(ROOT, "data", "samples", "lake.jpg")
    print("grid of the sample: " + grid(sample))
    for style in STYLES:
        output = os.path.join(folder, style + ".png")
        stylize(a.program, sample, style, output)
        print("grid of %s: %s" % (style, grid(output)), flush=True)
    pairs = os.path.join(a.measure, "pairs.tsv")
    if not os.path.exists(pairs):
        sys.exit("quality.py: %s: no such file; the pairs are left out" % pairs)
    with open(pairs) as f:
        rows = list(csv.DictReader(f, delimiter="\t"))[:a.limit]
    for row in rows:
        photo, style = (os.path.join(a.measure, row[k]) for k in ("content", "style"))
        width, height = Image.open(photo).size
        long_side = round(SIDE * max(width, height) / min(width, height))
        stylize(a.program, photo, style, os.path.join(folder, row["output"]), "--size", str(long_side))
    subprocess.run(["/usr/bin/python3", os.path.join(a.measure, "quality.py"), pairs, "--outputs", folder, "--limit",
                    str(len(rows))], check=True)


if __name__ == "__main__":
    main()
