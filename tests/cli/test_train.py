"""Training a style on a few pictures: whole trainings, as short as can be."""
import json
import math
import os
import random
import signal
import subprocess

import numpy as np

from bench import Bench, TIMEOUT, blue_checks, red_waves
from pictures import draw, size
from test_styles import read_style

SHORT = ("--set", "size=64", "--set", "smallest_window=64", "--set", "largest_window=96", "--set", "batch=2",
         "--set", "style_side=96", "--set", "synthetic=0", "--set", "validations=2")
# so that there is a better generator than the base one after a few steps, whatever that is
LEARNING = ("--set", "content=0", "--set", "content_limit=10", "--set", "rate=0.002", "--set", "average=0.5")


def speckled(x, y):
    random.seed(int(x * 4000) * 5003 + int(y * 4000))
    return 0.4 + 0.5 * random.random(), 0.5 + 0.2 * math.sin(9 * y), 0.2 + 0.3 * random.random(), 1


def soft(x, y):
    wave = 0.5 + 0.4 * math.sin(80 * x) * math.sin(70 * y)
    return wave, 0.8 * wave, 0.5, 1


class Train(Bench):
    def setUp(self):
        super().setUp()
        for i, colour in enumerate((red_waves, blue_checks, speckled)):
            self.put(f"{i}.png", draw(288, 272, colour))

    def train(self, *words, steps=6, status=0, output="my.style", **options):
        done = self.pastiche("train", *words, "--name", "Mine", "-o", output, "--steps", str(steps), *SHORT, status=status,
                             **options)
        if status == 0:
            self.assertEqual(done.stdout.splitlines(), [output])
        return done

    def provenance(self, output="my.style"):
        metadata, tensors = read_style(self.path(output))
        return {key: json.loads(value) if key in ("sources", "recipe", "curve", "report") else value
                for key, value in metadata.items()}, tensors

    def same_pixels(self, one, other):
        np.testing.assert_array_equal(self.picture(one), self.picture(other))

    def kinds(self, report):
        return [finding["kind"] for finding in report["findings"]]

    def test_style(self):
        self.train("0.png", "1.png", "--artist", "Nobody", "--year", "1889", "--movement", "None", "--author", "Me",
                   "--licence", "CC0", *LEARNING, steps=30)
        style, tensors = self.provenance()
        self.assertEqual([style[k] for k in ("name", "artist", "year", "movement", "author", "licence")],
                         ["Mine", "Nobody", "1889", "None", "Me", "CC0"])
        self.assertEqual([s["file"] for s in style["sources"]], ["0.png", "1.png"])
        self.assertEqual([(s["width"], s["height"]) for s in style["sources"]], [(288, 272)] * 2)
        self.assertRegex(style["sources"][0]["sha256"], "^[0-9a-f]{64}$")
        self.assertEqual(style["recipe"]["steps"], 30)
        self.assertEqual(style["curve"]["step"][-1], 30)
        self.assertEqual(len(style["curve"]["trials"]), 3)
        self.assertTrue(tensors["thumbnail"].startswith(b"\xff\xd8\xff"))
        self.assertLess(os.path.getsize(self.path("my.style")), 2 << 20)
        self.assertEqual(self.files(), ["0.png", "1.png", "2.png", "my.style", "photo.png"])

        # it paints otherwise than a style of the same pictures that wasn't trained, and mixes with others
        self.pastiche("style", "make", "0.png", "1.png", "-o", "plain.style", "--no-thumbnail")
        for style, name in ("my.style", "a.png"), ("plain.style", "b.png"):
            self.stylize("photo.png", "-o", name, style=style)
        self.stylize("photo.png", "--style", "my.style", "-o", "c.png")
        trained, plain, mixed = (self.content(name) for name in ("a.png", "b.png", "c.png"))
        self.assertEqual(len({trained, plain, mixed}), 3)
        self.stylize("photo.png", "--strength", "0", "-o", "d.png", style="my.style")
        self.same_pixels("d.png", "photo.png")

    def test_recipe(self):
        """A recipe names what training changed, and is of use where the style is."""
        self.train("0.png", "1.png", *LEARNING, steps=20)
        self.stylize("photo.png", "-o", "a.png", "--save-recipe", "a.json", style="my.style")
        recipe = json.loads(self.content("a.json"))
        self.assertRegex(recipe["styles"][0]["change"], "^[0-9a-f]{64}$")
        self.assertLess(len(self.content("a.json")), 8000)

        # the style file lies beside the recipe, beside the picture that holds it
        for source in "a.json", "a.png":
            self.pastiche("stylize", "photo.png", "--recipe", source, "-o", "b.png")
            self.same_pixels("b.png", "a.png")
            os.remove(self.path("b.png"))

        # it is among the user's own, under whatever name
        own = self.path("data/pastiche/styles")
        os.makedirs(own)
        os.rename(self.path("my.style"), os.path.join(own, "another.style"))
        self.pastiche("stylize", "photo.png", "--recipe", "a.json", "-o", "b.png",
                      environment={"XDG_DATA_HOME": self.path("data")})
        self.same_pixels("b.png", "a.png")

        # it is nowhere
        done = self.pastiche("stylize", "photo.png", "--recipe", "a.json", "-o", "c.png", status=1)
        self.assertIn('a.json: needs the trained style "Mine"', done.stderr)
        self.assertNotIn("c.png", self.files())

    def test_counts_of_pictures(self):
        for n in 1, 5, 10:
            names = []
            for i in range(n):
                names.append(f"p{i}.png")
                self.put(names[-1], draw(96, 80, lambda x, y: red_waves(x * (1 + i / 9), y + i)))
            self.train(*names, output=f"{n}.style", steps=2)
            self.assertEqual(len(self.provenance(f"{n}.style")[0]["sources"]), n)
        self.assertIn("single", self.kinds(self.provenance("1.style")[0]["report"]))

    def test_tiny_picture(self):
        self.put("tiny.png", size=(40, 33))
        self.train("tiny.png", steps=2)
        self.assertIn("small", self.kinds(self.provenance()[0]["report"]))
        self.put("dot.png", size=(8, 8))
        done = self.train("dot.png", status=1)
        self.assertRegex(done.stderr, r"dot\.png: is only 8 x 8 pixels, less than 32 x 32; [^\n]+\n\Z")

    def test_broken_pictures_among_good_ones(self):
        self.put("broken.png", self.content("0.png")[:500])
        self.put("text.jpg", b"no picture at all")
        done = self.train("broken.png", "0.png", "text.jpg", "missing.png", steps=2)
        report = self.provenance()[0]["report"]
        self.assertEqual(self.kinds(report).count("unreadable"), 3)
        found = [f"pastiche: {finding['text']}" for finding in report["findings"]]
        self.assertEqual(done.stderr.splitlines()[:len(found)], found)
        self.assertEqual([p["file"] for p in report["pictures"]], ["0.png"])
        done = self.train("broken.png", "text.jpg", status=1, output="none.style")
        self.assertRegex(done.stderr, r"\Apastiche: [^\n]*broken\.png: [^\n]+; [^\n]+\n\Z")
        self.assertNotIn("none.style", self.files())

    def test_check(self):
        def report(*words):
            return json.loads(self.pastiche("train", "--check", *words).stdout)

        self.put("copy.png", self.content("0.png"))
        found = report("0.png", "copy.png")
        self.assertEqual(next(f["files"] for f in found["findings"] if f["kind"] == "duplicate"), ["0.png", "copy.png"])

        def framed(x, y):
            inside = 0.1 < x < 0.9 and 0.1 < y < 0.9
            return speckled(x, y) if inside else (0.95, 0.95, 0.9, 1)

        self.put("framed.png", draw(300, 300, framed))
        frame = next(f for f in report("framed.png")["findings"] if f["kind"] == "frame")
        for value, wanted in zip(frame["crop"], (30, 30, 240, 240)):
            self.assertAlmostEqual(value, wanted, delta=3)
        self.assertNotIn("frame", self.kinds(report("2.png")))
        self.train("framed.png", steps=1, output="whole.style")
        self.train("framed.png", "--crop", steps=1, output="cropped.style")
        self.assertNotEqual(self.provenance("whole.style")[1]["statistics"], self.provenance("cropped.style")[1]["statistics"])

        self.put("soft.png", draw(300, 300, soft))
        self.assertIn("blurred", self.kinds(report("soft.png")))
        self.put("night.png", draw(300, 300, lambda x, y: tuple(0.2 * v for v in speckled(x, y)[:3])))
        self.assertIn("dark", self.kinds(report("night.png")))
        self.put("grey.png", draw(300, 300, lambda x, y: (speckled(x, y)[0],) * 3))
        self.assertIn("palette", self.kinds(report("grey.png")))
        self.assertIn("styles", self.kinds(report("grey.png", "1.png")))

    def test_photos(self):
        for i in range(6):
            self.put(f"photos/{i}.png", size=(120, 90))
        self.put("photos/broken.png", b"bad")
        self.train("0.png", "--photos", "photos", steps=3)
        done = self.train("0.png", "--photos", "nowhere", status=1)
        self.assertRegex(done.stderr.splitlines()[-1], "nowhere: .*; .*")

    def interrupted(self, number, at, steps):
        """Sends a signal once step `at` is in the log; so many steps that it can't be over by then."""
        words = ("train", "0.png", "1.png", "--name", "Mine", "-o", "cut.style", "--steps", str(steps), "--log", "log",
                 *SHORT)
        with self.start(*words, here=self.here, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            self.until(process, lambda: os.path.exists(self.path("log")) and self.content("log").count(b"\n") > at + 3)
            process.send_signal(number)
            out, err = process.communicate(timeout=TIMEOUT)
        return process.returncode, out.decode(), err.decode()

    def test_pause_and_resume(self):
        self.train("0.png", "1.png", steps=150, output="whole.style")
        status, out, err = self.interrupted(signal.SIGTERM, 10, steps=150)
        self.assertEqual((status, out), (128 + signal.SIGTERM, ""))
        self.assertRegex(err.splitlines()[-1], r"paused after \d+ of 150 steps; --resume goes on")
        self.assertIn("cut.style.checkpoint", self.files())
        # other pictures are another training
        done = self.train("1.png", "--resume", status=1, output="cut.style")
        self.assertRegex(done.stderr.splitlines()[-1], r"cut\.style\.checkpoint: belongs to a training of other")
        self.train("0.png", "1.png", "--resume", "--threads", "1", steps=150, output="cut.style")
        self.assertEqual(self.content("cut.style"), self.content("whole.style"))
        self.assertNotIn("cut.style.checkpoint", self.files())
        done = self.train("0.png", "1.png", "--resume", status=1, output="cut2.style")
        self.assertRegex(done.stderr.splitlines()[-1], r"cut2\.style\.checkpoint: is no training to go on with; ")

    def test_interrupt_keeps_what_there_is(self):
        status, out, err = self.interrupted(signal.SIGINT, 8, steps=4000)
        self.assertEqual((status, out), (0, "cut.style\n"))
        self.assertLess(self.provenance("cut.style")[0]["curve"]["step"][-1], 4000)
        self.stylize("photo.png", style="cut.style")

    def test_damaged_checkpoint(self):
        self.interrupted(signal.SIGTERM, 5, steps=4000)
        whole = self.content("cut.style.checkpoint")
        for damage in whole[:1000], b"", whole[:-4]:
            self.put("cut.style.checkpoint", damage)
            done = self.train("0.png", "1.png", "--resume", steps=4000, status=1, output="cut.style")
            self.assertRegex(done.stderr.splitlines()[-1], r"cut\.style\.checkpoint: ")

    def test_preview(self):
        self.train("0.png", "--preview", "photo.png", "--preview-output", "preview.png", steps=2)
        preview, photo = self.picture("preview.png"), self.picture("photo.png")
        self.assertEqual(size(preview), size(photo))
        self.assertFalse(np.array_equal(preview, photo))

    def test_usage(self):
        for words in (("--name", "x"), ("0.png",), ("0.png", "--name", ""), ("0.png", "--name", "x", "-o", "x.png"),
                      ("0.png", "--name", "x", "--quality", "best"), ("0.png", "--name", "x", "--set", "rate"),
                      ("0.png", "--name", "x", "--set", "rate=fast"), ("0.png", "--name", "x", "--set", "speed=1"),
                      ("0.png", "--name", "x", "--set", "size=70")):
            self.pastiche("train", *words, status=2)
        done = self.pastiche("train", "0.png", "--name", "x", "--set", "scope=1", status=2)
        self.assertIn("scope: a training has no such number; see", done.stderr)
        for option in "--name", "--artist", "--year", "--movement", "--author", "--licence":
            done = self.pastiche("train", "0.png", "--name", "x", option, "é" * 101, status=2)
            self.assertIn(option + ": has to be 1 to 200 bytes long; see", done.stderr)
            self.pastiche("train", "0.png", "--name", "x", option, "two\nlines", status=2)
        self.assertEqual(self.files(), ["0.png", "1.png", "2.png", "photo.png"])

    def test_own_styles(self):
        done = self.pastiche("train", "0.png", "--name", "Kid's art", "--steps", "1", *SHORT)
        self.assertEqual(done.stdout, os.path.join(self.own, "kids-art.style") + "\n")
        self.stylize("photo.png", style="Kid's art")
