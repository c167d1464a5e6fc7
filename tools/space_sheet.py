#!/usr/bin/python3
"""Paints the sheets of the space of styles that the docs show: tools/space_sheet.py PASTICHE [FOLDER]

space_invented.jpg: the first nine inventions, seeds 1 to 9. space_walk.jpg: a walk from one built-in style to another.
space_words.jpg: eight sentences, on the samples in turn. Nothing is picked out. Needs Debian's python3-pil.
"""
import os
import subprocess
import sys
import tempfile

from PIL import Image, ImageDraw, ImageFont

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
SAMPLES = [os.path.join(ROOT, "data", "samples", name) for name in ("lake.jpg", "street.jpg", "still_life.jpg")]
SENTENCES = ["stormy blue impressionist sea, thick paint", "pale Japanese woodblock print, flat", "golden baroque portrait, dark",
             "happy red and yellow fauvism", "misty grey winter, Chinese ink", "bold geometric abstract, black and red",
             "van Gogh, swirling night", "soft pink rococo, not dark"]
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
WIDTH, GAP, LINE = 400, 6, 24


def paint(program, photo, words, folder):
    path = os.path.join(folder, "x.png")
    subprocess.run([program, "stylize", photo, "--size", "600", "-o", path, "--on-conflict", "overwrite", *words],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    picture = Image.open(path).convert("RGB")
    height = WIDTH * 2 // 3
    scale = max(WIDTH / picture.width, height / picture.height)
    picture = picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.LANCZOS)
    left, top = (picture.width - WIDTH) // 2, (picture.height - height) // 2
    return picture.crop((left, top, left + WIDTH, top + height))


def sheet(pictures, captions, columns, path):
    height = pictures[0].height + (LINE if captions else 0)
    rows = -(-len(pictures) // columns)
    page = Image.new("RGB", (columns * (WIDTH + GAP) - GAP, rows * (height + GAP) - GAP), "white")
    draw, font = ImageDraw.Draw(page), ImageFont.truetype(FONT, 13)
    for i, picture in enumerate(pictures):
        x, y = i % columns * (WIDTH + GAP), i // columns * (height + GAP)
        page.paste(picture, (x, y))
        if captions:
            draw.text((x + 4, y + picture.height + 6), captions[i], fill=(60, 60, 60), font=font)
    page.save(path, quality=85)


def main(program, folder=os.path.join(ROOT, "docs")):
    with tempfile.TemporaryDirectory() as scratch:
        seeds = [str(seed) for seed in range(1, 10)]
        sheet([paint(program, SAMPLES[0], ["--surprise", seed], scratch) for seed in seeds], None, 3,
              os.path.join(folder, "space_invented.jpg"))
        sheet([paint(program, SAMPLES[i % 3], ["--words", words], scratch) for i, words in enumerate(SENTENCES)], SENTENCES,
              4, os.path.join(folder, "space_words.jpg"))
    subprocess.run([program, "walk", "great-wave", "kiss", "--steps", "9", "--size", "240", "-o",
                    os.path.join(folder, "space_walk.jpg"), "--on-conflict", "overwrite"], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
