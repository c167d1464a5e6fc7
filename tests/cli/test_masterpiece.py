"""Masterpieces: refined, by recipes again, where the painting is gone; a plain sentence where there is none."""
import json
import os
import shutil

import numpy as np

from bench import Bench
from pictures import distance, size


class Masterpiece(Bench):
    FINISH = ["--finish", "masterpiece"]

    def paint(self, *words, style="red-one", **options):
        return self.pastiche("stylize", *words, *(("--style", style) if style else ()), **options)

    def test_is_another_painting(self):
        self.stylize("photo.png", "-o", "instant.png")
        self.stylize("photo.png", "-o", "refined.png", *self.FINISH)
        self.stylize("photo.png", "-o", "again.png", "--threads", "1", *self.FINISH)
        instant, refined = self.picture("instant.png"), self.picture("refined.png")
        self.assertEqual(size(instant), size(refined))
        self.assertGreater(distance(instant, refined), 0.01)
        self.assertTrue(np.array_equal(refined, self.picture("again.png")))

    def test_says_how_long(self):
        done = self.paint("photo.png", "-o", "a.png", "--stats", *self.FINISH)
        self.assertRegex(done.stderr, r"photo.png: a masterpiece takes about 0:\d\d")
        plan, = [e for e in self.events("photo.png", "-o", "b.png", *self.FINISH) if e["event"] == "plan"]
        self.assertGreaterEqual(plan["seconds"], 0)
        self.assertLess(plan["seconds"], 600)

    def test_recipe_outlives_the_painting(self):
        shutil.copy(self.at("red.png"), self.path("painting.png"))
        self.stylize("photo.png", "-o", "first.png", "--save-recipe", "r.json", "--likeness", "0.3", *self.FINISH,
                     style="painting.png")
        with open(self.path("r.json"), encoding="utf-8") as file:
            recipe = json.load(file)
        self.assertEqual((recipe["finish"], recipe["likeness"]), ("masterpiece", 0.3))
        os.remove(self.path("painting.png"))
        done = self.paint("photo.png", "-o", "second.png", "--recipe", "r.json", style=None)
        self.assertEqual(done.stderr, "")
        self.assertTrue(np.array_equal(self.picture("first.png"), self.picture("second.png")))

    def test_instant_recipes_stay_as_they_were(self):
        self.stylize("photo.png", "-o", "a.png", "--save-recipe", "r.json")
        with open(self.path("r.json"), encoding="utf-8") as file:
            self.assertNotIn("finish", json.load(file))
        self.stylize("photo.png", "-o", "b.png", "--recipe", "r.json", *self.FINISH, style=None)
        self.stylize("photo.png", "-o", "c.png", *self.FINISH)
        self.assertTrue(np.array_equal(self.picture("b.png"), self.picture("c.png")))

    def test_style_without_strokes(self):
        """Without palette and patches a style is as an older version made it."""
        self.stylize("photo.png", "--save-recipe", "r.json")
        self.stylize("photo.png", "-o", "b.png", "--recipe", "r.json", *self.FINISH, style=None)
        bare = self.path("bare")
        os.mkdir(bare)
        for name in "encoder.safetensors", "base.safetensors":
            os.symlink(os.path.join(self.data, name), os.path.join(bare, name))
        self.paint("photo.png", "-o", "a.png", "--recipe", "r.json", style=None, environment={"PASTICHE_DATA": bare})
        done = self.paint("photo.png", "-o", "c.png", "--recipe", "r.json", *self.FINISH, style=None,
                            environment={"PASTICHE_DATA": bare})
        self.assertIn("keeps nothing of its painting's strokes", done.stderr)
        self.assertTrue(np.array_equal(self.picture("a.png"), self.picture("c.png")))
        self.assertFalse(np.array_equal(self.picture("a.png"), self.picture("b.png")))

    def test_mix_and_strength(self):
        mix = ["--style", "blue-one:2"]
        self.stylize("photo.png", "-o", "mix.png", *mix, *self.FINISH)
        self.stylize("photo.png", "-o", "one.png", *self.FINISH)
        self.stylize("photo.png", "-o", "none.png", "--strength", "0", *self.FINISH)
        self.assertGreater(distance(self.picture("mix.png"), self.picture("one.png")), 0.01)
        self.assertLess(distance(self.picture("none.png"), self.picture("photo.png")), 0.005)

    def test_bad_words(self):
        for words in ["--finish", "quick"], ["--likeness", "1.5"], ["--likeness", "x"]:
            done = self.paint("photo.png", "-o", "a.png", *words, status=2)
            self.assertIn(words[0], done.stderr)
            self.assertFalse(os.path.exists(self.path("a.png")))

    def test_bad_recipe(self):
        self.stylize("photo.png", "-o", "a.png", "--save-recipe", "r.json", *self.FINISH)
        with open(self.path("r.json"), encoding="utf-8") as file:
            recipe = json.load(file)
        for key, value in ("finish", "quick"), ("finish", 1), ("likeness", 2):
            with open(self.path("bad.json"), "w", encoding="utf-8") as file:
                json.dump({**recipe, key: value}, file)
            done = self.paint("photo.png", "-o", "b.png", "--recipe", "bad.json", style=None, status=1)
            self.assertRegex(done.stderr, r"bad.json: .*" + key)
