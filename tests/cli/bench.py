"""The workbench of the tests: a folder with photographs, paintings and styles, and the program to try on them.

From the environment: PASTICHE, the program; PASTICHE_DATA, the folder with the networks.
"""
import json
import math
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from pictures import draw, encode, read

PROGRAM = os.environ["PASTICHE"]
DATA = os.environ["PASTICHE_DATA"]
TIMEOUT = 600  # seconds; machines may be busy


def is_watching(process):
    """Whether the program answers SIGINT itself by now."""
    with open(f"/proc/{process.pid}/status", encoding="ascii", errors="replace") as file:
        caught = next(line for line in file if line.startswith("SigCgt")).split()[1]
    return int(caught, 16) >> (signal.SIGINT - 1) & 1


def landscape(x, y):
    """A sky, hills, a sun; something to paint."""
    if math.hypot(x - 0.7, y - 0.25) < 0.1:
        return 1, 0.9, 0.5, 1
    if y > 0.6 + 0.1 * math.sin(9 * x):
        return 0.2 + 0.3 * x, 0.5 - 0.3 * (y - 0.6), 0.15, 0.5
    return 0.3 + 0.4 * y, 0.5 + 0.3 * y, 0.9 - 0.2 * y, 1


def red_waves(x, y):
    wave = 0.5 + 0.5 * math.sin(40 * (x + 0.2 * math.sin(12 * y)))
    return 0.6 + 0.4 * wave, 0.1 + 0.3 * wave, 0.1, 1


def blue_checks(x, y):
    dark = (int(12 * x) + int(12 * y)) % 2
    return 0.1, 0.2 + 0.4 * dark, 0.4 + 0.6 * dark, 1


# What the bank of artworks and its words are made of.
SPACE = ["bank.safetensors", "space.safetensors", "familiarity.safetensors", "words"]


class Bench(unittest.TestCase):
    """Each test class has its own folder, `cls.home`, with data, own styles and paintings; each test its own
    current folder, `self.here`, with photo.png."""

    data_files = ["encoder.safetensors", "base.safetensors", "examiner.safetensors", "photograph.safetensors"]

    @classmethod
    def setUpClass(cls):
        cls.home = tempfile.mkdtemp(prefix="pastiche-")
        cls.data = os.path.join(cls.home, "data")
        cls.own = os.path.join(cls.home, "own", "pastiche", "styles")
        os.makedirs(os.path.join(cls.data, "styles"))
        os.makedirs(os.path.join(cls.data, "samples"))
        for name in cls.data_files:
            os.symlink(os.path.join(DATA, name), os.path.join(cls.data, name))
        cls.keep(cls.at("red.png"), encode(draw(96, 96, red_waves)))
        cls.keep(cls.at("blue.png"), encode(draw(96, 96, blue_checks)))
        cls.environment = {
            "PATH": os.environ["PATH"], "HOME": cls.home, "LC_ALL": "C.UTF-8",
            "XDG_DATA_HOME": os.path.join(cls.home, "own"), "PASTICHE_DATA": cls.data,
            **{name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")},
        }
        cls.here = cls.home
        cls.keep(cls.at("sample.png"), encode(draw(96, 64, landscape)))
        # Samples are called .jpg; pictures are told apart by their content.
        for name in "bust", "lake", "still_life", "street":
            shutil.copy(cls.at("sample.png"), os.path.join(cls.data, "samples", name + ".jpg"))
        for colour, name in ("red", "Red Waves"), ("blue", "Blue Checks"):
            done = cls.call("style", "make", cls.at(colour + ".png"), "-o", f"{cls.data}/styles/{colour}-one.style",
                            "--name", name, "--artist", "Nobody", "--no-thumbnail", "--style-size", "96")
            assert done.returncode == 0, done.stderr

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.home)

    @classmethod
    def at(cls, name):
        return os.path.join(cls.home, name)

    @staticmethod
    def keep(path, content):
        with open(path, "wb") as file:
            file.write(content)

    def setUp(self):
        self.here = tempfile.mkdtemp(dir=self.home)
        shutil.copy(self.at("sample.png"), os.path.join(self.here, "photo.png"))

    def tearDown(self):
        shutil.rmtree(self.here)
        shutil.rmtree(os.path.dirname(self.own), ignore_errors=True)

    @classmethod
    def start(cls, *words, here=None, **options):
        environment = {**cls.environment, **options.pop("environment", {})}
        return subprocess.Popen([PROGRAM, *words], cwd=here or cls.here, env=environment,
                                **{"stdin": subprocess.DEVNULL, **options})

    @classmethod
    def call(cls, *words, here=None, **options):
        with cls.start(*words, here=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options) as process:
            try:
                out, err = process.communicate(timeout=TIMEOUT)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return subprocess.CompletedProcess(words, process.returncode, out.decode(), err.decode())

    def until(self, process, reached):
        """Waits for something to come true while the process runs."""
        end = time.monotonic() + TIMEOUT
        while not reached():
            self.assertIsNone(process.poll(), "it ended too early")
            self.assertLess(time.monotonic(), end)
            time.sleep(0.005)

    def pastiche(self, *words, status=0, **options):
        """Runs the program in the test's folder and checks its exit status."""
        done = self.call(*words, here=self.here, **options)
        self.assertEqual(done.returncode, status, (words, done.stdout, done.stderr))
        return done

    def stylize(self, *words, status=0, style="red-one", **options):
        """`pastiche stylize`; what it prints, as a list of lines."""
        words = words + (("--style", style) if style else ())
        return self.pastiche("stylize", *words, status=status, **options).stdout.splitlines()

    def complaint(self, *words, status=1, **options):
        """Runs the program, which has to fail with one line on standard error and none on standard output."""
        done = self.pastiche(*words, status=status, **options)
        self.assertEqual(done.stdout, "")
        self.assertRegex(done.stderr, r"\Apastiche: [^\n]+; [^\n]+\n\Z")
        return done.stderr

    def events(self, *words, status=0, style="red-one", **options):
        """The JSON lines of `stylize --json`."""
        done = self.pastiche("stylize", *words, "--json", *(("--style", style) if style else ()), status=status,
                             **options)
        self.assertEqual(done.stderr, "")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def path(self, *parts):
        return os.path.join(self.here, *parts)

    def picture(self, *parts):
        return read(self.path(*parts))

    def content(self, *parts):
        with open(self.path(*parts), "rb") as file:
            return file.read()

    def files(self, *parts):
        """All files below a folder, hidden ones too, by their paths in it."""
        top = self.path(*parts)
        return sorted(os.path.relpath(os.path.join(folder, name), top)
                      for folder, _, names in os.walk(top) for name in names)

    def put(self, name, content=None, size=(48, 32)):
        """A file of some bytes or of a picture, or else a photograph."""
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        if content is None:
            content = draw(*size, landscape)
        self.keep(self.path(name), content if isinstance(content, bytes) else encode(content))
