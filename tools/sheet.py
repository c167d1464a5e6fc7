#!/usr/bin/python3
"""Make the sheet of the README: each sample picture as a masterpiece in six styles, by the program itself.

    sheet.py PASTICHE -o docs/sheet.jpg
"""
import argparse
import os
import subprocess
import tempfile

from PIL import Image

STYLES = ("charing-cross-bridge", "great-wave", "composition-iv", "starry-night", "flower-box", "nozarashi-gosuke")
SAMPLES = ("lake", "still_life", "street")
HERE = os.path.dirname(os.path.abspath(__file__))
CELL, GAP = (420, 280), 8


def fitted(path, cell):
    """The middle of a picture in the shape of a cell, (width, height)."""
    im = Image.open(path).convert("RGB")
    k = max(cell[0] / im.width, cell[1] / im.height)
    im = im.resize((round(im.width * k), round(im.height * k)), Image.LANCZOS)
    x, y = (im.width - cell[0]) // 2, (im.height - cell[1]) // 2
    return im.crop((x, y, x + cell[0], y + cell[1]))


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("program")
    ap.add_argument("-o", "--output", required=True)
    a = ap.parse_args()
    columns, rows = len(STYLES) + 1, len(SAMPLES)
    sheet = Image.new("RGB", (columns * (CELL[0] + GAP) - GAP, rows * (CELL[1] + GAP) - GAP), "white")
    with tempfile.TemporaryDirectory() as folder:
        for y, sample in enumerate(SAMPLES):
            photo = os.path.join(HERE, "..", "data", "samples", sample + ".jpg")
            paths = [photo]
            for style in STYLES:
                paths.append(os.path.join(folder, "%s-%s.png" % (sample, style)))
                subprocess.run([a.program, "stylize", photo, "--style", style, "--size", "640", "--finish", "masterpiece",
                                "-o", paths[-1]], check=True,
                               stdout=subprocess.DEVNULL)
            for x, path in enumerate(paths):
                sheet.paste(fitted(path, CELL), (x * (CELL[0] + GAP), y * (CELL[1] + GAP)))
    sheet.save(a.output, quality=88)


if __name__ == "__main__":
    main()
