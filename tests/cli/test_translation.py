"""Languages: translations are whole, and the program speaks them.

From the environment besides: PASTICHE_LOCALE, the folder with the compiled ones; KEYWORDS, the project's own of xgettext.
"""
import os
import re
import shutil
import subprocess
import tempfile
import unittest

from bench import Bench

ROOT = os.environ["SOURCE_ROOT"]
# What Meson's preset for GLib adds.
XGETTEXT = ["xgettext", "--from-code=UTF-8", "--keyword=_", "--keyword=N_", "--keyword=C_:1c,2", "--keyword=NC_:1c,2",
            "--keyword=g_dcgettext:2", "--keyword=g_dngettext:2,3", "--keyword=g_dpgettext2:2c,3",
            *os.environ["KEYWORDS"].split()]


def languages():
    with open(os.path.join(ROOT, "po", "LINGUAS"), encoding="utf-8") as file:
        return file.read().split()


@unittest.skipUnless(shutil.which("xgettext"), "gettext is not installed")
class Files(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def run_tool(self, *words):
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, (words, done.stderr))
        return done.stdout

    def test_nothing_missing_or_fuzzy(self):
        template = os.path.join(self.folder, "all.pot")
        self.run_tool(*XGETTEXT, "--files-from=po/POTFILES", "--directory=" + ROOT, "-o", template)
        for language in languages():
            po, merged = f"po/{language}.po", os.path.join(self.folder, language + ".po")
            self.run_tool("msgfmt", "--check", "-o", os.devnull, po)
            self.run_tool("msgmerge", "--quiet", "--no-fuzzy-matching", "-o", merged, po, template)
            for lack in "--untranslated", "--only-fuzzy", "--only-obsolete":
                self.assertEqual(self.run_tool("msgattrib", lack, "--no-location", merged), "", (language, lack))

    def test_no_file_forgotten(self):
        with open(os.path.join(ROOT, "po", "POTFILES"), encoding="utf-8") as file:
            listed = set(file.read().split())
        for room in "app", "engine", "ui":
            for folder, _, names in os.walk(os.path.join(ROOT, room)):
                for name in names:
                    path = os.path.relpath(os.path.join(folder, name), ROOT)
                    if not name.endswith(".c"):
                        continue
                    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
                        marked = re.search(r"\bN?C?_\(\"|g_dngettext\(|pst_picture_set_error\(.*\"", file.read())
                    if marked:
                        self.assertIn(path, listed)


class German(Bench):
    GERMAN = {"LANGUAGE": "de", "PASTICHE_LOCALE": os.environ["PASTICHE_LOCALE"]}

    def german(self, *words, status=0):
        return self.pastiche(*words, status=status, environment=self.GERMAN)

    def test_help(self):
        self.assertIn("Verwandelt Fotos in Gemälde", self.german("--help").stdout)
        text = self.german("stylize", "--help").stdout
        self.assertIn("Die Farben des Fotos behalten", text)
        self.assertIn("--output=DATEI|ORDNER", text)
        for command in [], ["stylize"], ["styles"], ["style", "make"], ["info"]:
            for line in self.german(*command, "--help").stdout.splitlines():
                self.assertLessEqual(len(line), 130, line)

    def test_errors(self):
        for words, status, message in (
                (["stylize"], 2, "pastiche: ein Foto fehlt; siehe „pastiche stylize --help“\n"),
                (["stylize", "nowhere.png", "--style", "red-one"], 1,
                 "pastiche: nowhere.png: diese Datei gibt es nicht; den Namen prüfen\n"),
                (["stylize", "photo.png", "--style", "red-on-e"], 1,
                 "pastiche: red-on-e: weder ein Stil noch eine Datei heißt so; ist „red-one“ gemeint?\n"),
                (["info", "."], 1, "pastiche: .: ist ein Ordner; den Namen einer Datei angeben\n")):
            self.assertEqual(self.german(*words, status=status).stderr, message)
        self.put("bad.json", b"{}")
        self.assertIn("kein Rezept dieses Programms", self.german("info", "bad.json", status=1).stderr)

    def test_facts(self):
        text = self.german("info", "photo.png").stdout
        self.assertIn("PNG-Bild", text)
        self.assertIn("RGB, 8 Bit", text)
        self.assertIn("KÜNSTLER", self.german("styles").stdout)

    def test_programs_read_english(self):
        self.put("bad.json", b"{}")
        for words, status in ((["info", "--json", "photo.png", "bad.json", "."], 1), (["styles", "--json"], 0),
                              (["stylize", "--json", "nowhere.png", "--style", "red-one"], 1)):
            english = self.pastiche(*words, status=status).stdout
            german = self.german(*words, status=status).stdout
            self.assertEqual(*(re.sub(r'"\w*(seconds|gflops)":[^,}]*', "", text) for text in (english, german)))

    def test_results_are_the_same(self):
        self.stylize("photo.png", "-o", "english.png", "--strength", "0.5")
        self.german("stylize", "photo.png", "-o", "german.png", "--strength", "0.5", "--style", "red-one")
        self.assertEqual(self.content("english.png"), self.content("german.png"))

    def test_unknown_language(self):
        done = self.pastiche("info", "nowhere.png", status=1, environment={**self.GERMAN, "LANGUAGE": "xx"})
        self.assertIn("no such file", done.stderr)
