"""Nothing that is read is written over, and nothing is replaced unasked."""
import io
import os
import resource
import signal
import subprocess
import time

import numpy as np
from PIL import Image

from bench import Bench, PROGRAM


class Overwrite(Bench):
    def noise(self, name):
        file = io.BytesIO()
        Image.fromarray(np.random.default_rng(3).integers(0, 255, (64, 64, 3), np.uint8)).save(file, "JPEG")
        self.put(name, file.getvalue())

    def content(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def refused(self, kept, *words):
        """The command fails, and `kept` is what it was."""
        before = self.content(kept)
        self.complaint(*words)
        self.assertEqual(self.content(kept), before, words)

    def test_stylize(self):
        self.noise("a.jpg")
        self.noise("painting.jpg")
        os.link(self.path("a.jpg"), self.path("hard.jpg"))
        os.symlink("a.jpg", self.path("soft.jpg"))
        self.stylize("a.jpg", "-o", "painted.jpg", "--save-recipe", "recipe.json")
        base = "stylize", "a.jpg", "--strength", "0", "--on-conflict", "overwrite"
        for output in "a.jpg", "hard.jpg", "soft.jpg", "./a.jpg", "painting.jpg":
            self.refused("a.jpg", *base, "--style", "painting.jpg", "-o", output)
            self.refused("a.jpg", *base, "--style", "painting.jpg", "-o", "new.jpg", "--save-recipe", output)
            self.refused("painting.jpg", *base, "--style", "painting.jpg", "-o", "new.jpg", "--save-recipe",
                         "painting.jpg")
        self.refused("recipe.json", *base, "--recipe", "recipe.json", "-o", "new.jpg", "--save-recipe", "recipe.json")
        self.refused("painted.jpg", *base, "--recipe", "painted.jpg", "-o", "painted.jpg")
        self.complaint(*base, "--style", "red-one", "-o", "x.jpg", "--save-recipe", "x.jpg")
        # Unasked, a free name is taken.
        self.put("there.json", b"mine")
        self.stylize("a.jpg", "-o", "new.jpg", "--save-recipe", "there.json")
        self.assertEqual(self.content("there.json"), b"mine")

    def test_style_file(self):
        self.pastiche("style", "make", "photo.png", "-o", "own.style", "--no-thumbnail", "--style-size", "96")
        self.refused("own.style", "stylize", "photo.png", "--style", "own.style", "--save-recipe", "own.style",
                     "--on-conflict", "overwrite")
        os.rename(self.path("photo.png"), self.path("photo.style"))
        self.refused("photo.style", "style", "make", "photo.style", "-o", "photo.style", "--on-conflict", "overwrite")

    def test_train(self):
        for name in "a.jpg", "b.jpg", "other.jpg", "photos/c.jpg":
            self.noise(name)
        base = "train", "a.jpg", "--name", "X", "--steps", "1", "--on-conflict", "overwrite", "-o", "x.style"
        for option in "--log", "--preview-output":
            self.refused("a.jpg", *base, option, "a.jpg")
            self.refused("b.jpg", *base, "--preview", "b.jpg", option, "b.jpg")
            self.refused("photos/c.jpg", *base, "--photos", "photos", option, "photos/c.jpg")
        self.complaint(*base, "--log", "same", "--preview-output", "same")
        other = self.content("other.jpg")
        self.call(*base[:6], "-o", "x.style", "--log", "other.jpg", here=self.here)
        self.assertEqual(self.content("other.jpg"), other)
        self.assertTrue(os.path.exists(self.path("other-2.jpg")))

    def test_own_results(self):
        self.put("in/a.png")
        self.put("in/c.bmp", b"BM" + bytes(32))
        self.put("in/d.mov", b"\0\0\0\x18ftypqt  " + bytes(32))
        self.assertEqual(self.stylize("in", "-o", "in"), ["in/a-red-one.png"])
        done = self.pastiche("stylize", "in", "--style", "red-one", "-o", "in")
        self.assertEqual(done.stdout, "in/a-red-one-2.png\n")
        self.assertRegex(done.stderr, "1 painting of this program left out")
        self.assertRegex(done.stderr, "2 pictures or videos left out")

    def test_standard_streams(self):
        with open(self.path("photo.png"), "rb") as file:
            done = subprocess.run([PROGRAM, "stylize", "-", "--style", "red-one", "-o", "-", "--format", "png"],
                                  input=file.read(), capture_output=True, cwd=self.here,
                                  env=self.environment, check=True)
        self.assertEqual(Image.open(io.BytesIO(done.stdout)).size, (96, 64))
        self.complaint("stylize", "photo.png", "--style", "red-one", "-o", "-", "--json", status=2)

    def test_times(self):
        os.utime(self.path("photo.png"), (1000000000, 1000000001))
        painted, = self.stylize("photo.png", "--keep-times")
        self.assertEqual(int(os.stat(self.path(painted)).st_mtime), 1000000001)

    def test_killed(self):
        """Neither a limit on the size of files nor a kill leaves anything."""
        noise = np.random.default_rng(3).integers(0, 255, (700, 700, 3), np.uint8)
        file = io.BytesIO()
        Image.fromarray(noise).save(file, "PNG")
        self.put("in/noise.png", file.getvalue())

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (50000, 50000))

        os.makedirs(self.path("out"))
        done = self.call("stylize", "in/noise.png", "--style", "red-one", "--strength", "0", "-o", "out/", here=self.here,
                         preexec_fn=limit)
        self.assertEqual(done.returncode, 75)
        self.assertRegex(done.stderr, "files this large aren't allowed")
        self.assertEqual(os.listdir(self.path("out")), [])
        process = self.start("stylize", "in/noise.png", "--style", "red-one", "-o", "out/", here=self.here,
                             stdout=subprocess.DEVNULL)
        time.sleep(0.4)
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.assertEqual([name for name in os.listdir(self.path("out")) if name.startswith(".")], [])
        # Those of file systems without nameless files are cleared.
        stale = self.path("out", ".pastiche-ABCDEF")
        self.put("out/.pastiche-ABCDEF", b"half")
        os.utime(stale, (1000000000, 1000000000))
        self.stylize("photo.png", "-o", "out/")
        self.assertFalse(os.path.exists(stale))
