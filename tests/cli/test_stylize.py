"""Painting one photograph: what the options do to the picture."""
import json
import os
import re
import shutil

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from bench import Bench, landscape
from pictures import distance, draw, encode, samples, size


class Stylize(Bench):
    def painted(self, *words, **options):
        """The picture that `stylize photo.png` makes with these options."""
        path, = self.stylize("photo.png", "-o", "result.png", "--on-conflict", "overwrite", *words, **options)
        self.assertEqual(path, "result.png")
        return self.picture(path)

    def test_plain(self):
        done = self.pastiche("stylize", "photo.png", "--style", "red-one")
        self.assertEqual((done.stdout, done.stderr), ("photo-red-one.png\n", ""))
        photo, painting = self.picture("photo.png"), self.picture("photo-red-one.png")
        self.assertEqual((painting.shape, painting.dtype), ((64, 96, 3), np.uint8))
        self.assertGreater(distance(photo, painting), 0.05)
        self.assertEqual(self.files(), ["photo-red-one.png", "photo.png"])

    def test_output_is_a_folder(self):
        os.mkdir(self.path("there"))
        self.assertEqual(self.stylize("photo.png", "-o", "there"), ["there/photo-red-one.png"])
        self.assertEqual(self.stylize("photo.png", "-o", "new/deep/"), ["new/deep/photo-red-one.png"])
        self.assertEqual(self.stylize("photo.png", "-o", "other/result.jpg"), ["other/result.jpg"])
        self.assertEqual(self.files("new"), ["deep/photo-red-one.png"])

    def test_output_cannot_be(self):
        self.put("file", b"something")
        self.assertIn("file", self.complaint("stylize", "photo.png", "--style", "red-one", "-o", "file/result.png"))
        self.assertIn("folder", self.complaint("stylize", "photo.png", "--style", "red-one", "-o", "file/deep/r.png"))
        self.assertEqual(self.content("file"), b"something")

    def test_formats(self):
        kinds = {"jpeg": ("jpg", b"\xff\xd8\xff"), "png": ("png", b"\x89PNG"), "png16": ("png", b"\x89PNG")}
        for name, (suffix, head) in kinds.items():
            path, = self.stylize("photo.png", "-o", f"{name}/", "--format", name)
            self.assertEqual(path, f"{name}/photo-red-one.{suffix}")
            self.assertTrue(self.content(path).startswith(head))
        self.assertEqual(self.picture("png/photo-red-one.png").dtype, np.uint8)
        self.assertEqual(self.picture("png16/photo-red-one.png").dtype, np.uint16)
        # the suffix of -o, and --format where the suffix says nothing
        self.stylize("photo.png", "-o", "a.JPG")
        self.assertTrue(self.content("a.JPG").startswith(b"\xff\xd8\xff"))
        self.stylize("photo.png", "-o", "b", "--format", "png16")
        self.assertEqual(self.picture("b").dtype, np.uint16)

    def test_format_of_the_photograph(self):
        self.stylize("photo.png", "-o", "photo.jpg", "--strength", "0")
        self.assertEqual(self.stylize("photo.jpg"), ["photo-red-one.jpg"])
        self.put("deep.png", draw(40, 30, landscape, depth=16))
        self.assertEqual(self.stylize("deep.png"), ["deep-red-one.png"])
        self.assertEqual(self.picture("deep-red-one.png").dtype, np.uint16)
        self.stylize("deep.png", "-o", "shallow.png", "--format", "png")
        self.assertEqual(self.picture("shallow.png").dtype, np.uint8)

    def test_metadata(self):
        # a byte order, one directory: a GPS directory with a secret, and the camera
        exif = (b"II*\0\x08\0\0\0" + b"\2\0" + b"\x0f\1\2\0\7\0\0\0\x40\0\0\0"
                + b"\x25\x88\4\0\1\0\0\0\x50\0\0\0" + b"\0\0\0\0")
        exif = exif.ljust(0x40, b"\0") + b"CAMERA\0"
        exif = exif.ljust(0x50, b"\0") + b"\1\0\x1b\0\7\0\6\0\0\0\x70\0\0\0\0\0\0\0"
        exif = exif.ljust(0x70, b"\0") + b"SECRET"
        texts = PngInfo()
        texts.add_text("Title", "Hills")
        self.put("photo.png", encode(self.picture("photo.png"), exif=exif, pnginfo=texts))
        for words, camera, place in ((), True, False), (("private",), True, False), (("all",), True, True), \
                (("none",), False, False):
            for name in "a.png", "a.jpg":
                option = ("--metadata", *words) if words else ()
                self.stylize("photo.png", "-o", name, "--on-conflict", "overwrite", *option)
                content = self.content(name)
                self.assertEqual(b"CAMERA" in content, camera, (words, name))
                self.assertEqual(b"Hills" in content, camera, (words, name))
                self.assertEqual(b"SECRET" in content, place, (words, name))
        self.assertIn("--metadata", self.complaint("stylize", "photo.png", "--style", "red-one", "--metadata", "some",
                                                   status=2))

    def test_content_not_name(self):
        shutil.move(self.path("photo.png"), self.path("photo.jpg"))
        path, = self.stylize("photo.jpg")
        self.assertEqual(path, "photo-red-one.png")

    def test_strength(self):
        photo = self.picture("photo.png")
        steps = [distance(photo, self.painted("--strength", s)) for s in ("0", "0.25", "0.5", "0.75", "1")]
        self.assertLess(steps[0], 1e-9)
        for less, more in zip(steps, steps[1:]):
            self.assertLess(less, 1.05 * more)
        self.assertLess(2 * steps[1], steps[4])
        self.assertAlmostEqual(steps[4], distance(photo, self.painted()))

    def test_strength_0_in_16_bits(self):
        self.put("photo.png", draw(50, 40, landscape, depth=16))
        photo, painting = self.picture("photo.png"), self.painted("--strength", "0")
        self.assertEqual(painting.dtype, np.uint16)
        self.assertLess(np.abs(samples(photo) - samples(painting)).max(), 1.5 / 65535)

    def test_detail(self):
        self.assertGreater(distance(self.painted("--detail", "0"), self.painted("--detail", "1")), 1e-3)

    def test_keep_colors(self):
        def redness(picture):
            # What stays is the difference between channels, not their ratio: only luma moves.
            red, _, blue = samples(picture).mean((0, 1))
            return red - blue
        plain, kept = self.painted(), self.painted("--keep-colors")
        photo = self.picture("photo.png")
        self.assertGreater(abs(redness(plain) - redness(photo)), 2 * abs(redness(kept) - redness(photo)))
        self.assertEqual(distance(kept, self.painted("--keep-colours")), 0)

    def test_size(self):
        for side, width, height in ("48", 48, 32), ("150", 150, 100), ("1", 1, 1):
            painting = self.painted("--size", side)
            self.assertEqual(size(painting), (width, height))

    def test_sizes_of_photographs(self):
        for width, height in (1, 1), (1, 40), (37, 1), (7, 9), (17, 33):
            self.put("photo.png", size=(width, height))
            painting = self.painted()
            self.assertEqual(size(painting), (width, height))

    def test_alpha(self):
        for depth in 8, 16:
            self.put("photo.png", draw(40, 30, landscape, 4, depth))
            photo, painting = self.picture("photo.png"), self.painted()
            self.assertEqual((painting.shape, painting.dtype), (photo.shape, photo.dtype))
            np.testing.assert_array_equal(photo[..., 3], painting[..., 3])
        self.stylize("photo.png", "-o", "flat.jpg")
        self.assertTrue(self.content("flat.jpg").startswith(b"\xff\xd8\xff"))

    def test_quality(self):
        sizes = []
        for quality in "10", "60", "100":
            self.stylize("photo.png", "-o", quality + ".jpg", "--quality", quality)
            sizes.append(len(self.content(quality + ".jpg")))
        self.assertEqual(sizes, sorted(set(sizes)))

    def test_same_bytes(self):
        self.put("photo.png", size=(333, 217))
        results = []
        for words in ["--threads", "1"], ["--threads", "2"], ["--threads", "3"], []:
            self.painted(*words, style=self.at("red.png"))
            results.append(self.content("result.png"))
        self.assertEqual(len(set(results)), 1)

    def test_memory(self):
        """Bands of other heights may round otherwise, by one level."""
        self.put("photo.png", size=(333, 217))
        one, two = self.painted("--memory", "16"), self.painted("--memory", "4000")
        self.assertLess(np.abs(samples(one) - samples(two)).max(), 1.5 / 255)
        self.assertLess(distance(one, two), 1e-4)

    def test_max_pixels(self):
        text = self.complaint("stylize", "photo.png", "--style", "red-one", "--max-pixels", "6143")
        self.assertIn("photo.png", text)
        self.stylize("photo.png", "--max-pixels", "6144")
        self.complaint("stylize", "photo.png", "--style", "red-one", "--max-pixels", "6144", "--size", "97")
        self.complaint("stylize", "photo.png", "--style", "red-one", "--size", "1000000")
        self.put("line.png", size=(1000, 1))
        text = self.complaint("stylize", "line.png", "--style", "red-one", "-o", "a.jpg", "--size", "70000")
        self.assertIn("another format", text)

    def test_stats(self):
        done = self.pastiche("stylize", "photo.png", "--style", "red-one", "--stats")
        lines = done.stderr.splitlines()
        self.assertEqual(len(lines), 3, lines)
        self.assertRegex(lines[0], r"\A\d+ threads, \w+; styles [\d.]+ s\Z")
        self.assertRegex(lines[1], r"\Aphoto\.png: 96 x 64, features are kept, about \d+ MB of memory, 0 MB of temporary files\Z")
        self.assertRegex(lines[2], r"\Aphoto-red-one\.png: 96 x 64, read .* s, gathered .* s \(\d+ GFLOP/s\), painted .* s "
                                   r"\(\d+ GFLOP/s\), written .* s, .* s a megapixel, peak memory \d+ MB\Z")

    def test_plan(self):
        self.put("wide.png", draw(1200, 900, landscape))
        done = self.pastiche("stylize", "wide.png", "--style", "red-one", "--memory", "16", "-o", "a.png")
        self.assertRegex(done.stderr, r"\Awide\.png: 1200 x 900, features are computed twice, about \d+ MB of memory, .*\n\Z")
        done = self.pastiche("stylize", "wide.png", "--style", "red-one", "--memory", "1000", "-o", "b.png")
        self.assertRegex(done.stderr, r"\Awide\.png: 1200 x 900, features are kept, about \d+ MB of memory, .*\n\Z")
        self.assertEqual(self.content("a.png"), self.content("b.png"))
        events = self.events("wide.png", "-o", "c.png")
        plan, = (event for event in events if event["event"] == "plan")
        self.assertEqual((plan["input"], plan["width"], plan["height"], plan["keeps_features"]), ("wide.png", 1200, 900, True))
        done, = (event for event in events if event["event"] == "done")
        for stage in "reading", "gathering", "painting", "writing":
            self.assertGreater(done[stage + "_seconds"], 0)
        self.assertGreater(plan["memory_megabytes"], 0)
        self.assertGreater(done["painting_gflops"], 0)

    def test_regions_stream(self):
        """Three styles in one large picture take no more memory than one."""
        Image.effect_noise((2200, 4400), 40).convert("RGB").save(self.path("tall.png"), compress_level=1)
        self.stylize("photo.png", "--style", "blue-one", "--style", "red-one", "--save-recipe", "one.json")
        with open(self.path("one.json")) as file:
            recipe = json.load(file)
        for region, style in enumerate(recipe["styles"]):
            style["region"] = region
        recipe["regions"] = [{"mask": ""}, {"mask": "0.5 0;p 0.2 0.1,0.1 0.3,0.9"}, {"mask": "0.2 1;p 0.1 0.2,0.5"}]
        self.put("three.json", json.dumps(recipe).encode())
        peaks = []
        for number, words in enumerate((["--style", "red-one"], ["--recipe", "three.json"])):
            done = self.pastiche("stylize", "tall.png", "-o", f"{number}.png", "--stats", *words)
            peaks.append(int(re.search(r"peak memory (\d+) MB", done.stderr)[1]))
        self.assertLessEqual(peaks[1], 1.15 * peaks[0])
        # AddressSanitizer keeps what was freed for a while.
        if "ASAN_OPTIONS" not in os.environ:
            self.assertLess(peaks[1], 300)

    def test_style_is_remembered(self):
        shutil.copy(self.at("red.png"), self.path("style.png"))
        cache = {"XDG_CACHE_HOME": self.path("cache")}
        first = self.events("photo.png", "-o", "a.png", style="style.png", environment=cache)
        again = self.events("photo.png", "-o", "b.png", style="style.png", environment=cache)
        self.assertEqual([event["styles"][0]["cached"] for events in (first, again)
                          for event in events if event["event"] == "start"], [False, True])
        self.assertEqual(self.content("a.png"), self.content("b.png"))

    def test_photograph_is_not_replaced(self):
        before = self.content("photo.png")
        for words in ["-o", "photo.png"], ["-o", "./photo.png"]:
            self.complaint("stylize", "photo.png", "--style", "red-one", "--on-conflict", "overwrite", *words)
        shutil.copy(self.at("red.png"), self.path("style.png"))
        self.complaint("stylize", "photo.png", "--style", "style.png", "--on-conflict", "overwrite", "-o", "style.png")
        self.assertEqual(self.stylize("photo.png", "-o", "photo.png"), ["photo-2.png"])
        self.assertEqual(self.content("photo.png"), before)

    def test_broken(self):
        whole = self.content("photo.png")
        files = {"empty.png": b"", "text.png": b"hello, world\n", "cut.png": whole[:len(whole) // 2], "head.jpg": b"\xff\xd8\xff"}
        for name, content in files.items():
            self.put(name, content)
            self.assertIn(name, self.complaint("stylize", name, "--style", "red-one"))
        self.assertIn("nowhere.png", self.complaint("stylize", "nowhere.png", "--style", "red-one"))
        self.assertEqual(self.files(), sorted([*files, "photo.png"]))

    def test_names(self):
        for name in "-dash.png", "two words.png", "dots.in.name.png", "caf\u00e9.png", ".hidden.png", "new\nline.png":
            shutil.copy(self.path("photo.png"), self.path(name))
            done = self.pastiche("stylize", "--style", "red-one", "--", name)
            self.assertEqual(done.stdout, name[:-4] + "-red-one.png\n")
        shutil.copy(self.path("photo.png"), self.path("x" * 250 + ".png"))
        path, = self.stylize("x" * 250 + ".png")
        self.assertLess(len(path), 250)
        self.pastiche("stylize", "caf\u00e9.png", "--style", "red-one", environment={"LC_ALL": "C"})
        self.assertIn("caf\u00e9-red-one-2.png", self.files())
        raw = os.path.join(os.fsencode(self.here), b"caf\xe9.png")
        shutil.copy(self.path("photo.png"), raw)
        start, *_, done, _ = self.events(b"caf\xe9.png")
        self.assertEqual(done["output"], "caf\ufffd-red-one.png")

    def test_control_characters_stay_out_of_messages(self):
        done = self.pastiche("stylize", "\x1b[31mred\n.png", "--style", "red-one", status=1)
        self.assertEqual(done.stderr.count("\n"), 1)
        self.assertNotIn("\x1b", done.stderr)

    def test_json(self):
        events = self.events("photo.png", "--threads", "2")
        start, done, summary = events[0], events[-2], events[-1]
        self.assertEqual((start["event"], start["photos"], start["threads"]), ("start", 1, 2))
        self.assertEqual([(s["name"], s["weight"]) for s in start["styles"]], [("Red Waves", 1.0)])
        self.assertEqual([event["event"] for event in events[1:-2] if event["event"] != "progress"], ["plan"])
        for event in events[1:-2]:
            self.assertEqual((event["input"], event["number"]), ("photo.png", 1))
            self.assertTrue(0 <= event.get("share", 0) <= 1)
        self.assertEqual({k: done[k] for k in ("event", "input", "output", "width", "height")},
                         {"event": "done", "input": "photo.png", "output": "photo-red-one.png", "width": 96, "height": 64})
        self.assertEqual((summary["event"], summary["painted"], summary["failed"]), ("summary", 1, 0))
        self.assertFalse(summary["interrupted"])

    def test_json_of_failures(self):
        failed, summary = self.events("photo.png", style="nothing-like-it", status=1)
        self.assertEqual((failed["event"], summary["event"], summary["failed"]), ("failed", "summary", 1))
        *_, failed, summary = self.events("nowhere.png", status=1)
        self.assertEqual((failed["event"], failed["input"]), ("failed", "nowhere.png"))
