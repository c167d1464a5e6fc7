"""What may stand after --style."""
import os
import shutil

from bench import Bench
from pictures import distance


class StyleArgument(Bench):
    def painted(self, *styles, words=()):
        flags = [word for style in styles for word in ("--style", style)]
        path, = self.stylize("photo.png", "-o", "result.png", "--on-conflict", "overwrite", *flags, *words, style=None)
        return self.picture(path)

    def same(self, one, two):
        self.assertEqual(distance(one, two), 0)

    def test_names(self):
        plain = self.painted("red-one")
        for name in "RED-ONE", "Red Waves", "red waves", "red", "Re", "wave", f"{self.data}/styles/red-one.style":
            self.same(plain, self.painted(name))
        self.assertGreater(distance(plain, self.painted("blue-one")), 0.02)

    def test_no_such_style(self):
        for style, hint in ("-one", "red-one, blue-one|blue-one, red-one"), ("rad-one", 'is it "red-one"'), ("xyz", "pastiche styles"), \
                ("xyz.jpg", "spelling"), ("there/xyz", "spelling"), ("", "pastiche styles"), ("xyz:2", "pastiche styles"):
            text = self.complaint("stylize", "photo.png", f"--style={style}")
            self.assertRegex(text, hint)
            self.assertIn("no such", text)

    def test_weights(self):
        red, middle = self.painted("red-one"), self.painted("red-one", "blue-one")
        self.same(middle, self.painted("red-one:0.5", "blue-one:.5"))
        self.same(middle, self.painted("red-one:1e2", "blue-one:100"))
        self.assertLess(distance(red, self.painted("red-one:1", "blue-one:1e-9")), 0.002)
        self.same(red, self.painted("red-one:7"))

    def test_weights_of_paintings(self):
        kiss, wave = (os.path.join(os.environ["SOURCE_ROOT"], "data", "styles", n + ".style") for n in ("kiss", "great-wave"))
        one, other, middle = self.painted(kiss), self.painted(wave), self.painted(kiss, wave)
        mostly_one = self.painted(kiss + ":3", wave)
        self.assertLess(distance(one, mostly_one), distance(one, middle))
        self.assertLess(distance(other, middle), distance(other, mostly_one))

    def test_wrong_weights(self):
        for weight in "0", "-1", "nan", "inf", "x", "", "0x2", "1 ":
            text = self.complaint("stylize", "photo.png", f"--style=red-one:{weight}")
            self.assertIn("weight", text)

    def test_name_of_the_result(self):
        shutil.copy(self.at("blue.png"), self.path("my blue.png"))
        path, = self.stylize("photo.png", "--style", "red", "--style", "my blue.png:2", style=None)
        self.assertEqual(path, "photo-red-one+my blue.png")

    def test_pictures(self):
        red = self.painted(self.at("red.png"), words=["--style-size", "96"])
        self.same(red, self.painted("red-one"))
        self.assertGreater(distance(red, self.painted(self.at("blue.png"))), 0.02)

    def test_colons(self):
        shutil.copy(self.at("blue.png"), self.path("a:2"))
        shutil.copy(self.at("red.png"), self.path("a"))
        blue = self.painted(self.at("blue.png"))
        self.same(blue, self.painted("a:2"))
        self.same(blue, self.painted("a:2:5"))
        self.same(self.painted("./a"), self.painted("a:3"))
        self.assertGreater(distance(blue, self.painted("a:3")), 0.02)

    def test_name_before_file_before_part(self):
        shutil.copy(self.at("blue.png"), self.path("red-one"))
        shutil.copy(self.at("blue.png"), self.path("red"))
        self.assertGreater(distance(self.painted("red-one"), self.painted("./red-one")), 0.02)
        self.same(self.painted("red"), self.painted("./red"))

    def test_scale(self):
        red = self.at("red.png")
        self.assertGreater(distance(self.painted(red, words=["--style-size", "64"]), self.painted(red)), 0.001)

    def test_scale_without_picture(self):
        done = self.pastiche("stylize", "photo.png", "--style", "red-one", "--style-size", "128")
        self.assertRegex(done.stderr, r"\Apastiche: red-one: --style-size has no effect[^\n]*; [^\n]*\n\Z")
        warning, *_ = self.events("photo.png", "--style-size", "128")
        self.assertEqual(warning["event"], "warning")

    def test_stroke(self):
        """Larger strokes, of any style, as in the window."""
        for style in "red-one", self.at("red.png"):
            usual, once = self.painted(style), self.painted(style, words=["--stroke", "1"])
            self.same(usual, once)
            self.assertGreater(distance(usual, self.painted(style, words=["--stroke", "3"])), 0.001)

    def test_broken(self):
        self.put("empty.style", b"")
        self.put("text.style", b"hello")
        self.put("text.jpg", b"hello")
        whole = open(f"{self.data}/styles/red-one.style", "rb").read()
        self.put("cut.style", whole[:-4])
        for name in "empty.style", "text.style", "text.jpg", "cut.style", ".":
            self.assertIn(name, self.complaint("stylize", "photo.png", "--style", name))
        self.complaint("stylize", "photo.png", "--style", os.path.join(self.data, "base.safetensors"))

    def test_unreadable_style_in_the_library(self):
        os.makedirs(self.own)
        with open(os.path.join(self.own, "bad.style"), "wb") as file:
            file.write(b"bad")
        done = self.pastiche("stylize", "photo.png", "--style", "red-one")
        self.assertIn("bad.style", done.stderr)
        self.assertEqual(done.stdout, "photo-red-one.png\n")
