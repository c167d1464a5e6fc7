"""Formats besides JPEG and PNG: what Pillow and the formats' own tools write is read as it is, and what is written they
read. A decoder that crashes, lies or is not there is one line.

PASTICHE_FORMATS names the formats that the build reads.
"""
import io
import json
import os
import shutil
import struct
import subprocess
import unittest

import numpy as np
from PIL import Image, ImageCms

from bench import Bench
from pictures import read

FORMATS = os.environ.get("PASTICHE_FORMATS", "tiff webp heif jxl gif raw").split()
ORIENTED, MAKER, DATE = 6, "Maker", "2026:01:02 03:04:05"


def reads(*names):
    lacking = [name for name in names if name not in FORMATS]
    return unittest.skipIf(lacking, f"built without {', '.join(lacking)}")


def needs(*programs):
    lacking = [program for program in programs if not shutil.which(program)]
    return unittest.skipIf(lacking, f"not installed: {', '.join(lacking)}")


def directory(entries):
    """A directory of a little-endian TIFF: entries of (tag, type, count, value or offset)."""
    return struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *e) for e in sorted(entries)) + bytes(4)


def exif(pixels=None):
    """An EXIF block of a photograph that was held on its side, with a date and a place; with `pixels` a TIFF of them."""
    date, maker = DATE.encode() + b"\0", MAKER.encode() + b"\0"
    ends = [8 + 250]  # of the first directory
    for content in directory([(0x9003, 2, len(date), 0)]), directory([(1, 2, 2, ord("N"))]), maker, date:
        ends.append(ends[-1] + len(content) + len(content) % 2)
    main = [(271, 2, len(maker), ends[2]), (274, 3, 1, ORIENTED), (0x8769, 4, 1, ends[0]), (0x8825, 4, 1, ends[1])]
    samples = b""
    if pixels is not None:
        height, width, _ = pixels.shape
        samples = pixels.tobytes()
        eight = ends[-1]
        main += [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 3, eight), (259, 3, 1, 1), (262, 3, 1, 2),
                 (273, 4, 1, eight + 6), (277, 3, 1, 3), (278, 4, 1, height), (279, 4, 1, len(samples))]
        samples = struct.pack("<3H", 8, 8, 8) + samples
    parts = directory(main).ljust(250, b"\0"), directory([(0x9003, 2, len(date), ends[3])]), directory(
        [(1, 2, 2, ord("N"))]), maker, date
    return b"II*\0" + struct.pack("<I", 8) + b"".join(part + b"\0" * (len(part) % 2) for part in parts) + samples


