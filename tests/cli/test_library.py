"""The library as it is installed: other programs find it by pkg-config, see its public functions and nothing else, and paint
with it as the program does, wherever it was moved.

From the environment besides: CC, BUILD_ROOT, PREFIX, BINARIES, LIBRARIES and DATA_FOLDER as Meson has them.
"""
import os
import re
import shutil
import subprocess
import tempfile

from PIL import Image, ImageChops

from installation import Installation

ROOT = os.environ["SOURCE_ROOT"]
HERE = os.path.dirname(os.path.abspath(__file__))
WARNINGS = ["-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror"]


class Library(Installation):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.libraries = os.path.join(cls.prefix, os.environ["LIBRARIES"])
        cls.data = os.path.join(cls.share, "pastiche")
        cls.photo = os.path.join(cls.home, "photo.png")
        with Image.open(os.path.join(cls.data, "samples", "lake.jpg")) as sample:
            sample.resize((120, 80)).save(cls.photo)

    def run_in(self, *words, status=0, libraries=None):
        environment = {name: value for name, value in os.environ.items() if name != "PASTICHE_DATA"}
        environment |= {"PKG_CONFIG_PATH": os.path.join(self.libraries, "pkgconfig"), "LD_LIBRARY_PATH": libraries or self.libraries,
                        "LC_ALL": "C.UTF-8"}
        done = subprocess.run(words, cwd=self.home, env=environment, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, status, (words, done.stdout, done.stderr))
        return done.stdout + done.stderr

    def flags(self, *words):
        return self.run_in("pkg-config", *words, "pastiche").split()

    def build(self, source, name):
        program = os.path.join(self.home, name)
        self.run_in(*os.environ["CC"].split(), *WARNINGS, source, "-o", program, *self.flags("--cflags", "--libs"), "-lm")
        return program

    def assertSamePixels(self, a, b):
        with Image.open(a) as first, Image.open(b) as second:
            self.assertEqual((first.size, first.mode), (second.size, second.mode))
            self.assertIsNone(ImageChops.difference(first, second).getbbox(), (a, b))

    def painted_by_program(self, style):
        output = os.path.join(self.home, f"program-{os.path.basename(style)}.png")
        self.run_in(self.program, "stylize", self.photo, "--style", style, "-o", output)
        return output

    def test_example(self):
        program = self.build(os.path.join(ROOT, "docs", "examples", "paint.c"), "paint")
        said = self.run_in(program, self.photo, "great-wave", "painting.png")
        self.assertRegex(said, r"\Apainting\.png in the style .*Great Wave")
        self.assertSamePixels(os.path.join(self.home, "painting.png"), self.painted_by_program("great-wave"))
        self.assertIn("usage", self.run_in(program, status=1))
        self.assertRegex(self.run_in(program, "missing.jpg", "great-wave", "x.png", status=1), r"\Amissing\.jpg: [^\n]+\n\Z")

    def test_example_is_short(self):
        with open(os.path.join(ROOT, "docs", "examples", "paint.c"), encoding="utf-8") as file:
            self.assertLess(len(file.readlines()), 25)

    def test_everything(self):
        program = self.build(os.path.join(HERE, "library.c"), "library")
        for style in "great-wave", os.path.join(self.data, "styles", "scream.style"), self.photo:
            folder = tempfile.mkdtemp(dir=self.home)
            self.run_in(program, self.photo, style, folder)
            self.assertSamePixels(os.path.join(folder, "memory.png"), os.path.join(folder, "file.png"))
            self.assertSamePixels(os.path.join(folder, "file.png"), self.painted_by_program(style))

    def test_finds_its_own_data(self):
        program = self.build(os.path.join(ROOT, "docs", "examples", "paint.c"), "paint-elsewhere")
        weights = os.path.join(self.data, "base.safetensors")
        os.rename(weights, weights + ".good")
        try:
            with open(weights, "w", encoding="ascii") as file:
                file.write("damaged")
            said = self.run_in(program, self.photo, "great-wave", "x.png", status=1)
            self.assertEqual(os.path.realpath(said.split(":")[0]), os.path.realpath(weights))
        finally:
            os.replace(weights + ".good", weights)

    def test_behind_a_link(self):
        """The folder of libraries may be a link to one that lies deeper, as Debian's /lib is."""
        program = self.build(os.path.join(ROOT, "docs", "examples", "paint.c"), "paint-behind")
        link = os.path.join(self.home, "lib")
        os.symlink(self.libraries, link)
        self.run_in(program, self.photo, "great-wave", "behind.png", libraries=link)
        self.assertTrue(os.path.exists(os.path.join(self.home, "behind.png")))

    def test_shows_nothing_else(self):
        library = os.path.join(self.libraries, "libpastiche.so")
        headers = self.run_in("pkg-config", "--variable=includedir", "pastiche").strip()
        with open(os.path.join(headers, "pastiche", "pastiche.h"), encoding="utf-8") as file:
            declared = set(re.findall(r"^PASTICHE_API [^;(]*?(\w+)\(", file.read(), re.MULTILINE))
        lines = self.run_in("nm", "--dynamic", "--defined-only", library).splitlines()
        self.assertEqual({line.split()[-1] for line in lines}, declared)

    def test_knows_no_screen(self):
        self.assertNotRegex(self.run_in("ldd", os.path.join(self.libraries, "libpastiche.so")), "gtk|gdk|cairo|X11|wayland")

    def test_header_in_cpp(self):
        source = os.path.join(self.home, "header.cpp")
        with open(source, "w", encoding="ascii") as file:
            file.write("#include <pastiche/pastiche.h>\n"
                       "PasticheSettings settings = PASTICHE_SETTINGS_INIT;\n"
                       "void *take() { return reinterpret_cast<void *>(pastiche_new); }\n")
        if not shutil.which("g++"):
            self.skipTest("g++ is not installed")
        self.run_in("g++", *WARNINGS, "-c", source, "-o", "header.o", *self.flags("--cflags"))
