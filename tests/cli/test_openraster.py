"""OpenRaster files, as a ZIP archive of Python's and Pillow read them: the painting, the masks of its regions and the
photograph as layers, and what the standard asks for besides.
"""
import io
import json
import os
import subprocess
import unittest
import zipfile
from xml.etree import ElementTree

import numpy as np
from PIL import Image

from bench import Bench, landscape
from pictures import draw, encode, read

FILES = ["mimetype", "stack.xml", "data/layer0.png", "data/layer1.png", "mergedimage.png", "Thumbnails/thumbnail.png"]


@unittest.skipUnless("openraster" in os.environ["PASTICHE_FORMATS"].split(), "built without libzip")
class OpenRaster(Bench):
    def path(self, name):
        return os.path.join(self.here, name)

    def layers(self, name):
        """Attributes of the layers, the topmost first, with their pixels."""
        with zipfile.ZipFile(self.path(name)) as archive:
            stack = ElementTree.fromstring(archive.read("stack.xml"))
            layers = [dict(layer.attrib) for layer in stack.find("stack")]
            for layer in layers:
                layer["pixels"] = np.array(Image.open(io.BytesIO(archive.read(layer["src"]))))
        return layers

    def test_files(self):
        self.stylize("photo.png", "-o", "painting.ora")
        self.stylize("photo.png", "-o", "painting.png")
        with open(self.path("painting.ora"), "rb") as file:
            self.assertEqual(file.read(54)[30:], b"mimetypeimage/openraster")  # by which desktops know it
        with zipfile.ZipFile(self.path("painting.ora")) as archive:
            self.assertIsNone(archive.testzip())
            self.assertEqual(archive.namelist(), FILES)
            self.assertEqual({info.compress_type for info in archive.infolist()}, {zipfile.ZIP_STORED})
            image = ElementTree.fromstring(archive.read("stack.xml"))
            self.assertEqual((image.tag, image.attrib), ("image", {"version": "0.0.6", "w": "96", "h": "64", "xres": "72",
                                                                   "yres": "72"}))
            merged = archive.read("mergedimage.png")
            self.assertEqual(archive.read("data/layer0.png"), merged)
            with open(self.path("merged.png"), "wb") as file:
                file.write(merged)
        self.assertTrue((read(self.path("merged.png")) == read(self.path("painting.png"))).all())
        told = json.loads(self.pastiche("info", "--json", "merged.png").stdout)
        self.assertIn("recipe", json.dumps(told))

    def test_layers(self):
        self.stylize("photo.png", "-o", "painting.ora")
        painting, photo = self.layers("painting.ora")
        self.assertEqual([(layer["name"], layer["visibility"]) for layer in (painting, photo)],
                         [("Painting", "visible"), ("Photograph", "visible")])
        self.assertTrue((photo["pixels"] == read(self.path("photo.png"))).all())
        self.assertGreater(np.abs(painting["pixels"].astype(int) - photo["pixels"]).mean(), 5)

    def test_transparency(self):
        self.keep(self.path("photo.png"), encode(draw(96, 64, landscape, 4)))
        self.stylize("photo.png", "-o", "painting.ora")
        painting, photo = self.layers("painting.ora")
        self.assertEqual(photo["visibility"], "hidden")
        self.assertTrue((photo["pixels"] == read(self.path("photo.png"))).all())
        self.assertTrue((painting["pixels"][..., 3] == photo["pixels"][..., 3]).all())

    def test_masks(self):
        """A gradient from the left edge to the middle, and a lasso without a soft edge, in units of the longer side."""
        self.stylize("photo.png", "--save-recipe", "recipe.json", "-o", "plain.png")
        with open(self.path("recipe.json"), encoding="utf-8") as file:
            recipe = json.load(file)
        style = recipe["styles"][0]
        recipe["styles"] = [{**style, "region": region} for region in range(3)]
        recipe["regions"] = [{"mask": ""}, {"mask": "0 0;l 0.01 0.25,0 0.75,0 0.75,0.25 0.25,0.25"},
                             {"mask": "0.5 0;g 0.1 0.5,0 0,0"}]
        with open(self.path("recipe.json"), "w", encoding="utf-8") as file:
            json.dump(recipe, file)
        self.pastiche("stylize", "photo.png", "--recipe", "recipe.json", "-o", "painting.ora")
        painting, gradient, lasso, photo = self.layers("painting.ora")
        self.assertEqual([layer["name"] for layer in (painting, gradient, lasso, photo)],
                         ["Painting", "Mask 1", "Mask 2", "Photograph"])
        self.assertEqual({gradient["visibility"], lasso["visibility"]}, {"hidden"})
        for mask in gradient, lasso:
            self.assertEqual((mask["pixels"].shape, mask["pixels"][..., :3].min()), ((64, 96, 4), 255))
        inside = np.zeros((64, 96), np.uint8)
        inside[:24, 24:72] = 255
        self.assertTrue((lasso["pixels"][..., 3] == inside).all())
        alpha = gradient["pixels"][..., 3].astype(int)
        self.assertTrue((alpha == alpha[0]).all())
        self.assertTrue((alpha[0, 48:] == 255).all())
        self.assertTrue((np.diff(alpha[0, :48]) > 0).all())
        self.assertLess(alpha[0, 0], 8)

    def test_thumbnail(self):
        for size, expected in (("96", (96, 64)), ("256", (256, 171)), ("600", (256, 171))):
            self.stylize("photo.png", "--size", size, "-o", f"{size}.ora", "--strength", "0.5")
            with zipfile.ZipFile(self.path(f"{size}.ora")) as archive:
                thumbnail, merged = (Image.open(io.BytesIO(archive.read(name))) for name in (FILES[-1], FILES[-2]))
            self.assertEqual(thumbnail.size, expected)
            small = np.array(merged.resize(expected, Image.Resampling.BOX)).astype(int)
            self.assertLess(np.abs(np.array(thumbnail) - small).mean(), 3)
        for shape in (1, 700), (700, 1), (513, 300):
            self.keep(self.path("photo.png"), encode(draw(*shape, landscape)))
            self.stylize("photo.png", "-o", "odd.ora", "--on-conflict", "overwrite")
            with zipfile.ZipFile(self.path("odd.ora")) as archive:
                thumbnail = Image.open(io.BytesIO(archive.read(FILES[-1])))
            self.assertEqual(max(thumbnail.size), 256)

    def test_same_bytes(self):
        """On any number of threads, in a file and on standard output."""
        words = "stylize", "photo.png", "--style", "red-one", "--no-recipe", "--format", "ora"
        with self.start(*words, "-o", "-", here=self.here, stdout=subprocess.PIPE) as process:
            first, _ = process.communicate()
        self.pastiche(*words, "-o", "painting.ora", "--threads", "1")
        with open(self.path("painting.ora"), "rb") as file:
            self.assertEqual(file.read(), first)

    def test_folder(self):
        """Nothing but the result stays, and what is there is left alone."""
        before = set(os.listdir(self.here))
        for _ in range(2):
            self.stylize("photo.png", "-o", "painting.ora")
        self.assertEqual(set(os.listdir(self.here)) - before, {"painting.ora", "painting-2.ora"})
        with open(self.path("photo.png"), "rb") as file:
            photo = file.read()
        os.link(self.path("photo.png"), self.path("photo.ora"))
        self.complaint("stylize", "photo.png", "--style", "red-one", "-o", "photo.ora", "--on-conflict", "overwrite")
        with open(self.path("photo.png"), "rb") as file:
            self.assertEqual(file.read(), photo)

    def test_resume(self):
        self.assertIn("--manifest", self.pastiche("stylize", "photo.png", "--style", "red-one", "--format", "ora",
                                                  "--on-conflict", "resume", status=2).stderr)
        for said in ["painting.ora"], []:
            self.assertEqual(self.stylize("photo.png", "-o", "painting.ora", "--on-conflict", "resume", "--manifest",
                                          "all.jsonl"), said)
