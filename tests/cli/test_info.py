"""Describing files."""
import json
import os

from bench import Bench, landscape
from pictures import draw, size


class Info(Bench):
    def facts(self, name):
        done = self.pastiche("info", "--json", name)
        self.assertEqual(done.stderr, "")
        return json.loads(done.stdout)

    def test_pictures(self):
        for channels, depth, colour in (1, 8, "grey"), (3, 8, "RGB"), (4, 16, "RGB"):
            self.put("a.png", draw(12, 10, landscape, channels, depth))
            facts = self.facts("a.png")
            self.assertEqual((facts["kind"], facts["format"], facts["width"], facts["height"]), ("picture", "PNG", 12, 10))
            self.assertEqual((facts["colour"], facts["depth"], facts["alpha"]), (colour, depth, channels == 4))
            self.assertEqual(facts["orientation"], 1)
            text = self.pastiche("info", "a.png").stdout
            self.assertTrue(text.startswith("a.png\n  kind     PNG picture\n"), text)
            self.assertIn("12 x 10 pixels", text)

    def test_jpeg(self):
        self.stylize("photo.png", "-o", "a.jpg")
        facts = self.facts("a.jpg")
        self.assertEqual((facts["format"], facts["width"], facts["height"], facts["depth"]), ("JPEG", 96, 64, 8))
        self.assertIn("sRGB", facts["profile"])

    def test_orientation(self):
        self.stylize("photo.png", "-o", "a.jpg")
        tiff = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
        segment = b"Exif\0\0" + tiff
        whole = self.content("a.jpg")
        self.put("turned.jpg", whole[:2] + b"\xff\xe1" + (len(segment) + 2).to_bytes(2, "big") + segment + whole[2:])
        facts = self.facts("turned.jpg")
        self.assertEqual((facts["orientation"], facts["width"], facts["height"]), (6, 64, 96))
        self.assertEqual(facts["exif_bytes"], len(tiff))
        self.assertIn("turned upright", self.pastiche("info", "turned.jpg").stdout)
        path, = self.stylize("turned.jpg", "-o", "upright.png")
        self.assertEqual(size(self.picture(path)), (64, 96))

    def test_style(self):
        facts = self.facts(f"{self.data}/styles/red-one.style")
        self.assertEqual((facts["kind"], facts["name"], facts["artist"], facts["thumbnail_bytes"]),
                         ("style", "Red Waves", "Nobody", 0))
        self.assertIn("Red Waves", self.pastiche("info", f"{self.data}/styles/red-one.style").stdout)

    def test_model(self):
        facts = self.facts(os.path.join(self.data, "encoder.safetensors"))
        self.assertEqual(facts["kind"], "model")
        shapes = {tensor["name"]: tensor["shape"] for tensor in facts["tensors"]}
        self.assertEqual(shapes["conv1_1.weight"], [16, 3, 3, 3])
        text = self.pastiche("info", os.path.join(self.data, "encoder.safetensors")).stdout
        self.assertIn("16 x 3 x 3 x 3", text)

    def test_broken(self):
        self.put("text.png", b"hello")
        self.put("empty.png", b"")
        with open(f"{self.data}/styles/red-one.style", "rb") as file:
            self.put("cut.style", file.read()[:-4])
        for name in "text.png", "empty.png", "cut.style", "nowhere.png", ".":
            self.assertIn(name, self.complaint("info", name))
            done = self.pastiche("info", "--json", name, status=1)
            self.assertEqual(done.stderr, "")
            self.assertEqual(json.loads(done.stdout)["file"], name)
            self.assertIn("error", json.loads(done.stdout))

    def test_several(self):
        done = self.pastiche("info", "photo.png", "nowhere.png", self.at("red.png"), status=1)
        self.assertEqual(done.stdout.count("PNG picture"), 2)
        self.assertEqual(done.stderr.count("\n"), 1)
