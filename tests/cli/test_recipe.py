"""Recipes: saved, described, painted by again."""
import json
import os
import re
import shutil

import numpy as np

from bench import Bench
from pictures import distance, size


class Recipe(Bench):
    MIX = ["--style", "blue-one:2", "--strength", "0.6", "--detail", "0.3", "--keep-colors", "--size", "80"]

    def saved(self, *words, **options):
        """Paints to first.png and saves recipe.json; the recipe."""
        self.stylize("photo.png", "-o", "first.png", "--save-recipe", "recipe.json", *words, **options)
        with open(self.path("recipe.json"), encoding="utf-8") as file:
            return json.load(file)

    def repainted(self, *words, **options):
        self.stylize("photo.png", "-o", "second.png", "--on-conflict", "overwrite", "--recipe", "recipe.json", *words,
                     style=None, **options)
        return self.picture("second.png")

    def same(self):
        return np.array_equal(self.picture("first.png"), self.picture("second.png"))

    def test_what_it_holds(self):
        recipe = self.saved(*self.MIX)
        self.assertEqual(recipe["format"], "pastiche-recipe-1")
        self.assertRegex(recipe["program"], r"\Apastiche \d")
        self.assertRegex(recipe["date"], r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z")
        self.assertRegex(recipe["model"], r"\A[0-9a-f]{64}\Z")
        self.assertEqual([(s["id"], s["name"], s["weight"]) for s in recipe["styles"]],
                         [("blue-one", "Blue Checks", 2), ("red-one", "Red Waves", 1)])
        self.assertEqual((recipe["strength"], recipe["detail"], recipe["keep_colours"], recipe["size"]),
                         (0.6, 0.3, True, 80))

    def test_paints_the_same(self):
        self.saved(*self.MIX)
        picture = self.repainted()
        self.assertEqual(size(picture), (80, 53))
        self.assertTrue(self.same())

    def test_works_elsewhere(self):
        """Without the picture that the style came from, and without the styles of the library."""
        shutil.copy(self.at("red.png"), self.path("Rote Wellen.png"))
        recipe = self.saved("--style-size", "256", style="Rote Wellen.png")
        style, = recipe["styles"]
        self.assertEqual((style["id"], style["file"]), ("Rote Wellen", "Rote Wellen.png"))
        self.assertRegex(style["sha256"], r"\A[0-9a-f]{64}\Z")
        self.assertEqual(recipe["style_size"], 256)
        os.remove(self.path("Rote Wellen.png"))
        bare = self.path("bare")
        os.mkdir(bare)
        for name in "encoder.safetensors", "base.safetensors":
            os.symlink(os.path.join(self.data, name), os.path.join(bare, name))
        self.repainted(environment={"PASTICHE_DATA": bare})
        self.assertTrue(self.same())
        self.assertEqual(self.stylize("photo.png", "--recipe", "recipe.json", style=None), ["photo-Rote Wellen.png"])

    def test_saved_again(self):
        first = self.saved(*self.MIX)
        self.repainted("--save-recipe", "again.json")
        again = json.loads(self.content("again.json"))
        for recipe in first, again:
            del recipe["date"]
        self.assertEqual(first, again)

    def test_options_go_first(self):
        self.saved(*self.MIX)
        picture = self.repainted("--strength", "0", "--size", "40")
        self.assertEqual(picture.shape[1], 40)
        self.repainted("--style", "red-one")
        self.assertFalse(self.same())
        self.repainted("--style", "red-one", "--style", "blue-one:2")
        self.assertLess(distance(self.picture("first.png"), self.picture("second.png")), 0.001)

    def test_conflicts(self):
        self.saved()
        before = self.content("recipe.json")
        done = self.pastiche("stylize", "photo.png", "--style", "red-one", "--save-recipe", "recipe.json")
        self.assertIn("recipe-2.json", done.stderr)
        self.assertEqual(self.content("recipe.json"), before)
        self.complaint("stylize", "photo.png", "--style", "red-one", "--save-recipe", "recipe.json", "--on-conflict", "skip")
        # a recipe that is read is not replaced by a picture
        self.complaint("stylize", "photo.png", "--recipe", "recipe.json", "-o", "recipe.json", "--format", "png",
                       "--on-conflict", "overwrite")
        self.assertEqual(self.content("recipe.json"), before)

    def test_cannot_be_saved(self):
        self.complaint("stylize", "photo.png", "--style", "red-one", "--save-recipe", "no/where.json")
        self.assertEqual(self.files(), ["photo.png"])

    def test_broken(self):
        recipe = self.saved()
        self.put("empty.json", b"")
        self.put("text.json", b"hello")
        self.put("cut.json", self.content("recipe.json")[:-100])
        self.put("wild.json", json.dumps({**recipe, "strength": 7}).encode())
        self.put("later.json", json.dumps({**recipe, "format": "pastiche-recipe-2"}).encode())
        for name in "empty.json", "text.json", "cut.json", "wild.json", "later.json", "nowhere.json", "photo.png", ".":
            self.assertIn(name, self.complaint("stylize", "photo.png", "--recipe", name))
        failed, summary = self.events("photo.png", "--recipe", "wild.json", style=None, status=1)
        self.assertEqual((failed["event"], summary["event"]), ("failed", "summary"))

    def test_regions(self):
        """As the window draws them: red everywhere, blue within a stroke at the upper left."""
        recipe = self.saved("--style", "blue-one", "--strength", "1")
        blue, red = recipe["styles"]
        blue["region"], red["region"] = 1, 0
        masks = [{"mask": ""}, {"mask": "0.5 0;p 0.2 0.1,0.1"}]
        self.put("recipe.json", json.dumps({**recipe, "regions": masks}).encode())
        both = self.repainted()
        self.stylize("photo.png", "-o", "red.png", "--style", "red-one", style=None)
        red_only = self.picture("red.png")
        self.assertEqual(both[60, 90].tolist(), red_only[60, 90].tolist())
        self.assertNotEqual(both[9, 9].tolist(), red_only[9, 9].tolist())
        # the result holds it again
        self.stylize("photo.png", "-o", "third.png", "--recipe", "second.png", style=None)
        self.assertEqual(self.content("second.png"), self.content("third.png"))
        # larger strokes
        self.put("recipe.json", json.dumps({**recipe, "regions": masks, "stroke": 2}).encode())
        self.assertGreater(distance(both, self.repainted()), 0.001)
        # and what can't be painted
        for wrong in [{"mask": "scribble"}], masks * 9:
            self.put("wrong.json", json.dumps({**recipe, "regions": [{"mask": ""}] + wrong}).encode())
            self.assertIn("wrong.json", self.complaint("stylize", "photo.png", "--recipe", "wrong.json"))

    def test_region_of_its_own(self):
        """--region gives one region a strength; the recipe that is saved with it says so, and info tells."""
        recipe = self.saved("--style", "blue-one", "--strength", "1")
        recipe["styles"][0]["region"], recipe["styles"][1]["region"] = 1, 0
        masks = [{"mask": ""}, {"mask": "0.5 0;p 0.2 0.1,0.1"}]
        self.put("recipe.json", json.dumps({**recipe, "regions": masks}).encode())
        both = self.repainted()
        same = self.repainted("--region", "2:strength=1", "--region", "2:detail=1")
        self.assertTrue(np.array_equal(both, same))
        hole = self.repainted("--region", "2:strength=0", "--region", "1:keep-colors=no", "--save-recipe", "own.json")
        self.assertEqual(hole[60, 90].tolist(), both[60, 90].tolist())
        self.assertLess(abs(hole[9, 9].astype(int) - self.picture("photo.png")[9, 9].astype(int)).max(), 2)
        with open(self.path("own.json"), encoding="utf-8") as file:
            saved = json.load(file)
        self.assertEqual([{k: v for k, v in r.items() if k != "mask"} for r in saved["regions"]],
                         [{"keep_colours": False}, {"strength": 0}])
        facts = json.loads(self.pastiche("info", "--json", "own.json").stdout)
        self.assertEqual([(r["region"], r["strength"]) for r in facts["recipe"]["region_settings"]], [(0, 1), (1, 0)])
        self.assertRegex(self.pastiche("info", "own.json").stdout, r"region 2 +strength 0, detail 1")
        for wrong in "3:strength=1", "0:strength=1", "2:strength=2", "2:size=3", "2:keep-colors=red", "2", "strength=1":
            self.assertIn("--region " + wrong,
                          self.complaint("stylize", "photo.png", "--recipe", "recipe.json", "--region", wrong))
        self.pastiche("stylize", "photo.png", "--style", "red-one", "--region", "1:strength=1", status=2)

    def test_stroke_out_of_range(self):
        """What the program can't paint is refused, not painted as something else."""
        recipe = self.saved()
        self.put("wide.json", json.dumps({**recipe, "stroke": 16}).encode())
        self.assertIn('"stroke" is no number from 0.5 to 4', self.complaint("stylize", "photo.png", "--recipe", "wide.json"))

    def test_other_networks(self):
        recipe = self.saved()
        self.put("recipe.json", json.dumps({**recipe, "model": "0" * 64, "program": "pastiche 99"}).encode())
        done = self.pastiche("stylize", "photo.png", "--recipe", "recipe.json")
        self.assertRegex(done.stderr, r"\Apastiche: recipe\.json: .*pastiche 99.*; the result may differ\n\Z")

    def test_info(self):
        self.saved(*self.MIX)
        text = self.pastiche("info", "recipe.json").stdout
        self.assertTrue(re.search(r"^  kind +recipe$", text, re.M), text)
        self.assertIn("Blue Checks, weight 2", text)
        facts = json.loads(self.pastiche("info", "--json", "recipe.json").stdout)
        self.assertEqual((facts["kind"], facts["recipe"]["strength"], [s["id"] for s in facts["recipe"]["styles"]]),
                         ("recipe", 0.6, ["blue-one", "red-one"]))
        self.put("bad.json", b"{}")
        self.complaint("info", "bad.json")

    def test_in_pictures(self):
        for name in "a.png", "a.jpg":
            self.stylize("photo.png", "-o", name, *self.MIX)
            self.assertIn("Blue Checks, weight 2", self.pastiche("info", name).stdout)
            facts = json.loads(self.pastiche("info", "--json", name).stdout)
            self.assertEqual((facts["kind"], facts["recipe"]["size"], len(facts["recipe"]["styles"])), ("picture", 80, 2))
            self.assertIsNone(facts["recipe"]["date"])
            self.stylize("photo.png", "-o", "again-" + name, "--recipe", name, style=None)
            self.assertEqual(self.content(name), self.content("again-" + name))
        # what is painted from a painting has its own recipe
        self.stylize("a.png", "-o", "b.png", "--strength", "0.25")
        facts = json.loads(self.pastiche("info", "--json", "b.png").stdout)
        self.assertEqual((facts["recipe"]["strength"], len(facts["recipe"]["styles"])), (0.25, 1))

    def test_left_out_of_pictures(self):
        self.stylize("photo.png", "-o", "bare.png", "--no-recipe")
        self.assertIsNone(json.loads(self.pastiche("info", "--json", "bare.png").stdout)["recipe"])
        self.assertNotIn(b"recipe", self.content("bare.png"))
        self.assertIn("holds no recipe", self.complaint("stylize", "photo.png", "--recipe", "bare.png"))
        self.stylize("photo.png", "-o", "full.png")
        np.testing.assert_array_equal(self.picture("bare.png"), self.picture("full.png"))

    def test_too_many_styles_for_a_picture(self):
        words = [word for i in range(40) for word in ("--style", f"red-one:{i + 1}")]
        done = self.pastiche("stylize", "photo.png", "-o", "many.png", *words)
        self.assertIn("--save-recipe", done.stderr)
        self.assertIsNone(json.loads(self.pastiche("info", "--json", "many.png").stdout)["recipe"])
        self.pastiche("stylize", "photo.png", "-o", "many.png", "--no-recipe", "--save-recipe", "many.json", *words)
        self.repainted("--recipe", "many.json")
        words = [word for i in range(65) for word in ("--style", "red-one")]
        self.complaint("stylize", "photo.png", *words)

    def test_damaged_in_a_picture(self):
        """The picture is still one."""
        self.stylize("photo.png", "-o", "a.jpg")
        self.put("a.jpg", self.content("a.jpg").replace(b'"strength": 1.0', b'"strength": 9.0'))
        self.assertIn("strength", self.pastiche("info", "a.jpg").stdout)
        self.assertIsNone(json.loads(self.pastiche("info", "--json", "a.jpg").stdout)["recipe"])
        self.assertIn("a.jpg", self.complaint("stylize", "photo.png", "--recipe", "a.jpg"))
        self.stylize("a.jpg")

    def test_events(self):
        recipe, = [event for event in self.events("photo.png", "--save-recipe", "r.json") if event["event"] == "recipe"]
        self.assertEqual(recipe["output"], "r.json")
