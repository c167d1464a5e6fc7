"""Cases from the field (../shared/cases/README.md): small inputs after other projects' bug reports, and what is right."""
import io
import os
import re
import unittest
import zlib

import numpy as np
from PIL import Image, ImageCms

from bench import Bench

SHARED = os.environ.get("PASTICHE_SHARED") or os.path.join(os.environ["SOURCE_ROOT"], "..", "shared")
CASES = os.path.join(SHARED, "cases")


@unittest.skipUnless(os.path.isdir(CASES), "no cases here; PASTICHE_SHARED names the folder that has them")
class Cases(Bench):
    def case(self, name, *words, status=0):
        """The case given back with strength 0: the picture, the bytes of the file, and what was said."""
        done = self.pastiche("stylize", os.path.join(CASES, name), "--style", "red-one", "--strength", "0", *words,
                             status=status)
        if status:
            return None, b"", done.stderr
        path = self.path(done.stdout.strip())
        with open(path, "rb") as file:
            content = file.read()
        return Image.open(io.BytesIO(content)), content, done.stderr

    def xmp(self, name, *words):
        picture, content, said = self.case(name, *words)
        return picture, re.search(rb"<x:xmpmeta.*</x:xmpmeta>", content, re.S).group(0).decode(), said

    def test_place(self):
        for name, secret in ("place_dji", "GpsLatitude"), ("place_cell", "cellid"):
            self.assertNotIn(secret, self.xmp(name + ".jpg")[1])
            self.assertIn(secret, self.xmp(name + ".jpg", "--metadata", "all")[1])
        self.assertIn('Rating="5"', self.xmp("place_false_alarm.jpg")[1])

    def test_gain_map(self):
        _, xmp, said = self.xmp("xmp_gainmap_motion.jpg")
        for claim in "hdrgm", "Container", "Item", "MotionPhoto":
            self.assertNotIn(claim, xmp)
        self.assertRegex(said, r"\Apastiche: [^\n]*gain map, video[^\n]*\n\Z")

    def test_stale(self):
        picture, xmp, _ = self.xmp("xmp_stale_size_colour.jpg")
        self.assertEqual(picture.size, (16, 24))
        for stale in "ICCProfile", "ColorSpace", 'ImageWidth="24"', 'PixelXDimension="24"', 'Orientation="6"':
            self.assertNotIn(stale, xmp)

    def test_faces(self):
        _, xmp, _ = self.xmp("xmp_face_orientation6.jpg")
        for true in 'x="0.8"', 'y="0.1"', 'stArea:w="0.2"', 'stArea:h="0.1"', 'stDim:w="16"', 'stDim:h="24"':
            self.assertIn(true, xmp)

    def test_nul(self):
        self.assertIn('Rating="5"', self.xmp("xmp_nul.jpg")[1])

    def test_cmyk(self):
        with_marker, without = self.case("cmyk_adobe.jpg")[0], self.case("cmyk_no_adobe_marker.jpg")[0]
        np.testing.assert_array_equal(np.array(with_marker), np.array(without))
        self.assertLess(max(without.getpixel((0, 0))), 6)

    def test_cicp(self):
        picture, _, said = self.case("cicp_display_p3.png")
        stored = np.array(Image.open(os.path.join(CASES, "cicp_display_p3.png")).convert("RGB")) / 255
        # Display P3 to sRGB, by their primaries with white D65.
        light = np.where(stored <= 0.04045, stored / 12.92, ((stored + 0.055) / 1.055) ** 2.4)
        light = light @ np.array([[1.2249, -0.2247, 0], [-0.0420, 1.0419, 0], [-0.0197, -0.0786, 1.0979]]).T
        light = np.clip(light, 0, 1)
        expected = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
        self.assertLess(np.abs(np.array(picture) / 255 - expected).max(), 3 / 255)
        self.assertEqual(said, "")

    def test_adobe_rgb(self):
        name = "adobe_rgb_colorspace2.jpg"
        stored = np.array(Image.open(os.path.join(CASES, name)).convert("RGB")) / 255
        light = stored ** (563 / 256) @ np.array([[1.3984, -0.3984, 0], [0, 1, 0], [0, -0.0429, 1.0429]]).T
        light = np.clip(light, 0, 1)
        expected = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
        self.assertLess(np.abs(np.array(self.case(name, "--format", "png")[0]) / 255 - expected).max(), 3 / 255)

    def test_orientation(self):
        for name in "orientation_xmp_only.jpg", "orientation_long.jpg":
            self.assertEqual(self.case(name)[0].size, (16, 24))

    def test_png(self):
        picture, _, said = self.case("png_no_iend.png")
        self.assertEqual((picture.size, said.count("\n")), ((24, 16), 1))
        self.assertIn("the end marker is missing", said)
        _, _, said = self.case("png_keyword_space.png")
        self.assertRegex(said, r"\A[^\n]*some texts\n\Z")
        picture, _, _ = self.case("png_workflow_over_60000.png")
        original = Image.open(os.path.join(CASES, "png_workflow_over_60000.png"))
        for key, text in original.text.items():
            self.assertEqual(picture.text.get(key), text)

    def test_reasons(self):
        said = self.case("jpeg_two_soi.jpg", status=1)[2]
        self.assertRegex(said, "two SOI")
        self.assertNotIn("too early", said)
        said = self.case("jpeg_65501_wide.jpg", status=1)[2]
        self.assertRegex(said, "65500 pixels")
        self.assertNotIn("damaged", said)

    def test_profile_of_tables(self):
        name = os.path.join(CASES, "icc_lut_xyb.png")
        stored = Image.open(name)
        profile = ImageCms.ImageCmsProfile(io.BytesIO(stored.info["icc_profile"]))
        expected = ImageCms.profileToProfile(stored.convert("RGB"), profile, ImageCms.createProfile("sRGB"),
                                             renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
                                             flags=ImageCms.FLAGS["NOTPRECALC"] |
                                             ImageCms.FLAGS["BLACKPOINTCOMPENSATION"])
        difference = np.abs(np.array(self.case("icc_lut_xyb.png")[0], int) - np.array(expected, int))
        self.assertLessEqual(difference.max(), 3)

    def test_recipes(self):
        recipe = os.path.join(CASES, "recipe_bom.json")
        self.assertEqual(self.pastiche("stylize", "photo.png", "--recipe", recipe).stderr.count("keep_colors"), 0)
        done = self.pastiche("stylize", "photo.png", "--recipe", os.path.join(CASES, "recipe_keep_colors.json"))
        self.assertEqual(len(re.findall('"keep_colors"', done.stderr)), 1)


