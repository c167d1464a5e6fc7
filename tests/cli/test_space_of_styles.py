"""Styles that nobody has to make: the bank of artworks, words, sounds, inventions, ways."""
import array
import json
import math
import os
import shutil
import wave

from bench import SPACE, Bench
from pictures import distance, read

RATE = 22050


def write_sound(path, semitones, seconds=4):
    """A chord as a WAV file."""
    samples = array.array("h")
    for i in range(int(seconds * RATE)):
        value = sum(math.sin(2 * math.pi * 330 * 2 ** (s / 12) * i / RATE) for s in semitones) / len(semitones)
        samples.append(int(20000 * value))
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())


class Space(Bench):
    data_files = Bench.data_files + SPACE

    def paint(self, *words, **options):
        """The path of the painting and what was told."""
        done = self.pastiche("stylize", "photo.png", "--size", "64", *words, **options)
        return os.path.join(self.here, done.stdout.strip()), done.stderr

    def test_search(self):
        done = self.pastiche("styles", "--search", "Hokusai", "--limit", "5", "--json")
        found = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual({entry["artist"] for entry in found}, {"Katsushika Hokusai"})
        self.assertEqual(len(found), 5)
        self.assertIn("STYLE", self.pastiche("styles", "--search", "stormy sea").stdout)
        self.assertIn("xyzzy", self.pastiche("styles", "--search", "xyzzy").stderr)
        path, _ = self.paint("--style", found[0]["id"])
        self.assertIn(found[0]["id"], os.path.basename(path))

    def test_words(self):
        path, told = self.paint("--words", "very dark blue sea, not xyzzy")
        self.assertIn("very dark", told)
        self.assertIn("not understood: not xyzzy", told)
        other, _ = self.paint("--words", "very dark blue sea", "--variation", "2")
        self.assertGreater(distance(read(path), read(other)), 0.002)
        recipe = json.loads(self.pastiche("info", "--json", path).stdout)["recipe"]
        self.assertEqual(len(recipe["styles"]), 1)
        told = self.pastiche("stylize", "photo.png", "--words", "xyzzy", status=1).stderr
        self.assertIn("xyzzy", told)
        self.assertEqual(told.count("\n"), 1)

    def test_surprise(self):
        first, second = (read(self.paint("--surprise", "12")[0]) for _ in range(2))
        self.assertEqual(distance(first, second), 0)
        self.assertGreater(distance(first, read(self.paint("--surprise", "13")[0])), 0.01)

    def test_recipe(self):
        """An invented style is in the recipe: the picture can be painted again."""
        path, _ = self.paint("--surprise", "5", "--save-recipe", "r.json")
        again, _ = self.paint("--recipe", "r.json")
        self.assertEqual(distance(read(path), read(again)), 0)

    def test_like(self):
        path, _ = self.paint("--like", "red-one", "--variation", "3")
        self.assertGreater(distance(read(path), read(self.paint("--style", "red-one")[0])), 0.002)

    def test_invent(self):
        done = self.pastiche("style", "invent", "--words", "stormy sea", "--name", "Storm", "-o", "s.style")
        self.assertEqual(done.stdout, "s.style\n")
        facts = json.loads(self.pastiche("info", "--json", "s.style").stdout)
        self.assertEqual(facts["name"], "Storm")
        self.assertEqual(facts["recipe"]["invented"], "words: stormy sea")
        self.assertEqual(len(facts["recipe"]["nearest"]), 3)
        self.paint("--style", "s.style")
        self.assertIn("missing", self.pastiche("style", "invent", status=2).stderr)

    def test_sound(self):
        write_sound(os.path.join(self.here, "major.wav"), (0, 4, 7))
        write_sound(os.path.join(self.here, "minor.wav"), (0, 3, 7))
        first, told = self.paint("--sound", "major.wav")
        self.assertIn("interpretation", told)
        self.assertIn("major", told)
        second, told = self.paint("--sound", "minor.wav")
        self.assertIn("minor", told)
        self.assertGreater(distance(read(first), read(second)), 0.002)
        self.assertIn("photo.png", self.pastiche("stylize", "photo.png", "--sound", "photo.png", status=1).stderr)

    def test_walk(self):
        done = self.pastiche("walk", "red-one", "blue-one", "--photo", "photo.png", "--size", "64", "--steps", "4", "-o", "w.png")
        self.assertEqual(done.stdout, "w.png\n")
        strip = json.loads(self.pastiche("info", "--json", "--quick", "w.png").stdout)
        self.assertEqual(strip["width"], 4 * 64)
        write_sound(os.path.join(self.here, "s.wav"), (0, 4, 7))
        self.pastiche("walk", "--sound", "s.wav", "--photo", "photo.png", "--size", "48", "--steps", "3", "-o", "t.png")
        self.assertIn("two", self.pastiche("walk", "red-one", status=2).stderr)

    def test_describe(self):
        facts = json.loads(self.pastiche("info", "--json", "photo.png").stdout)
        self.assertIn("near: ", facts["style"])
        self.assertNotIn("style", json.loads(self.pastiche("info", "--json", "--quick", "photo.png").stdout))

    def test_wrong(self):
        for words in (("--words", "sea", "--surprise", "1"), ("--surprise", "-1"), ("--variation", "2"),
                      ("--words", "sea", "--variation", "10")):
            self.assertEqual(self.pastiche("stylize", "photo.png", *words, status=2).stdout, "")

    def test_no_data(self):
        """Without the bank the rest of the program works, and says what is missing."""
        bare = os.path.join(self.here, "bare")
        os.mkdir(bare)
        for name in os.listdir(self.data):
            if name != "bank.safetensors":
                os.symlink(os.path.join(self.data, name), os.path.join(bare, name))
        done = self.pastiche("stylize", "photo.png", "--words", "sea", status=1, environment={"PASTICHE_DATA": bare})
        self.assertIn("bank.safetensors", done.stderr)
        self.pastiche("info", "photo.png", environment={"PASTICHE_DATA": bare})
        shutil.rmtree(bare)
