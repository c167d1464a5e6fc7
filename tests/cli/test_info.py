"""Describing files."""
import io
import json
import os
import zlib

from PIL import Image

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

    def test_colours(self):
        """What the colours are taken for, and what says so."""
        file = io.BytesIO()
        Image.new("RGB", (8, 8)).save(file, "PNG")
        plain = file.getvalue()

        def with_chunk(kind, body):
            chunk = kind + body
            return plain[:33] + len(body).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big") + plain[33:]

        def ink(adobe):
            file = io.BytesIO()
            Image.new("CMYK", (8, 8)).save(file, "JPEG")
            jpeg = file.getvalue()
            at = jpeg.index(b"\xff\xee")
            return jpeg if adobe else jpeg[:at] + jpeg[at + 2 + int.from_bytes(jpeg[at + 2:at + 4], "big"):]

        for content, by, said in (
                (plain, "nothing", "none, taken as sRGB"),
                (with_chunk(b"cICP", b"\x0c\x0d\0\1"), "cICP", "none; Display P3, as its code points (cICP) say"),
                (with_chunk(b"sRGB", b"\0"), "sRGB", "none; sRGB, as its sRGB chunk says"),
                (with_chunk(b"gAMA", (100000).to_bytes(4, "big")), "gAMA", "none; by its gAMA and cHRM chunks"),
                (with_chunk(b"gAMA", (45455).to_bytes(4, "big")), "gAMA", "none; sRGB, as its gAMA and cHRM chunks say"),
                (with_chunk(b"eXIf", b"II*\0\x08\0\0\0\1\0\1\xa0\3\0\1\0\0\0\2\0\0\0\0\0\0\0"), "nothing",
                 "none, taken as sRGB"),  # not in its own IFD
                (ink(True), "nothing", "none, taken as ink of an offset press on coated paper"),
                (ink(False), "nothing", "none, taken as ink of an offset press on coated paper; inverted, though without "
                                        "Adobe's marker")):
            self.put("a.png", content)
            self.assertEqual(self.facts("a.png")["colour_by"], by)
            self.assertIn(f"  profile  {said}\n", self.pastiche("info", "a.png").stdout)

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