class Privacy(Bench):
    """The same kinds, of inputs made here."""

    def test_provenance(self):
        painted, = self.stylize("photo.png")
        with open(self.path(painted), "rb") as file:
            content = file.read()
        for told in b"compositeWithTrainedAlgorithmicMedia", b"CreatorTool>Pastiche", b"Red Waves":
            self.assertIn(told, content)
        painted, = self.stylize("photo.png", "--no-recipe")
        with open(self.path(painted), "rb") as file:
            content = file.read()
        self.assertIn(b"compositeWithTrainedAlgorithmicMedia", content)
        self.assertNotIn(b"Red Waves", content)
        painted, = self.stylize("photo.png", "--metadata", "none", "--no-recipe")
        with open(self.path(painted), "rb") as file:
            self.assertNotIn(b"TrainedAlgorithmicMedia", file.read())

    def test_huge_chunks(self):
        """A few bytes that claim gigabytes."""
        def chunk(kind, size, content):
            return size.to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")

        header = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", 13, b"\0\0\0\x08\0\0\0\x08\x08\2\0\0\0")
        for kind in b"tEXt", b"zTXt", b"iTXt", b"iCCP", b"sPLT", b"eXIf", b"PLTE", b"hIST":
            self.put("huge.png", header + chunk(kind, 0x7fffffff, b"key\0\0"))
            said = self.pastiche("stylize", "huge.png", "--style", "red-one", "--stats", status=1).stderr
            self.assertRegex(said, "huge.png: is ")
            peak = int(self.pastiche_peak("info", "huge.png"))
            self.assertLess(peak, 100 << 10, kind)

    def pastiche_peak(self, *words):
        """The memory that the program takes at most, in kilobytes."""
        process = self.start(*words, here=self.here, stdout=-3, stderr=-3)
        return os.wait4(process.pid, 0)[2].ru_maxrss

    def test_large_text(self):
        """A text that is too large unpacked goes, and not in silence."""
        file = io.BytesIO()
        Image.new("RGB", (8, 8)).save(file, "PNG")
        png = file.getvalue()
        chunk = b"zTXtComment\0\0" + zlib.compress(b"A" * (64 << 20), 9)
        self.put("text.png", png[:33] + (len(chunk) - 4).to_bytes(4, "big") + chunk +
                 zlib.crc32(chunk).to_bytes(4, "big") + png[33:])
        said = self.pastiche("stylize", "text.png", "--style", "red-one").stderr
        self.assertRegex(said, r"\Apastiche: [^\n]*some texts\n\Z")

    def test_many_segments(self):
        jpeg = io.BytesIO()
        Image.new("RGB", (8, 8)).save(jpeg, "JPEG")
        jpeg = jpeg.getvalue()
        self.put("many.jpg", jpeg[:2] + b"\xff\xe1\0\x05abc" * 125000 + jpeg[2:])
        self.assertIn("side information", self.complaint("stylize", "many.jpg", "--style", "red-one"))

    def test_salvage(self):
        noise = np.random.default_rng(1).integers(0, 255, (64, 64, 3), np.uint8)
        for kind, name in ("PNG", "half.png"), ("JPEG", "half.jpg"):
            file = io.BytesIO()
            Image.fromarray(noise).save(file, kind, **({"quality": 97, "subsampling": 0} if kind == "JPEG" else {}))
            content = file.getvalue()
            self.put(name, content[:len(content) // 2])
            self.assertIn("too early", self.complaint("stylize", name, "--style", "red-one"))
            done = self.pastiche("stylize", name, "--style", "red-one", "--strength", "0", "--salvage", "--format",
                                 "png")
            self.assertEqual(done.stderr.count("\n"), 1)
            result = self.picture(done.stdout.strip())
            self.assertLess(np.abs(result[:16].astype(int) - noise[:16]).mean(), 20)
            self.assertEqual(len(np.unique(result[60:])), 1)

    def test_own_profile(self):
        file = io.BytesIO()
        picture = Image.new("RGB", (32, 32), (0, 255, 0))
        picture.save(file, "PNG")
        png = file.getvalue()
        # Display P3 by its code points.
        body = b"cICP\x0c\x0d\0\x01"
        chunk = b"\0\0\0\4" + body + zlib.crc32(body).to_bytes(4, "big")
        self.put("p3.png", png[:33] + chunk + png[33:])
        converted, = self.stylize("p3.png", "--strength", "0")
        kept, = self.stylize("p3.png", "--strength", "0", "--own-profile")
        self.assertEqual(tuple(self.picture(kept)[0, 0]), (0, 255, 0))
        self.assertIn("icc_profile", Image.open(self.path(kept)).info)
        self.assertNotIn("icc_profile", Image.open(self.path(converted)).info)