class Formats(Bench):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        x, y = np.meshgrid(np.linspace(0, 1, 48), np.linspace(0, 1, 32))
        soft = np.stack([x, y, 0.5 + 0.3 * np.sin(6 * x)], 2)
        cls.picture = Image.fromarray(np.rint(soft * 255).astype(np.uint8))
        cls.samples = np.array(cls.picture)

    def back(self, name, *words):
        """The picture given back with strength 0, as a PNG; and what was said."""
        done = self.pastiche("stylize", name, "--style", "red-one", "--strength", "0", "-o", "back.png", "--on-conflict",
                             "overwrite", *words)
        return read(self.path("back.png")), done.stderr

    def path(self, name):
        return os.path.join(self.here, name)

    def info(self, name):
        return json.loads(self.pastiche("info", "--json", name).stdout)

    def save(self, name, picture=None, **options):
        (picture or self.picture).save(self.path(name), **options)

    def assert_same(self, name, expected=None, tolerance=0, words=()):
        got, said = self.back(name, *words)
        expected = self.samples if expected is None else expected
        self.assertEqual(got.shape, expected.shape)
        self.assertLessEqual(np.abs(got.astype(int) - expected).max(), tolerance, name)
        self.assertNotIn("damaged", said)

    # ---- reading ----------------------------------------------------------------------------------

    @reads("tiff")
    def test_tiff_compressions(self):
        for number, options in enumerate(({}, {"compression": "tiff_lzw"}, {"compression": "tiff_adobe_deflate"},
                                          {"compression": "packbits"})):
            self.save(f"{number}.tif", **options)
            self.assert_same(f"{number}.tif")
        self.save("jpeg.tif", compression="jpeg", quality=95)
        self.assert_same("jpeg.tif", tolerance=16)

    @reads("tiff")
    @needs("tiffcp")
    def test_tiff_storage(self):
        self.save("plain.tif")
        for number, words in enumerate((["-t", "-w", "16", "-l", "16"], ["-8", "-c", "zip"], ["-p", "separate"],
                                        ["-p", "separate", "-t", "-w", "32", "-l", "16"], ["-B", "-c", "lzw:2"])):
            subprocess.run(["tiffcp", *words, "plain.tif", f"{number}.tif"], cwd=self.here, check=True)
            self.assert_same(f"{number}.tif")

    @reads("tiff")
    def test_tiff_kinds(self):
        grey = np.array(self.picture.convert("L"))
        self.save("grey.tif", Image.fromarray(grey))
        self.assert_same("grey.tif", np.repeat(grey[..., None], 3, 2))
        deep = grey.astype(np.uint16) * 257
        self.save("deep.tif", Image.fromarray(deep))
        self.assertEqual(self.info("deep.tif")["depth"], 16)
        got, _ = self.back("deep.tif", "--format", "png16")
        self.assertTrue((got == deep[..., None]).all())
        # Without a profile, floats are in proportion to light.
        light = (grey / 255.0).astype(np.float32)
        self.save("float.tif", Image.fromarray(light))
        expected = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
        got, _ = self.back("float.tif")
        self.assertLess(np.abs(got / 65535 - expected[..., None]).max(), 1 / 255)
        self.save("ink.tif", self.picture.convert("CMYK"))
        self.assertEqual(self.info("ink.tif")["colour"], "CMYK")
        self.save("ink.jpg", self.picture.convert("CMYK"), quality=100, subsampling=0)
        self.assert_same("ink.tif", self.back("ink.jpg")[0].astype(int), tolerance=3)
        self.save("palette.tif", self.picture.quantize(200))
        self.assert_same("palette.tif", np.array(self.picture.quantize(200).convert("RGB")))
        self.save("bits.tif", self.picture.convert("1"), compression="group4")
        self.assert_same("bits.tif", np.array(self.picture.convert("1").convert("RGB")))

    def clear_picture(self):
        clear = self.picture.copy()
        clear.putalpha(Image.fromarray(np.tile(np.linspace(1, 255, 48).astype(np.uint8), (32, 1))))
        return clear

    @reads("tiff", "webp", "gif")
    def test_alpha(self):
        clear = self.clear_picture()
        self.save("clear.tif", clear)
        self.save("clear.webp", clear, lossless=True, exact=True)
        for name in "clear.tif", "clear.webp":
            self.assertTrue(self.info(name)["alpha"])
            self.assert_same(name, np.array(clear))
        palette = self.picture.quantize(255)
        self.save("clear.gif", palette, transparency=palette.getpixel((0, 0)))
        self.assertEqual(self.back("clear.gif")[0][0, 0, 3], 0)
        self.assertEqual(self.back("clear.gif")[0][-1, -1, 3], 255)

    @reads("webp", "gif")
    def test_webp_and_gif(self):
        self.save("exact.webp", lossless=True)
        self.assert_same("exact.webp")
        self.save("lossy.webp", quality=95)
        self.assert_same("lossy.webp", tolerance=24)
        for name, options in ("moving.webp", {"lossless": True}), ("moving.gif", {}):
            frames = [self.picture.convert("P" if name.endswith("gif") else "RGB"), self.picture.rotate(180)]
            self.save(name, frames[0], save_all=True, append_images=frames[1:], **options)
            got, said = self.back(name)
            self.assertEqual(got.shape[2], 3 if name.endswith("gif") else 4)
            self.assertLessEqual(np.abs(got[..., :3].astype(int) - np.array(frames[0].convert("RGB"))).max(), 1)
            self.assertEqual("video or sound" in said, name.endswith("webp"))

    @reads("heif")
    @needs("heif-enc")
    def test_heif(self):
        self.save("photo.png")
        self.save("clear.png", self.clear_picture())
        for kind, words in ("heic", []), ("avif", ["-A"]):
            subprocess.run(["heif-enc", *words, "-q", "95", "-p", "chroma=444", "photo.png", "-o", f"photo.{kind}"],
                           cwd=self.here, check=True, capture_output=True)
            self.assertEqual(self.info(f"photo.{kind}")["format"], kind.upper())
            self.assert_same(f"photo.{kind}", tolerance=24)
            subprocess.run(["heif-enc", *words, "-q", "95", "clear.png", "-o", f"clear.{kind}"], cwd=self.here, check=True,
                           capture_output=True)
            self.assertTrue(self.info(f"clear.{kind}")["alpha"])

    @reads("jxl")
    @needs("cjxl")
    def test_jxl(self):
        self.save("photo.png", self.clear_picture())
        subprocess.run(["cjxl", "-d", "0", "photo.png", "photo.jxl"], cwd=self.here, check=True, capture_output=True)
        self.assertEqual(self.info("photo.jxl")["format"], "JPEG XL")
        self.assert_same("photo.jxl", np.array(self.clear_picture()))

    def raw(self, with_preview=True):
        """A DNG: a JPEG preview, and a mosaic of 64 x 64 in a directory of its own."""
        jpeg = io.BytesIO()
        self.picture.save(jpeg, "JPEG", quality=95, subsampling=0)
        preview, mosaic = jpeg.getvalue() if with_preview else b"", bytes(64 * 64 * 2)
        at, body = 8 + 600, b""
        places = {}
        for name, content in ("preview", preview), ("mosaic", mosaic), ("make", b"Maker\0"), ("model", b"Model\0"), (
                "matrix", struct.pack("<18i", *[1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1])):
            places[name] = at + len(body)
            body += content + b"\0" * (len(content) % 2)
        inner = 8 + 300
        pattern, version = struct.unpack("<II", bytes([0, 1, 1, 2, 1, 4, 0, 0]))
        main = [(254, 4, 1, 1), (256, 4, 1, 48), (257, 4, 1, 32), (258, 3, 1, 8), (259, 3, 1, 7), (262, 3, 1, 6),
                (271, 2, 6, places["make"]), (272, 2, 6, places["model"]), (273, 4, 1, places["preview"]),
                (274, 3, 1, ORIENTED), (277, 3, 1, 3), (278, 4, 1, 32), (279, 4, 1, len(preview)), (330, 4, 1, inner),
                (50706, 1, 4, version), (50708, 2, 6, places["model"]), (50721, 10, 9, places["matrix"])]
        if not with_preview:
            main = [entry for entry in main if entry[0] not in (273, 279)]
        sub = [(254, 4, 1, 0), (256, 4, 1, 64), (257, 4, 1, 64), (258, 3, 1, 16), (259, 3, 1, 1), (262, 3, 1, 32803),
               (273, 4, 1, places["mosaic"]), (277, 3, 1, 1), (278, 4, 1, 64), (279, 4, 1, len(mosaic)),
               (33421, 3, 2, 2 | 2 << 16), (33422, 1, 4, pattern)]
        return b"II*\0" + struct.pack("<I", 8) + directory(main).ljust(300, b"\0") + directory(sub).ljust(
            300, b"\0") + body

    @reads("raw")
    def test_raw(self):
        self.keep(self.path("photo.dng"), self.raw())
        facts = self.info("photo.dng")
        self.assertEqual((facts["format"], facts["width"], facts["height"]), ("raw", 32, 48))
        self.assert_same("photo.dng", np.rot90(self.samples, -1), tolerance=24)
        self.keep(self.path("none.dng"), self.raw(with_preview=False))
        self.assertIn("none.dng", self.complaint("stylize", "none.dng", "--style", "red-one"))

    # ---- what goes with it ------------------------------------------------------------------------

    @reads("tiff", "webp")
    def test_metadata(self):
        """Upright, with what EXIF says but for the place; and so from format to format."""
        self.keep(self.path("photo.tif"), exif(self.samples))
        self.save("photo.webp", lossless=True, exif=exif())
        for name in "photo.tif", "photo.webp":
            self.assertEqual(self.info(name)["orientation"], ORIENTED)
            self.assert_same(name, np.rot90(self.samples, -1))
            for kind in "jpeg", "png", "tiff", "webp":
                for keep in "private", "all":
                    path = self.stylize(name, "--format", kind, "--metadata", keep)[0]
                    with Image.open(self.path(path)) as result:
                        got = result.getexif()
                        self.assertEqual((got.get(0x010f), got.get(0x0112, 1)), (MAKER, 1), path)
                        self.assertEqual(got.get_ifd(0x8769).get(0x9003), DATE, path)
                        self.assertEqual(1 in got.get_ifd(0x8825), keep == "all", path)

    @reads("tiff", "webp")
    def test_profile(self):
        """A profile is used as it is in a PNG; one that doesn't suit is told of."""
        srgb = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
        red, green = srgb.index(b"rXYZ"), srgb.index(b"gXYZ")
        places = [slice(at + 4, at + 8) for at in (red, green)]
        srgb[places[0]], srgb[places[1]] = srgb[places[1]], srgb[places[0]]
        for name, options in ("turned.png", {}), ("turned.tif", {}), ("turned.webp", {"lossless": True}):
            self.save(name, icc_profile=bytes(srgb), **options)
        expected = self.back("turned.png")[0]
        self.assertGreater(np.abs(expected.astype(int) - self.samples).max(), 50)
        for name in "turned.tif", "turned.webp":
            self.assert_same(name, expected)
        lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
        self.save("odd.tif", icc_profile=lab)
        self.assertIn("is not one for", self.back("odd.tif")[1])

    @reads("tiff", "webp")
    def test_recipe(self):
        """A result holds its recipe in each format, and is known as a painting."""
        for kind in "tiff", "webp":
            path = self.stylize("photo.png", "--format", kind)[0]
            again = self.stylize("photo.png", "--recipe", path, "--format", "png", style=None)[0]
            direct = self.stylize("photo.png", "--format", "png", "--on-conflict", "overwrite")[0]
            self.assertTrue((read(self.path(again)) == read(self.path(direct))).all())
            os.mkdir(self.path(kind))
            shutil.move(self.path(path), self.path(kind))
            self.assertIn("painting of this program left out",
                          self.pastiche("stylize", kind, "--style", "red-one", "-o", "out/").stderr)

    # ---- writing ----------------------------------------------------------------------------------

    @reads("tiff", "webp")
    def test_written(self):
        painting = read(self.path(self.stylize("photo.png", "-o", "painting.png")[0]))
        deep = read(self.path(self.stylize("photo.png", "--format", "png16")[0]))
        self.stylize("photo.png", "-o", "painting.tif")
        with Image.open(self.path("painting.tif")) as tiff:
            self.assertEqual(tiff.info["compression"], "tiff_adobe_deflate")
            self.assertTrue((np.array(tiff) == painting).all())
            self.assertIn("sRGB", ImageCms.getProfileDescription(io.BytesIO(tiff.info["icc_profile"])))
        self.stylize("photo.png", "-o", "deep.tif", "--format", "tiff16")
        self.assertEqual(self.info("deep.tif")["depth"], 16)
        self.assertTrue((self.back("deep.tif", "--format", "png16")[0] == deep).all())
        self.stylize("photo.png", "-o", "painting.webp", "--quality", "100")
        self.assertLess(np.abs(np.array(Image.open(self.path("painting.webp"))).astype(int) - painting[..., :3]).mean(), 6)

    @reads("tiff")
    def test_standard_output(self):
        with open(self.path("piped.tif"), "wb") as file:
            done = self.start("stylize", "photo.png", "--style", "red-one", "--format", "tiff", "-o", "-", here=self.here,
                              stdout=file, stderr=subprocess.PIPE)
            self.assertEqual((done.wait(), done.stderr.read()), (0, b""))
            done.stderr.close()
        self.stylize("photo.png", "-o", "painting.tif")
        with open(self.path("piped.tif"), "rb") as a, open(self.path("painting.tif"), "rb") as b:
            self.assertEqual(a.read(), b.read())

    @reads("tiff")
    def test_as_the_photograph(self):
        self.save("photo.tif")
        self.assertTrue(self.stylize("photo.tif")[0].endswith(".tif"))
        self.save("photo.gif")
        self.assertTrue(self.stylize("photo.gif")[0].endswith(".jpg"))
        self.assertIn("no format that can be", self.complaint("stylize", "photo.png", "--style", "red-one", "-o", "photo.jxl",
                                                         status=2))

    @reads("tiff")
    def test_pipe(self):
        """A file that is not on the disk is copied first."""
        self.save("photo.tif")
        os.mkfifo(self.path("pipe"))
        writer = subprocess.Popen(["sh", "-c", "cat photo.tif >pipe"], cwd=self.here)
        self.assert_same("pipe")
        writer.wait()

    # ---- hostile ----------------------------------------------------------------------------------

    def refuse(self, name, status=1, **options):
        """One line that names the file."""
        said = self.complaint("stylize", name, "--style", "red-one", "-o", "never.png", status=status, **options)
        self.assertIn(name, said)
        self.assertFalse(os.path.exists(self.path("never.png")))
        return said

    def samples_of_formats(self):
        self.save("photo.tif", compression="tiff_adobe_deflate")
        self.save("photo.webp", exif=exif())
        self.save("photo.gif")
        self.save("small.png")
        for program, words, name in (("heif-enc", ["small.png", "-o", "photo.heic"], "photo.heic"),
                                     ("heif-enc", ["-A", "small.png", "-o", "photo.avif"], "photo.avif"),
                                     ("cjxl", ["small.png", "photo.jxl"], "photo.jxl")):
            if shutil.which(program):
                subprocess.run([program, *words], cwd=self.here, check=True, capture_output=True)
        return [name for name in ("photo.tif", "photo.webp", "photo.gif", "photo.heic", "photo.avif", "photo.jxl")
                if os.path.exists(self.path(name))]

    @reads("tiff", "webp", "heif", "jxl", "gif")
    def test_cut_and_changed(self):
        """Of each format, files cut off and files with bytes changed: refused by one line, or read."""
        random = np.random.default_rng(20)
        for name in self.samples_of_formats():
            with open(self.path(name), "rb") as file:
                content = file.read()
            self.keep(self.path("cut-" + name), content[:len(content) * 3 // 5])
            self.refuse("cut-" + name)
            for number in range(4):
                changed = bytearray(content)
                for at in random.integers(12, len(content), 12):
                    changed[at] = random.integers(256)
                self.keep(self.path("changed-" + name), bytes(changed))
                done = self.call("stylize", "changed-" + name, "--style", "red-one", "--strength", "0", "-o", "x.png",
                                 "--on-conflict", "overwrite", here=self.here)
                self.assertIn(done.returncode, (0, 1), (name, number, done.stderr))
                self.assertLessEqual(done.stderr.count("\n"), 2, (name, number, done.stderr))

    @reads("tiff", "gif")
    def test_bombs(self):
        """Small files that say they are large are refused by their headers."""
        rows = [(256, 4, 1, 60000), (257, 4, 1, 60000), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8),
                (277, 3, 1, 1), (278, 4, 1, 60000), (279, 4, 1, 100)]
        self.keep(self.path("bomb.tif"), b"II*\0\x08\0\0\0" + directory(rows))
        self.assertIn("60000 x 60000", self.refuse("bomb.tif"))
        self.keep(self.path("bomb.gif"), b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0x80, 0, 0) + bytes(6) +
                  b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00;")
        self.assertIn("65535 x 65535", self.refuse("bomb.gif"))

    @reads("webp")
    def test_bad_loaders(self):
        """Whatever becomes of the process that decodes, it is one line here."""
        self.save("photo.webp")
        for script, reason in (("kill -SEGV $$", "crashed"), ("exit 0", "gave up"), ("head -c 4000 /dev/zero", "astray"),
                               ("printf h; head -c 4000 /dev/zero", "astray"), ("kill -XCPU $$", "too long")):
            loader = self.path("loader")
            self.keep(loader, f"#!/bin/sh\n{script}\n".encode())
            os.chmod(loader, 0o755)
            self.assertIn(reason, self.refuse("photo.webp", environment={"PASTICHE_LOADER": loader}))
        self.assertIn("can't be started", self.refuse("photo.webp", environment={"PASTICHE_LOADER": "/nowhere"}))

    def test_named_where_missing(self):
        """A build without a format says what it lacks."""
        heads = {"tiff": b"II*\0", "webp": b"RIFF\x20\0\0\0WEBPVP8 ", "heif": b"\0\0\0\x18ftypheic", "gif": b"GIF89a",
                 "jxl": b"\xff\x0a"}
        for name, head in heads.items():
            self.keep(self.path("head"), head + bytes(64))
            said = self.refuse("head")
            self.assertEqual("this build" in said, name not in FORMATS, said)
