"""The metainfo for software centres: valid, and true of the pictures that it names.

From the environment besides: METAINFO, the file with its translations.
"""
import os
import re
import shutil
import subprocess
import unittest
from xml.etree import ElementTree

ROOT = os.environ["SOURCE_ROOT"]
# What validators of one age or another say of it: the name is that of the program on D-Bus, and the developer has a tag
# before AppStream 1.0 and one since.
EXPECTED = {"cid-contains-uppercase-letter", "unknown-tag developer", "developer-name-tag-deprecated"}


def size_of(path):
    """Width and height of a JPEG file."""
    with open(path, "rb") as file:
        data = file.read()
    frame = re.search(rb"\xff[\xc0-\xc2]..\x08(..)(..)", data, re.DOTALL)
    return [int.from_bytes(frame.group(i), "big") for i in (2, 1)]


class Metainfo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = ElementTree.parse(os.environ["METAINFO"]).getroot()

    @unittest.skipUnless(shutil.which("appstreamcli"), "appstreamcli is not installed")
    def test_valid(self):
        done = subprocess.run(["appstreamcli", "validate", "--pedantic", "--no-net", os.environ["METAINFO"]],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        for line in re.findall(r"^[PIWE]: \S+ (.*)$", done.stdout, re.MULTILINE):
            self.assertTrue(any(line.startswith(expected) for expected in EXPECTED), line)

    def test_summary(self):
        for summary in self.root.findall("summary"):
            self.assertLessEqual(len(summary.text), 35)
            self.assertNotRegex(summary.text, r"\.$")

    def test_developer(self):
        self.assertRegex(self.root.find("developer").get("id"), r"^[a-z.]+$")
        self.assertEqual(self.root.find("developer/name").text, self.root.find("developer_name").text)

    def test_screenshots(self):
        """Those of the documentation, at the homepage."""
        screenshots, home = self.root.findall("screenshots/screenshot"), self.root.find("url[@type='homepage']").text
        self.assertIn(len(screenshots), range(3, 7))
        self.assertEqual([screenshot.get("type") for screenshot in screenshots].count("default"), 1)
        for screenshot in screenshots:
            image, captions = screenshot.find("image"), screenshot.findall("caption")
            address, _, name = image.text.rpartition("/")
            self.assertEqual(address, home + "/screenshots")
            self.assertEqual(size_of(os.path.join(ROOT, "docs", name)), [int(image.get("width")), int(image.get("height"))])
            self.assertGreaterEqual(len(captions), 2)  # in English and German
            self.assertFalse(any(caption.text.endswith(".") for caption in captions))

    def test_release(self):
        with open(os.path.join(ROOT, "meson.build"), encoding="utf-8") as file:
            version = re.search(r"version: '([^']+)'", file.read()).group(1)
        release = self.root.find("releases/release")
        self.assertEqual(release.get("version"), version)
        self.assertTrue(release.find("description/p").text)
