"""A fresh installation in a folder of its own, for tests of what is installed.

From the environment besides: BUILD_ROOT, PREFIX, BINARIES and DATA_FOLDER as Meson has them, and WINDOW where it was built.
"""
import os
import shutil
import subprocess
import tempfile
import unittest

BUILD = os.environ["BUILD_ROOT"]


def needs(*programs):
    lacking = [program for program in programs if not shutil.which(program)]
    return unittest.skipIf(lacking, f"not installed: {', '.join(lacking)}")


with_window = unittest.skipUnless(os.environ.get("WINDOW"), "built without the window")


class Installation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = tempfile.mkdtemp(prefix="pastiche-installed-")
        subprocess.run([*os.environ["MESON"].split(), "install", "-C", BUILD, "--no-rebuild", "--quiet", "--destdir", cls.home],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        cls.prefix = os.path.join(cls.home, os.environ["PREFIX"].lstrip("/"))
        cls.share = os.path.join(cls.prefix, os.environ["DATA_FOLDER"])
        cls.program = os.path.join(cls.prefix, os.environ["BINARIES"], "pastiche")
        cls.environment = {"PATH": os.path.dirname(cls.program) + ":" + os.environ["PATH"], "LC_ALL": "C.UTF-8",
                           "HOME": cls.home, "XDG_DATA_HOME": os.path.join(cls.home, "own"), "XDG_DATA_DIRS": cls.share}

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.home)

    def run_in(self, *words, environment=(), **options):
        done = subprocess.run(words, cwd=self.home, env={**self.environment, **dict(environment)}, capture_output=True,
                              text=True, timeout=120, **options)
        self.assertEqual(done.returncode, 0, (words, done.stderr))
        return done.stdout

    def shared(self, *parts):
        path = os.path.join(self.share, *parts)
        self.assertTrue(os.path.isfile(path), path)
        return path
