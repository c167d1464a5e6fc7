#!/usr/bin/python3
"""Make the sheet of styles that were trained on a few pictures: photographs as they are, painted with the base generator
given the same pictures, after quick and after fine training.

    few_shot_sheet.py PASTICHE --sets FOLDER [--styles FOLDER] [-o docs/few_shot_sheet.jpg] [PHOTO...]

FOLDER holds a folder of pictures for each set; the last picture of each is left out of training. Without photographs, those
of data/samples are painted, and the middle of one, larger, so that strokes are seen: the sheet in docs holds no picture of
others. --styles keeps the trained styles and takes those that are there: the names are those of tests/benchmark/few_shot.py --keep.
"""
import argparse
import glob
import os
import subprocess
import tempfile

from PIL import Image, ImageDraw, ImageFont

from sheet import fitted

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLES = [os.path.join(HERE, "..", "data", "samples", name + ".jpg") for name in ("lake", "still_life", "street")]
COLUMNS = ["photograph", "base", "quick", "fine"]
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
CELL, GAP, HEAD = (400, 267), 6, 34


def middle(path, folder):
    """The middle of a picture, half as wide and high, as a file in the folder."""
    with Image.open(path) as picture:
        w, h = picture.size
        out = os.path.join(folder, "middle.png")
        picture.crop((w // 4, h // 4, w // 4 + w // 2, h // 4 + h // 2)).save(out)
    return out


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("program")
    ap.add_argument("photos", nargs="*", default=[])
    ap.add_argument("--sets", required=True)
    ap.add_argument("--styles")
    ap.add_argument("--photos", dest="content_set", help="photographs to train with (default: the program's samples)")
    ap.add_argument("-o", "--output", default=os.path.join(HERE, "..", "docs", "few_shot_sheet.jpg"))
    a = ap.parse_args()
    folder = a.styles or tempfile.mkdtemp(prefix="pastiche-sheet-")
    os.makedirs(folder, exist_ok=True)
    a.photos = a.photos or SAMPLES + [middle(SAMPLES[-1], folder)]
    sets = sorted(n for n in os.listdir(a.sets) if os.path.isdir(os.path.join(a.sets, n)))
    height = HEAD + len(sets) * len(a.photos) * (CELL[1] + GAP) - GAP
    sheet = Image.new("RGB", (len(COLUMNS) * (CELL[0] + GAP) - GAP, height), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.truetype(FONT, 20)
    for x, title in enumerate(COLUMNS):
        draw.text((x * (CELL[0] + GAP), 4), title, fill="black", font=font)
    call = lambda *words: subprocess.run([a.program, *words], check=True, stdout=subprocess.DEVNULL)
    for s, name in enumerate(sets):
        pictures = sorted(glob.glob(os.path.join(a.sets, name, "*.jpg")))[:-1]
        for x, title in enumerate(COLUMNS[1:], 1):
            style = os.path.join(folder, "%s-%s.style" % (name, title))
            if not os.path.exists(style) and title == "base":
                call("style", "make", *pictures, "-o", style, "--no-thumbnail")
            elif not os.path.exists(style):
                photos = ["--photos", a.content_set] if a.content_set else []
                call("train", *pictures, "--name", name, "-o", style, "--quality", title, *photos)
            for y, photo in enumerate(a.photos):
                at = HEAD + (s * len(a.photos) + y) * (CELL[1] + GAP)
                with tempfile.TemporaryDirectory() as scratch:
                    out = os.path.join(scratch, "out.png")
                    call("stylize", photo, "--style", style, "--size", "512", "-o", out)
                    sheet.paste(fitted(out, CELL), (x * (CELL[0] + GAP), at))
                sheet.paste(fitted(photo, CELL), (0, at))
    sheet.save(a.output, quality=88)


if __name__ == "__main__":
    main()
