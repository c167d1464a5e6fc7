"""Help, the man page, and what is said of a wrong command line."""
import os
import re
import shutil
import subprocess
import unittest

from bench import Bench

COMMANDS = (["stylize"], ["video"], ["verify"], ["styles"], ["style", "make"], ["style", "invent"], ["walk"], ["train"],
            ["adapt"], ["gap"], ["augment"], ["classify", "train"], ["classify"], ["info"])
MANUAL = os.path.join(os.environ["SOURCE_ROOT"], "app", "cli", "pastiche.1")


def options_in(text):
    return set(re.findall(r"--[a-z][a-z-]*", text))


class Usage(Bench):
    def test_help(self):
        text = self.pastiche("--help").stdout
        for command in COMMANDS:
            self.assertIn(f"  {' '.join(command)} ", text)
        self.assertEqual(self.pastiche("-h").stdout, text)
        self.assertEqual(self.pastiche("help").stdout, text)

    def test_help_of_commands(self):
        for command in COMMANDS:
            done = self.pastiche(*command, "--help")
            self.assertTrue(done.stdout.startswith(f"Usage:\n  pastiche {' '.join(command)} [OPTION...]"), done.stdout)
            self.assertTrue(done.stdout.isascii())
            self.assertEqual(done.stderr, "")
            self.assertEqual(self.pastiche("help", *command).stdout, done.stdout)

    def test_version(self):
        self.assertRegex(self.pastiche("--version").stdout, r"\Apastiche \d+\.\d+\.\d+\n\Z")

    def test_manual_has_every_option(self):
        with open(MANUAL, encoding="ascii") as file:
            text = file.read().replace("\\-", "-").replace("\\~", " ")
        helped = set()
        for command in COMMANDS:
            helped |= options_in(self.pastiche(*command, "--help").stdout)
        self.assertEqual(helped - {"--help"} - options_in(text), set(), "not in the manual")
        self.assertEqual(options_in(text) - helped, set(), "only in the manual")

    @unittest.skipUnless(shutil.which("groff"), "groff is not installed")
    def test_manual_renders(self):
        done = subprocess.run(["groff", "-man", "-Tascii", "-P-cbou", "-ww", MANUAL], capture_output=True, text=True, check=True)
        self.assertEqual(done.stderr, "")
        self.assertIn("EXIT STATUS", done.stdout)

    def test_commands(self):
        self.complaint(status=2)
        self.assertIn("frobnicate", self.complaint("frobnicate", status=2))
        self.complaint("help", "frobnicate", status=2)
        self.complaint("style", status=2)
        self.complaint("style", "break", status=2)
        self.complaint("--frobnicate", status=2)

    def test_missing_files(self):
        self.assertIn("a photograph is missing", self.complaint("stylize", "--style", "red-one", status=2))
        self.assertIn("a style is missing", self.complaint("stylize", "photo.png", status=2))
        self.complaint("info", status=2)
        self.complaint("style", "make", status=2)
        self.complaint("styles", "surplus", status=2)

    def test_stylize_values(self):
        wrong = {
            "--strength": ["", "nan", "inf", "-0.1", "1.1", "half", "0x1", "1,0", " 1", "0.5 "],
            "--detail": ["nan", "-1", "2.1"],
            "--style-size": ["31", "8193", "512.5", "big", "-512"],
            "--stroke": ["0", "-1", "nan", "0.4", "4.1", "17"],
            "--size": ["0", "-5", "1e3", "1000001"],
            "--format": ["gif", "JPEG", ""],
            "--quality": ["0", "101", "nan", "92.5"],
            "--on-conflict": ["ask", ""],
            "--threads": ["0", "-1", "1025", "two"],
            "--memory": ["0", "15", "1.5", "99999999999999999999"],
            "--max-pixels": ["0", "-1", "1M"],
        }
        for option, values in wrong.items():
            for value in values:
                with self.subTest(option=option, value=value):
                    text = self.complaint("stylize", "photo.png", "--style", "red-one", f"{option}={value}", status=2)
                    self.assertIn(f"{option} {value}", text)
        self.assertEqual(self.files(), ["photo.png"])

    def test_options(self):
        common = "stylize", "photo.png", "--style", "red-one"
        self.complaint(*common, "--frobnicate", status=2)
        self.complaint(*common, "--strength", status=2)
        self.complaint("style", "make", "photo.png", "--thumbnail", "photo.png", "--no-thumbnail", status=2)
        self.complaint("style", "make", "photo.png", "-o", "photo.styl", status=2)
        self.complaint("style", "make", "photo.png", "-o", "a.style", "--name", "x" * 201, status=2)
        self.complaint("style", "make", "photo.png", "-o", "a.style", "--name", "", status=2)
        self.complaint("style", "make", "photo.png", "-o", "a.style", "--artist", "two\nlines", status=2)
        self.complaint("style", "make", "photo.png", "-o", "a.style", "--artist", b"\xff", status=2)
        self.complaint("style", "make", "photo.png", "-o", "a.style", "--style-size", "0", status=2)
        self.complaint("style", "make", "photo.png", "-o", "a.style", "--threads", "0", status=2)
        self.assertEqual(self.files(), ["photo.png"])

    def test_outputs(self):
        common = "stylize", "photo.png", "--style", "red-one"
        self.complaint(*common, "-o", "", status=2)
        self.assertIn("format", self.complaint(*common, "-o", "result", status=2))
        self.assertIn("format", self.complaint(*common, "-o", "result.gif", status=2))
        self.assertIn("--format", self.complaint(*common, "-o", "result.jpg", "--format", "png", status=2))
        self.assertEqual(self.files(), ["photo.png"])

    def test_standard_output_is_full(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("there is no /dev/full")
        for words in ["--help"], ["--version"], ["styles"], ["styles", "--json"], ["info", "photo.png"], \
                ["stylize", "--help"], ["stylize", "photo.png", "--style", "red-one"]:
            with open("/dev/full", "wb") as full, \
                    self.start(*words, here=self.here, stdout=full, stderr=subprocess.PIPE) as process:
                text = process.communicate()[1].decode()
            self.assertEqual((process.returncode, text.count("\n")), (1, 1), (words, text))
            self.assertIn("standard output: No space left", text)

    def test_no_data(self):
        nowhere = {"PASTICHE_DATA": self.path("nowhere")}
        self.complaint("stylize", "photo.png", "--style", self.at("red.png"), environment=nowhere)
        self.assertEqual(self.files(), ["photo.png"])
