"""Other domains: adapt, gap, augment, classify."""
import json
import os
import re
import shutil

import numpy as np
from PIL import Image

from bench import SPACE, Bench
from pictures import encode

SIDE = 72


def picture(kind, number, dark=False):
    """A disc or a square somewhere, on a ground of some colour."""
    rng = np.random.default_rng([len(kind), number])
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    cx, cy, r = rng.uniform(0.35, 0.65, 2).tolist() + [rng.uniform(0.2, 0.3)]
    inside = np.hypot(x - cx, y - cy) < r if kind == "disc" else np.maximum(abs(x - cx), abs(y - cy)) < r
    ground, thing = rng.uniform(0.4, 0.9, 3), rng.uniform(0, 0.4, 3)
    rgb = np.where(inside[..., None], thing, ground) + 0.1 * np.sin(30 * x + 9 * number)[..., None]
    if dark:
        rgb = 0.15 * rgb + rng.normal(0, 0.02, rgb.shape)
    return (np.clip(rgb, 0, 1) * 255).astype("uint8")


def pixels(path):
    return np.asarray(Image.open(path).convert("RGB"), float) / 255


class Domains(Bench):
    data_files = Bench.data_files + SPACE

    def folder(self, name, kind="disc", count=6, dark=False):
        path = os.path.join(self.here, name)
        os.makedirs(path)
        for number in range(count):
            self.keep(os.path.join(path, f"{kind}{number}.png"), encode(picture(kind, number, dark)))
        return path

    def dataset(self, name="things", count=6):
        for kind in "disc", "square":
            self.folder(f"{name}/{kind}", kind, count)
        return name

    def lines(self, *words, **options):
        return [json.loads(line) for line in self.pastiche(*words, **options).stdout.splitlines()]

    # ---- adapt and gap ----

    def test_adapt(self):
        self.folder("day")
        self.folder("night", dark=True)
        before = self.lines("gap", "day", "night", "--json")[0]
        done = self.pastiche("adapt", "day", "--like", "night", "-o", "out", "--noise", "1", "--cube", "night.cube")
        cube, *paths = done.stdout.splitlines()
        self.assertEqual((cube, len(paths)), ("night.cube", 6))
        with open(os.path.join(self.here, cube), encoding="ascii") as file:
            self.assertEqual(len(file.read().splitlines()), 2 + 33 ** 3)
        after = self.lines("gap", "out", "night", "--json")[0]
        self.assertLess(after["frechet"], 0.8 * before["frechet"])
        self.assertEqual(before["pictures"], [6, 6])
        light = [np.mean([pixels(os.path.join(self.here, folder, name)).mean() for name in os.listdir(
            os.path.join(self.here, folder))]) for folder in ("day", "night", "out")]
        self.assertLess(abs(light[2] - light[1]), 0.2 * abs(light[0] - light[1]))
        self.assertIn("Frechet", self.pastiche("gap", "day", "night").stdout)

    def test_methods(self):
        self.folder("night", dark=True, count=3)
        for method in "colour", "network", "fourier":
            words = "adapt", "photo.png", "--like", "night", "--method", method, "--stats", "--json", "-o", "a.png"
            kept = [event for event in self.lines(*words, "--on-conflict", "overwrite") if event["event"] == "structure"]
            self.assertGreater(kept[0]["edges"], 0.4, method)
            first = pixels(os.path.join(self.here, "a.png"))
            self.lines(*words, "--on-conflict", "overwrite", "--threads", "1")
            self.assertTrue((pixels(os.path.join(self.here, "a.png")) == first).all(), method)
            self.assertGreater(np.abs(first - pixels(os.path.join(self.here, "photo.png"))).mean(), 0.01, method)

    def test_adapt_marks(self):
        """What was done is told in the file, and a painting stays one."""
        self.folder("night", dark=True, count=1)
        for method, kind in ("colour", "algorithmicallyEnhanced"), ("network", "compositeWithTrainedAlgorithmicMedia"):
            path = self.pastiche("adapt", "photo.png", "-l", "night", "--method", method, "-o", f"{method}.jpg").stdout
            with open(os.path.join(self.here, path.strip()), "rb") as file:
                self.assertIn(f"digitalsourcetype/{kind}<".encode(), file.read())
            self.assertEqual(self.lines("info", "--json", "--quick", path.strip())[0]["source_type"], kind)
        painting = self.stylize("photo.png", "-o", "painting.jpg")[0]
        self.pastiche("adapt", painting, "-l", "night", "-o", "again.jpg")
        told = self.lines("info", "--json", "--quick", "again.jpg")[0]
        self.assertEqual(told["source_type"], "compositeWithTrainedAlgorithmicMedia")
        self.assertIn("compositeWithTrainedAlgorithmicMedia", self.pastiche("info", "--quick", "again.jpg").stdout)

    def test_adapt_mistakes(self):
        self.folder("night", dark=True, count=1)
        self.assertIn("--like is missing", self.complaint("adapt", "photo.png", status=2))
        self.assertIn("none.jpg", self.complaint("adapt", "photo.png", "-l", "none.jpg"))
        self.complaint("adapt", "photo.png", "-l", "night", "--strength", "2", status=2)
        self.complaint("adapt", "photo.png", "-l", "night", "--method", "fourier", "--cube", "a.cube", status=2)
        self.complaint("adapt", "photo.png", "-l", "night", "-o", "night/disc0.png", "--on-conflict", "overwrite")
        self.complaint("adapt", "photo.png", "-l", "night", "-o", "photo.png", "--on-conflict", "overwrite")
        self.assertIn("5 are needed", self.pastiche("gap", "night", "night", status=1).stderr)

    # ---- augment ----

    def test_folders(self):
        name = self.dataset("things/train")
        self.folder("things/test/disc", "disc", 2)
        told = self.pastiche("augment", "things", "-o", "more", "--copies", "2")
        self.assertRegex(told.stderr, "disc: 6 pictures to learn from, which is few")
        with open(os.path.join(self.here, "more", "manifest.jsonl"), encoding="utf-8") as file:
            manifest = [json.loads(line) for line in file]
        made = [line for line in manifest if "file" in line]
        self.assertEqual(len(manifest), 24)
        for line in made:
            self.assertTrue(line["file"].startswith(line["from"][:-4] + "-copy"))
            copy, original = (pixels(os.path.join(self.here, "more", line[key])) for key in ("file", "from"))
            self.assertEqual(copy.shape, original.shape)
            self.assertGreater(np.abs(copy - original).mean(), 0.005)
        self.assertGreater(len({line["style"] for line in made}), 3)
        self.assertIn(None, {line["style"] for line in made})
        # Nothing but the train split, and originals as they were.
        self.assertEqual(sorted(os.listdir(os.path.join(self.here, "more/test/disc"))), ["disc0.png", "disc1.png"])
        for folder in "train/disc", "test/disc":
            for file in os.listdir(os.path.join(self.here, "things", folder)):
                with open(os.path.join(self.here, "things", folder, file), "rb") as a:
                    with open(os.path.join(self.here, "more", folder, file), "rb") as b:
                        self.assertEqual(a.read(), b.read())
        self.assertIsNotNone(name)

    def test_seed(self):
        """Copies depend on seed and name, not on what else there is."""
        self.dataset(count=3)
        self.pastiche("augment", "things", "-o", "all", "--copies", "2")
        os.remove(os.path.join(self.here, "things/disc/disc0.png"))
        self.pastiche("augment", "things", "-o", "fewer", "--copies", "2", "--threads", "1")
        self.pastiche("augment", "things", "-o", "others", "--copies", "2", "--seed", "1")
        same = differ = 0
        for file in os.listdir(os.path.join(self.here, "fewer/disc")):
            a, b, c = (os.path.join(self.here, folder, "disc", file) for folder in ("all", "fewer", "others"))
            with open(a, "rb") as first, open(b, "rb") as second:
                self.assertEqual(first.read(), second.read(), file)
            same += 1
            if "copy" in file and os.path.exists(c):
                differ += (pixels(a) != pixels(c)).any()
        self.assertEqual(same, 6)
        self.assertGreaterEqual(differ, 2)

    def yolo(self):
        os.makedirs(os.path.join(self.here, "y/labels/train"))
        os.makedirs(os.path.join(self.here, "y/masks/train"))
        self.folder("y/images/train", count=2)
        self.folder("y/images/val", count=1)
        os.makedirs(os.path.join(self.here, "y/labels/val"))
        for split, number in ("train", 0), ("train", 1), ("val", 0):
            self.keep(os.path.join(self.here, f"y/labels/{split}/disc{number}.txt"), b"3 0.5 0.5 0.25 0.3\n1 0.1 0.1 0.1 0.1\n")
        self.keep(os.path.join(self.here, "y/masks/train/disc0.png"), encode(picture("square", 5)))
        self.keep(os.path.join(self.here, "y/data.yaml"), b"path: /far/away\ntrain: images/train\nval: images/val\nnc: 4\n")

    def test_yolo(self):
        self.yolo()
        told = self.lines("augment", "y", "-o", "out", "--copies", "1", "--styles", "built-in", "--json")
        summary = next(line for line in told if "layout" in line)
        self.assertEqual((summary["layout"], summary["originals"], summary["copies"]), ("yolo", 3, 2))
        for a, b in ("labels/train/disc0-copy1.txt", "labels/train/disc0.txt"), \
                ("masks/train/disc0-copy1.png", "masks/train/disc0.png"):
            with open(os.path.join(self.here, "out", a), "rb") as copy, open(os.path.join(self.here, "y", b), "rb") as old:
                self.assertEqual(copy.read(), old.read())
        with open(os.path.join(self.here, "out/data.yaml"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "train: images/train\nval: images/val\nnc: 4\n")
        self.assertEqual(os.listdir(os.path.join(self.here, "out/images/val")), ["disc0.png"])
        self.keep(os.path.join(self.here, "y/labels/train/disc1.txt"), b"cat 0.5 0.5 0.2 0.2\n")
        self.assertIn("line 1", self.pastiche("augment", "y", "-o", "out2", status=1).stderr)

    def test_coco(self):
        self.folder("c/train2017", count=2)
        self.folder("c/val2017", count=1)
        os.makedirs(os.path.join(self.here, "c/annotations"))
        polygon = [[1.5, 2, 3, 4.25, 5, 6]]
        for split, count in ("train", 2), ("val", 1):
            root = {"info": {"year": 2017}, "images": [
                {"id": 7 * i + 3, "file_name": f"disc{i}.png", "width": SIDE, "height": SIDE} for i in range(count)],
                "annotations": [{"id": 100 + i, "image_id": 7 * (i % count) + 3, "category_id": 5, "segmentation": polygon,
                                 "bbox": [1, 2, 3, 4]} for i in range(3)],
                "categories": [{"id": 5, "name": "disc"}]}
            self.keep(os.path.join(self.here, f"c/annotations/instances_{split}2017.json"), json.dumps(root).encode())
        self.pastiche("augment", "c", "-o", "out", "--copies", "2", "--styles", "none")
        with open(os.path.join(self.here, "out/annotations/instances_train2017.json"), encoding="utf-8") as file:
            made = json.load(file)
        images, annotations = made["images"], made["annotations"]
        self.assertEqual(len(images), 2 + 4)
        self.assertEqual(len({image["id"] for image in images}), 6)
        self.assertEqual(len({annotation["id"] for annotation in annotations}), len(annotations))
        for image in images:
            self.assertTrue(os.path.exists(os.path.join(self.here, "out/train2017", image["file_name"])))
            mine = [a for a in annotations if a["image_id"] == image["id"]]
            self.assertEqual(len(mine), 2 if image["file_name"].startswith("disc0") else 1)
            self.assertTrue(all(a["segmentation"] == polygon for a in mine))
        with open(os.path.join(self.here, "out/annotations/instances_val2017.json"), encoding="utf-8") as file:
            self.assertEqual(len(json.load(file)["images"]), 1)

    def test_check(self):
        self.dataset("t/train", count=12)
        for number in range(12):
            self.keep(os.path.join(self.here, f"t/train/square/square{number}.png"), encode(picture("square", number, True)))
        self.folder("t/test/disc", count=1)
        self.keep(os.path.join(self.here, "t/train/disc/broken.png"), b"\x89PNG\r\n\x1a\nnothing")
        told = self.lines("augment", "t", "--check", "--json")[0]["findings"]
        kinds = {finding["kind"]: finding for finding in told}
        self.assertEqual(kinds["broken"]["files"], ["train/disc/broken.png"])
        self.assertIn("test/disc/disc0.png", kinds["duplicate"]["files"])
        self.assertIn("square", kinds["dark"]["text"])
        self.assertNotIn("few", kinds)
        self.assertFalse(os.path.exists(os.path.join(self.here, "out")))

    def test_odd_files(self):
        """Names that are no UTF-8, files that are no pictures, and pipes are no hindrance."""
        self.dataset(count=2)
        odd = os.path.join(os.fsencode(self.here), b"things/disc/d\xff.png")
        shutil.copy(os.path.join(self.here, "things/disc/disc0.png"), odd)
        os.mkfifo(os.path.join(self.here, "things/disc/pipe.png"))
        self.keep(os.path.join(self.here, "things/disc/notes.txt"), b"notes")
        self.keep(os.path.join(self.here, "things/square/broken.png"), b"\x89PNG\r\n\x1a\nnothing")
        done = self.pastiche("augment", "things", "-o", "out", "--copies", "1", "--styles", "none")
        self.assertIn("broken.png", done.stderr)
        with open(os.path.join(self.here, "out", "manifest.jsonl"), encoding="utf-8") as file:
            self.assertEqual(len([json.loads(line) for line in file]), 5)
        self.assertTrue(os.path.exists(os.path.join(os.fsencode(self.here), b"out/disc/d\xff-copy1.png")))
        self.assertTrue(os.path.exists(os.path.join(self.here, "out/disc/notes.txt")))
        self.assertFalse(os.path.exists(os.path.join(self.here, "out/disc/pipe.png")))

    def test_augment_mistakes(self):
        self.dataset(count=2)
        self.assertIn("-o is missing", self.complaint("augment", "things", status=2))
        self.assertIn("within the dataset", self.pastiche("augment", "things", "-o", "things/more", status=1).stderr)
        self.folder("full", count=1)
        self.assertIn("is there already", self.pastiche("augment", "things", "-o", "full", status=1).stderr)
        self.assertIn("no labelled pictures", self.pastiche("augment", "full", "-o", "x", status=1).stderr)
        self.complaint("augment", "things", "-o", "x", "--strength", "0.8..0.2", status=2)
        self.complaint("augment", "things", "-o", "x", "--style", "red", "--styles", "own", status=2)
        self.assertFalse(os.path.exists(os.path.join(self.here, "x")))

    def test_like(self):
        """Copies look like the target, with its noise."""
        self.dataset(count=3)
        self.folder("night", dark=True)
        self.pastiche("augment", "things", "-o", "out", "--copies", "1", "--like", "night", "--styles", "none")
        copies = [os.path.join(self.here, "out/disc", name) for name in os.listdir(os.path.join(self.here, "out/disc"))
                  if "copy" in name]
        self.assertLess(np.mean([pixels(path).mean() for path in copies]), 0.25)

    # ---- classify ----

    def test_classify(self):
        self.dataset(count=12)
        for kind in "disc", "square":
            os.makedirs(os.path.join(self.here, "test", kind))
            for number in range(8, 12):
                shutil.move(os.path.join(self.here, f"things/{kind}/{kind}{number}.png"),
                            os.path.join(self.here, "test", kind))
        path = self.pastiche("classify", "train", "things", "-o", "a.classifier").stdout.strip()
        score = self.lines("classify", "--model", path, "--score", "test", "--json")[0]
        self.assertEqual(score["pictures"], 8)
        self.assertGreaterEqual(score["accuracy"], 0.75)
        self.assertRegex(self.pastiche("classify", "-m", path, "--score", "test").stdout, r"all: \d of 8 right")
        told = self.lines("classify", "-m", path, "test/disc/disc9.png", "--json")[0]
        self.assertAlmostEqual(sum(told["probabilities"].values()), 1, 4)
        self.assertEqual(set(told["probabilities"]), {"disc", "square"})
        line = self.pastiche("classify", "-m", path, "test").stdout.splitlines()[0]
        self.assertTrue(re.fullmatch(r"test/disc/disc10.png\t(disc|square)\t[01]\.\d{3}", line), line)
        self.assertEqual(self.lines("info", "--json", path)[0]["classes"], ["disc", "square"])

    def test_classify_mistakes(self):
        self.folder("one/disc", count=2)
        self.assertIn("two classes", self.pastiche("classify", "train", "one", "-o", "a.classifier", status=1).stderr)
        self.complaint("classify", "train", "one", "-o", "a.jpg", status=2)
        self.complaint("classify", "photo.png", status=2)
        self.keep(os.path.join(self.here, "b.classifier"), b"nothing")
        self.assertIn("b.classifier", self.pastiche("classify", "-m", "b.classifier", "photo.png", status=1).stderr)
