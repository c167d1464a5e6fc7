"""A large block of memory that is refused, whichever it is: one line says so, and the next photograph is painted.

REFUSE is a library (tests/refuse.c) that doubles the program at each such block.
"""
import json
import os
import re

from bench import DATA, Bench

REFUSE = os.environ["REFUSE"]


class Shortage(Bench):
    def refused(self, *words, data=None):
        """What the doubles said, each with its exit status; and the program itself came to a good end."""
        records = self.path("records")
        os.makedirs(records)
        self.pastiche(*words, environment={"LD_PRELOAD": REFUSE, "REFUSE_FOLDER": records, "OPENBLAS_NUM_THREADS": "1",
                                   "XDG_CACHE_HOME": self.path("cache"), "PASTICHE_DATA": data or self.data})
        doubles = []
        for name in sorted(os.listdir(records), key=int):
            with open(os.path.join(records, name), encoding="utf-8") as file:
                said, status = re.fullmatch(r"(.*)status (-?\d+)\n", file.read(), re.S).groups()
            doubles.append((said, int(status)))
        return doubles

    def check(self, doubles, least):
        failed = 0
        for number, (said, status) in enumerate(doubles, 1):
            with self.subTest(block=number, said=said):
                self.assertIn(status, (0, 1))
                if status:
                    failed += 1
                    self.assertRegex(said, r"(?m)^pastiche: [^\n]*memory[^\n]*$")
        self.assertGreaterEqual(failed, least)

    def check_batch(self, doubles, least):
        self.check(doubles, least)
        first = [said for said, _ in doubles if "pastiche: 1.png: " in said]
        self.assertGreater(len(first), 3)
        for said in first:
            with self.subTest(said=said):
                self.assertIn("out/2-", said)

    def photos(self, size):
        self.put("1.png", size=size)
        self.put("2.png", size=(32, 24))

    def test_instant(self):
        self.photos((400, 300))
        self.check_batch(self.refused("stylize", "1.png", "2.png", "--style", "red-one", "-o", "out/"), 12)

    def test_regions(self):
        self.photos((400, 300))
        self.pastiche("stylize", "2.png", "--style", "red-one", "--style", "blue-one", "--save-recipe", "two.json", "-o",
                      "two.png")
        recipe = json.loads(self.content("two.json"))
        for region, style in enumerate(recipe["styles"]):
            style["region"] = region
        recipe["regions"] = [{"mask": ""}, {"mask": "0.5 0;p 0.2 0.1,0.1"}]
        self.put("recipe.json", json.dumps(recipe).encode())
        self.check_batch(self.refused("stylize", "1.png", "2.png", "--recipe", "recipe.json", "-o", "out/"), 12)

    def test_masterpiece(self):
        self.photos((160, 120))
        self.check_batch(self.refused("stylize", "1.png", "2.png", "--style", self.at("red.png"), "--finish",
                                      "masterpiece", "-o", "out/"), 20)

    def test_info(self):
        self.put("1.png", size=(400, 300))
        self.check(self.refused("info", "1.png", data=DATA), 20)

    def test_train(self):
        self.put("1.png", size=(300, 300))
        self.check(self.refused("train", "1.png", "--name", "Mine", "-o", "mine.style", "--steps", "1", "--set",
                                "synthetic=1"), 50)
