"""What is said of pictures unlike all that the painter was trained on.

The photographs are those of SHARED/corpus/photos beside the source, of which every fifth was held out; without them their
test is skipped.
"""
import json
import os
import unittest

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from bench import SPACE, Bench

SHARED = os.path.join(os.environ["SOURCE_ROOT"], "..", "shared", "corpus", "photos")
SIDE = 384
SILENT = 0.95


def noise(rng):
    return Image.fromarray(rng.integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8))


def text_scan(rng):
    page = Image.new("RGB", (SIDE, 2 * SIDE), (250, 250, 247))
    draw = ImageDraw.Draw(page)
    letters = "abcdefghijklmnopqrstuvwxyz    "
    for y in range(20, 2 * SIDE - 20, 14):
        draw.text((20, y), "".join(rng.choice(list(letters), 56)), fill=(20, 20, 20))
    return page


def x_ray(rng):
    """Pale bones in grey flesh on black, soft."""
    picture = Image.new("L", (SIDE, SIDE), 4)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((60, 20, SIDE - 60, SIDE - 10), fill=70)
    for i in range(9):
        y = 70 + 32 * i + int(rng.integers(-4, 5))
        draw.arc((90, y - 30, SIDE - 90, y + 30), 200, 340, fill=190, width=9)
    draw.rectangle((SIDE // 2 - 12, 40, SIDE // 2 + 12, SIDE - 30), fill=220)
    return picture.filter(ImageFilter.GaussianBlur(4)).convert("RGB")


def thermal(rng):
    """Warm blobs in a rainbow of false colours."""
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    heat = sum(a * np.exp(-((x - u) ** 2 + (y - v) ** 2) / s ** 2)
               for a, u, v, s in zip(rng.uniform(0.4, 1, 6), rng.random(6), rng.random(6), rng.uniform(0.08, 0.3, 6)))
    heat = heat / heat.max()
    colours = np.stack([np.clip(1.5 - abs(4 * heat - c), 0, 1) for c in (3, 2, 1)], 2)
    return Image.fromarray(np.uint8(255 * colours))


class Unlike(Bench):
    data_files = Bench.data_files + SPACE

    def notes(self, *paths):
        """Of which photographs it is said, by `stylize`."""
        done = self.pastiche("stylize", *paths, "--style", "red-one", "--size", "32", "--json", "-o", "out/")
        events = [json.loads(line) for line in done.stdout.splitlines()]
        return [event["message"] for event in events if event.get("event") == "note"]

    def test_strange_pictures(self):
        rng = np.random.default_rng(1)
        names = []
        for make in noise, text_scan, x_ray, thermal:
            for i in range(3):
                names.append(f"{make.__name__}{i}.png")
                make(rng).save(os.path.join(self.here, names[-1]))
        notes = self.notes(*names)
        self.assertEqual([name for name in names if not any(name in note for note in notes)], [])
        self.assertIn("unlike", self.pastiche("info", "noise0.png").stdout)

    @unittest.skipUnless(os.path.isdir(SHARED), "no photographs beside the source")
    def test_photographs(self):
        names = sorted(name for name in os.listdir(SHARED) if name.endswith((".jpg", ".jpeg", ".png")))[4::15]
        notes = self.notes(*(os.path.join(SHARED, name) for name in names))
        self.assertLessEqual(len(notes), (1 - SILENT) * len(names), notes)
