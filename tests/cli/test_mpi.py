"""One masterpiece by several processes: the same bytes for any number of them, and after one was killed."""
import contextlib
import os
import re
import shutil
import subprocess
import unittest
from xml.etree import ElementTree

from PIL import Image, ImageChops, ImageStat

from bench import Bench, TIMEOUT

PROGRAM = os.environ.get("PASTICHE_MPI")
TIFF = unittest.skipUnless("tiff" in os.environ.get("PASTICHE_FORMATS", "").split(), "built without TIFF")


@unittest.skipUnless(PROGRAM and shutil.which("mpirun"), "built without MPI, or mpirun is not installed")
class Mpi(Bench):
    WORDS = "photo.png", "--stroke", "4", "--threads", "1"

    def setUp(self):
        super().setUp()
        # 3 x 2 tiles; strokes so large that the small part is soon refined.
        self.put("photo.png", size=(1200, 700))

    def mpirun(self, count, *words):
        return subprocess.Popen(
            ["mpirun", "--allow-run-as-root", "--oversubscribe", "-n", str(count), PROGRAM, *self.WORDS, "--style",
             self.at("red.png"), *words], cwd=self.here, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env={**self.environment, "OMPI_MCA_rmaps_base_oversubscribe": "1"})

    def paint(self, count, *words, status=0):
        with self.mpirun(count, *words) as process:
            out, err = process.communicate(timeout=TIMEOUT)
        self.assertEqual(process.returncode, status, (out, err))
        return out.decode(), err.decode()

    def kill_one(self, process, ready):
        """Kills a process when it is ready; the whole run has to end, and say why."""
        def ranks():
            return subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, check=False).stdout.split()

        # What is waited for may be there from an earlier run, before this one's processes are.
        self.until(process, lambda: ready() and len(ranks()) >= 2)
        os.kill(int(ranks()[-1]), 9)
        _, said = process.communicate(timeout=TIMEOUT)
        self.assertNotEqual(process.returncode, 0)
        self.assertIn(b"signal 9", said)

    def test_any_number(self):
        self.pastiche("stylize", *self.WORDS, "--style", self.at("red.png"), "--finish", "masterpiece", "-o",
                      "alone.png")
        for count in 1, 2, 4:
            out, err = self.paint(count, "-o", f"{count}.png", "--stats")
            self.assertEqual(out, f"{count}.png\n")
            self.assertIn("7 tiles painted", err)  # and the small part
            self.assertTrue(self.content(f"{count}.png") == self.content("alone.png"), f"{count} processes paint otherwise")
            self.assertFalse(os.path.exists(self.path(f"{count}.png.tiles")))

    def test_one_killed(self):
        self.paint(1, "-o", "whole.png")
        self.kill_one(self.mpirun(2, "-o", "out.png"), lambda: os.path.isdir(self.path("out.png.tiles")) and
                      len(self.files("out.png.tiles")) >= 3)
        self.assertFalse(os.path.exists(self.path("out.png")))
        there = len(self.files("out.png.tiles"))
        self.assertLess(there, 7)
        _, err = self.paint(2, "-o", "out.png", "--stats")
        self.assertIn(f"{7 - there} tiles painted", err)
        self.assertEqual(self.content("out.png"), self.content("whole.png"))

    @TIFF
    def test_pyramid_by_all(self):
        """Each process writes parts of a tiled TIFF, which have the bytes that one would write."""
        self.put("photo.png", size=(160, 2200))  # five tiles, three parts
        self.pastiche("stylize", *self.WORDS, "--style", self.at("red.png"), "--finish", "masterpiece", "--pyramid",
                      "-o", "alone.tif")
        for count in 1, 2, 4:
            self.paint(count, "--pyramid", "-o", f"{count}.tif")
            self.assertEqual(self.content(f"{count}.tif"), self.content("alone.tif"))
            self.assertFalse(os.path.exists(self.path(f"{count}.tif.tiles")))
        # Killed on the way, and stopped by a part that is none; what was made before is taken.
        self.kill_one(self.mpirun(2, "--pyramid", "-o", "out.tif"), lambda: os.path.isdir(self.path("out.tif.tiles")) and
                      len(self.files("out.tif.tiles")) >= 2)
        self.assertFalse(os.path.exists(self.path("out.tif")))
        key = self.files("out.tif.tiles")[0].split("-")[0]
        strange = f"out.tif.tiles/{key}-00001.part"
        self.keep(self.path(strange), b"no part")
        _, err = self.paint(3, "--pyramid", "-o", "out.tif", status=1)
        self.assertIn(f"{strange}: is no part of this picture", err)
        self.assertIn(f"{key}-00000.part", self.files("out.tif.tiles"))
        self.assertFalse(os.path.exists(self.path("out.tif")))
        os.remove(self.path(strange))
        _, err = self.paint(3, "--pyramid", "-o", "out.tif", "--stats")
        self.assertLessEqual(int(re.search(r"(\d+) tiles painted", err).group(1)), 2)  # those that no part needed
        self.assertEqual(self.content("out.tif"), self.content("alone.tif"))
        self.assertFalse(os.path.exists(self.path("out.tif.tiles")))

    def tree(self, folder):
        """Names and contents of all files in a folder."""
        return {os.path.relpath(os.path.join(place, name), self.path(folder)): self.content(os.path.join(place, name))
                for place, _, names in os.walk(self.path(folder)) for name in names}

    @TIFF
    def test_deep_zoom(self):
        self.put("photo.png", size=(300, 1100))
        self.paint(1, "--format", "tiff", "-o", "whole.tif")
        for count in 1, 3:
            self.assertEqual(self.paint(count, "-o", f"{count}.dzi")[0], f"{count}.dzi\n")
            self.assertFalse(os.path.exists(self.path(f"{count}.dzi.tiles")))
        tiles = self.tree("1_files")
        self.assertEqual(tiles, self.tree("3_files"))
        image = ElementTree.parse(self.path("1.dzi")).getroot()
        self.assertEqual([image.get(key) for key in ("TileSize", "Overlap", "Format")], ["256", "0", "jpg"])
        self.assertEqual(image[0].attrib, {"Width": "300", "Height": "1100"})
        # A level for each halving, from one pixel on, and tiles in columns and rows.
        self.assertEqual({name.split("/")[0] for name in tiles}, {str(level) for level in range(12)})
        self.assertEqual({name for name in tiles if name.startswith("11/")},
                         {f"11/{column}_{row}.jpg" for column in range(2) for row in range(5)})
        with Image.open(self.path("whole.tif")) as whole, Image.open(self.path("1_files/11/1_4.jpg")) as tile:
            self.assertEqual(tile.size, (44, 76))
            difference = ImageChops.difference(whole.convert("RGB").crop((256, 1024, 300, 1100)), tile)
            self.assertLess(max(ImageStat.Stat(difference).mean), 12)
        with Image.open(self.path("1_files/0/0_0.jpg")) as pixel:
            self.assertEqual(pixel.size, (1, 1))
        # Nothing that is there is replaced.
        _, err = self.paint(2, "-o", "1.dzi", "--on-conflict", "overwrite", status=1)
        self.assertIn("1.dzi: exists", err)
        os.remove(self.path("1.dzi"))
        _, err = self.paint(2, "-o", "1.dzi", status=1)
        self.assertIn("1_files", err)
        self.assertEqual(self.tree("1_files"), tiles)

    @TIFF
    def test_deep_zoom_killed(self):
        self.put("photo.png", size=(300, 700))
        self.paint(1, "-o", "whole.dzi")
        # While it is painted.
        self.kill_one(self.mpirun(2, "-o", "out.dzi"), lambda: os.path.isdir(self.path("out.dzi.tiles")) and
                      len(self.files("out.dzi.tiles")) >= 2)
        key = self.files("out.dzi.tiles")[0].split("-")[0]
        # While its tiles are written, of the usual quality: the second process waits at a pipe that is full.
        levels = f"out.dzi.tiles/{key}-0_files"
        shutil.rmtree(self.path(levels), ignore_errors=True)  # where the one that was killed came as far
        os.mkfifo(self.path(f"{levels}-1.tmp"))
        pipe = os.open(self.path(f"{levels}-1.tmp"), os.O_RDWR | os.O_NONBLOCK)
        self.addCleanup(os.close, pipe)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(pipe, bytes(4096))
        self.kill_one(self.mpirun(2, "-o", "out.dzi"), lambda: len(self.tree(levels)) >= 3)
        self.assertFalse(os.path.exists(self.path("out.dzi")))
        self.assertFalse(os.path.exists(self.path("out_files")))
        written = self.tree(levels)
        self.assertLess(len(written), len(self.tree("whole_files")))
        # Another run goes on, with any number of processes; half a tile is none.
        os.remove(self.path(f"{levels}-1.tmp"))
        self.keep(self.path(f"{levels}-1.tmp"), b"half a til")
        _, err = self.paint(3, "-o", "out.dzi", "--stats")
        self.assertIn("0 tiles painted", err)
        self.assertEqual(self.tree("out_files"), self.tree("whole_files"))
        self.assertEqual(self.content("out.dzi"), self.content("whole.dzi"))
        self.assertFalse(os.path.exists(self.path("out.dzi.tiles")))

    def test_style_is_not_replaced(self):
        shutil.copy(self.at("red.png"), self.path("style.png"))
        before = self.content("style.png")
        _, err = self.paint(1, "--style", "style.png", "-o", "style.png", "--on-conflict", "overwrite", status=1)
        self.assertIn("style.png", err)
        self.assertEqual(self.content("style.png"), before)

    def test_refused(self):
        for words in ("-o", "-"), ("--shard", "1/2", "-o", "a.png"), ():
            _, err = self.paint(2, *words, status=1)
            self.assertIn("pastiche: ", err)
        self.put("photo.png", b"no picture")
        _, err = self.paint(2, "-o", "a.png", status=1)
        self.assertIn("photo.png", err)
        self.assertFalse(os.path.exists(self.path("a.png")))
