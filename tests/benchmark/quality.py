#!/usr/bin/python3
"""Measure what is painted as the model card does: the pairs of a measuring folder, and the grid in our own samples.

    quality.py PASTICHE [--measure ../shared/measure] [--sets instant,styles,masterpiece] [--every N] [--limit N]
                      [--keep FOLDER]

Photographs are reduced to a short side of 512 and painted in full: instantly with the painting as a picture, instantly in the
built-in style of that painting, and as a masterpiece. The folder's own strokes.py and quality.py then measure strokes,
style and content, each beside its floor. The grid is, across and down, the largest over the smallest of eight phases of the mean difference between
neighbours whose place is the same modulo 8. Needs Debian's python3-torch, python3-numpy and python3-pil.
"""
import argparse
import csv
import os
import random
import re
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image

from floors import judge

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
SIDE = 512
FLOORS = {"instant": (0.25, 0.25, 1.10), "styles": (0.235, 0.22, 1.20), "masterpiece": (0.225, 0.17, 1.20)}
STYLES = ("great-wave", "starry-night")


def fair(rows, count):
    """So many of the rows, drawn so that no painting comes twice before each has come once. (A few stark paintings have half
    of the style loss; counted off, rows hold some paintings always and others never.)"""
    rounds, seen = [], {}
    for row in random.Random(0).sample(rows, len(rows)):
        seen[row["style"]] = seen.get(row["style"], 0) + 1
        rounds.append((seen[row["style"]], row))
    return [row for _, row in sorted(rounds, key=lambda one: one[0])[:count]]


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


def built_in():
    """The built-in style of each painting, by the painting's file name."""
    with open(os.path.join(ROOT, "data", "styles", "styles.tsv"), encoding="utf-8") as f:
        return {row["painting"]: row["id"] for row in csv.DictReader(f, delimiter="\t")}


def paint(program, measure, rows, kind, folder):
    styles = built_in()
    for row in rows:
        photo, style = (os.path.join(measure, row[k]) for k in ("content", "style"))
        width, height = Image.open(photo).size
        long_side = round(SIDE * max(width, height) / min(width, height))
        stylize(program, photo, styles[os.path.basename(style)] if kind == "styles" else style,
                os.path.join(folder, row["output"]), "--size", str(long_side),
                "--finish", "masterpiece" if kind == "masterpiece" else "instant")


def write_pairs(measure, rows, path):
    """The pairs of these rows, for the scripts of the measuring folder."""
    with open(path, "w") as f:
        f.write("content\tstyle\toutput\n")
        for row in rows:
            f.write("\t".join((*(os.path.abspath(os.path.join(measure, row[k])) for k in ("content", "style")), row["output"])) + "\n")


def measured(measure, script, word, folder, pairs):
    """The means that a script of the measuring folder prints, those that `word` lists."""
    done = subprocess.run(["/usr/bin/python3", os.path.join(measure, script), pairs, "--outputs", folder], check=True,
                          capture_output=True, text=True)
    print(done.stdout.strip().splitlines()[-1], flush=True)
    return [float(re.search(w + r" ([0-9.]+)", done.stdout.strip().splitlines()[-1])[1]) for w in word]


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("program")
    ap.add_argument("--measure", default=os.path.join(ROOT, "..", "shared", "measure"))
    ap.add_argument("--sets", default=",".join(FLOORS))
    ap.add_argument("--every", type=int, default=1, help="one pair in so many, for a figure in less time")
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
    rows = fair(rows, len(rows) // a.every)
    chosen, met = os.path.join(folder, "pairs.tsv"), True
    write_pairs(a.measure, rows, chosen)
    for kind in a.sets.split(","):
        own = os.path.join(folder, kind)
        os.makedirs(own, exist_ok=True)
        paint(a.program, a.measure, rows, kind, own)
        strokes = measured(a.measure, "strokes.py", ["strokes"], own, chosen)
        style, content = measured(a.measure, "quality.py", ["style", "content"], own, chosen)
        for name, value, floor in zip(("strokes", "style", "content"), (*strokes, style, content), FLOORS[kind]):
            met &= judge("%s: %s" % (kind, name), value, floor, most=True)
    sys.exit(not met)


if __name__ == "__main__":
    main()
