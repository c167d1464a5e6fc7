"""GEGL's own program paints by the operation what the command line paints.

From the environment besides: GEGL_OPERATION, the plug-in, and GEGL_PLUGINS, the folder of GEGL's own; neither where it was
not built.
"""
import os
import shutil
import subprocess
import unittest

import numpy as np

from bench import TIMEOUT, Bench, landscape
from pictures import draw, encode, read, samples


@unittest.skipUnless("GEGL_OPERATION" in os.environ, "built without GEGL")
@unittest.skipUnless(shutil.which("gegl"), "gegl is not installed")
class Gegl(Bench):
    def path(self, name):
        return os.path.join(self.here, name)

    def gegl(self, *words):
        """Paints photo.png to gegl.png by the operation; what was said."""
        folder = os.path.dirname(os.environ["GEGL_OPERATION"])
        environment = {**self.environment, "GEGL_PATH": f"{folder}:{os.environ['GEGL_PLUGINS']}", "GEGL_USE_OPENCL": "no"}
        done = subprocess.run(["gegl", "photo.png", "-o", "gegl.png", "--", "pastiche:stylize", *words], cwd=self.here,
                              env=environment, capture_output=True, text=True, timeout=TIMEOUT)
        self.assertTrue(os.path.exists(self.path("gegl.png")), done.stderr)
        return done.stderr

    def assert_same(self, words, options):
        """In 16 bits, as GEGL writes them, to what its conversions of colours lose."""
        self.gegl(*words)
        self.pastiche("stylize", "photo.png", *options, "--format", "png16", "-o", "painting.png", "--on-conflict",
                      "overwrite")
        ours, theirs, photo = (samples(read(self.path(name))) for name in ("painting.png", "gegl.png", "photo.png"))
        self.assertEqual(theirs.shape, ours.shape)
        self.assertLess(np.abs(ours - theirs).max(), 2 ** -12)
        self.assertGreater(np.abs(ours - photo).mean(), 0.02)

    def test_styles(self):
        self.assert_same(["style=red-one"], ["--style", "red-one"])
        shutil.copy(os.path.join(self.data, "styles", "blue-one.style"), self.path("own.style"))
        for name in self.path("own.style"), self.at("blue.png"):
            self.assert_same([f"style={name}"], ["--style", name])

    def test_settings(self):
        self.assert_same(["style=red-one", "strength=0.6", "detail=0.3", "keep-colors=true"],
                         ["--style", "red-one", "--strength", "0.6", "--detail", "0.3", "--keep-colors"])

    def test_transparency(self):
        self.keep(self.path("photo.png"), encode(draw(96, 64, landscape, 4)))
        self.assert_same(["style=red-one"], ["--style", "red-one"])

    def test_wrong_style(self):
        """It says so, and the picture stays as it is."""
        self.assertIn("nothing.style", self.gegl("style=nothing"))
        kept, photo = (samples(read(self.path(name))) for name in ("gegl.png", "photo.png"))
        self.assertLess(np.abs(kept - photo).max(), 2 ** -12)
