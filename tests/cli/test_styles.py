"""Listing and making styles."""
import json
import os
import resource
import shutil
import signal
import struct
import subprocess

from bench import DATA, PROGRAM, Bench
from pictures import distance

NOBODY = 65534


def read_style(path):
    """(metadata, {name: bytes}) of a style file."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    metadata = header.pop("__metadata__")
    return metadata, {name: data[slice(*entry["data_offsets"])] for name, entry in header.items()}


class Styles(Bench):
    def make(self, *words, **options):
        return self.pastiche("style", "make", *words, "--style-size", "96", **options).stdout.splitlines()

    def listed(self, **options):
        return [json.loads(line) for line in self.pastiche("styles", "--json", **options).stdout.splitlines()]

    def test_list(self):
        done = self.pastiche("styles")
        lines = done.stdout.splitlines()
        self.assertEqual(done.stderr, "")
        self.assertEqual(lines[0].split(), ["STYLE", "NAME", "ARTIST", "YEAR", "MOVEMENT", "LICENCE"])
        self.assertEqual([line.split()[0] for line in lines[1:]], ["blue-one", "red-one"])
        self.assertEqual(lines[1].index("Blue"), lines[0].index("NAME"))

    def test_list_as_json(self):
        blue, red = self.listed()
        self.assertEqual(red, {"id": "red-one", "name": "Red Waves", "artist": "Nobody", "year": None, "movement": None,
                               "licence": None, "own": False, "file": f"{self.data}/styles/red-one.style"})

    def test_own_styles(self):
        path, = self.make(self.at("red.png"), "--name", "Caf\u00e9 'au lait'!", "--no-thumbnail")
        self.assertEqual(path, os.path.join(self.own, "cafe-au-lait.style"))
        mine = [style for style in self.listed() if style["own"]]
        self.assertEqual([(s["id"], s["name"]) for s in mine], [("cafe-au-lait", "Caf\u00e9 'au lait'!")])
        self.assertEqual(self.stylize("photo.png", style="caf\u00e9 'AU lait'!"), ["photo-cafe-au-lait.png"])
        self.assertIn("own", self.pastiche("styles").stdout)

    def test_own_style_hides_built_in(self):
        os.makedirs(self.own)
        self.make(self.at("blue.png"), "-o", os.path.join(self.own, "red-one.style"), "--no-thumbnail")
        self.assertEqual(sorted((s["id"], s["own"]) for s in self.listed()), [("blue-one", False), ("red-one", True)])

    def test_unreadable(self):
        os.makedirs(self.own)
        with open(os.path.join(self.own, "bad.style"), "wb") as file:
            file.write(b"bad")
        done = self.pastiche("styles", status=1)
        self.assertRegex(done.stderr, r"\Apastiche: [^\n]*bad\.style: [^\n]*\n\Z")
        self.assertIn("red-one", done.stdout)

    def test_built_in(self):
        table = os.path.join(DATA, "styles", "styles.tsv")
        if not os.path.exists(table) or not [n for n in os.listdir(os.path.join(DATA, "styles")) if n.endswith(".style")]:
            self.skipTest("there are no built-in styles yet")
        with open(table, encoding="utf-8") as file:
            expected = [line.split("\t")[0] for line in file][1:]
        styles = self.listed(environment={"PASTICHE_DATA": DATA})
        self.assertEqual(sorted(s["id"] for s in styles), sorted(expected))
        for style in styles:
            for key in "name", "artist", "year", "movement", "licence":
                self.assertTrue(style[key], (style["id"], key))
            _, tensors = read_style(style["file"])
            self.assertTrue(tensors["thumbnail"].startswith(b"\xff\xd8\xff"), style["id"])

    def test_make(self):
        words = {"name": "My \"Red\"", "artist": "Ren\u00e9", "year": "1901", "movement": "Wavism", "licence": "CC0"}
        flags = [word for key, value in words.items() for word in ("--" + key, value)]
        self.assertEqual(self.make(self.at("red.png"), "-o", "mine.style", *flags), ["mine.style"])
        metadata, tensors = read_style(self.path("mine.style"))
        self.assertEqual(metadata, {"format": "pastiche-style-1", **words})
        self.assertEqual(len(tensors["statistics"]), 4 * 480)
        self.put("thumbnail.jpg", tensors["thumbnail"])
        info = json.loads(self.pastiche("info", "--json", "thumbnail.jpg").stdout)
        self.assertEqual((info["format"], info["width"], info["height"]), ("JPEG", 192, 192))
        self.assertEqual(self.stylize("photo.png", style="mine.style"), ["photo-mine.png"])

    def test_make_twice_gives_the_same_bytes(self):
        self.make(self.at("red.png"), "-o", "a.style", "--name", "x", "--threads", "1")
        self.make(self.at("red.png"), "-o", "b.style", "--name", "x", "--threads", "3")
        self.assertEqual(self.content("a.style"), self.content("b.style"))

    def test_name_by_default(self):
        self.make(self.at("red.png"), "-o", "my waves.style", "--no-thumbnail")
        self.assertEqual(read_style(self.path("my waves.style"))[0]["name"], "my waves")

    def test_several_pictures(self):
        self.make(self.at("red.png"), self.at("blue.png"), "-o", "both.style", "--no-thumbnail")
        one, two = (self.stylize("photo.png", "-o", f"{n}.png", *words, style=None)[0] for n, words in enumerate((
            ("--style", "both.style"), ("--style", "red-one", "--style", "blue-one"))))
        self.assertLess(distance(self.picture(one), self.picture(two)), 1e-3)

    def test_size(self):
        self.pastiche("style", "make", self.at("red.png"), "-o", "a.style", "--style-size", "64", "--no-thumbnail")
        self.pastiche("style", "make", self.at("red.png"), "-o", "b.style", "--style-size", "128", "--no-thumbnail")
        self.assertNotEqual(read_style(self.path("a.style"))[1], read_style(self.path("b.style"))[1])

    def test_thumbnail(self):
        self.make(self.at("red.png"), "-o", "a.style", "--no-thumbnail")
        self.make(self.at("red.png"), "-o", "b.style", "--thumbnail", self.at("blue.png"))
        self.make(self.at("red.png"), "-o", "c.style")
        thumbnails = [read_style(self.path(name))[1].get("thumbnail") for name in ("a.style", "b.style", "c.style")]
        self.assertIsNone(thumbnails[0])
        self.assertNotEqual(thumbnails[1], thumbnails[2])
        self.assertIn("nowhere.png", self.complaint("style", "make", self.at("red.png"), "-o", "d.style", "--thumbnail",
                                                    "nowhere.png"))
        self.assertNotIn("d.style", self.files())

    def test_conflict(self):
        shutil.copy(f"{self.data}/styles/blue-one.style", self.path("a.style"))
        before = self.content("a.style")
        self.assertEqual(self.make(self.at("red.png"), "-o", "a.style", "--no-thumbnail"), ["a-2.style"])
        self.assertEqual(self.make(self.at("red.png"), "-o", "a.style", "--on-conflict", "skip"), [])
        self.assertEqual(self.content("a.style"), before)
        self.assertEqual(self.make(self.at("red.png"), "-o", "a.style", "--no-thumbnail", "--on-conflict", "overwrite"),
                         ["a.style"])
        self.assertNotEqual(self.content("a.style"), before)

    def test_full(self):
        """The old file stays, and nothing else does."""
        self.make(self.at("red.png"), "-o", "a.style", "--no-thumbnail")
        before = self.content("a.style")

        def leave_little_room():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1500, 1500))

        for words in ["a.style", "--on-conflict", "overwrite"], ["b.style"]:
            text = self.complaint("style", "make", self.at("blue.png"), "--style-size", "96", "-o", *words,
                                  preexec_fn=leave_little_room)
            self.assertIn(f"pastiche: {words[0]}: can't be written", text)
        self.assertEqual(self.files(), ["a.style", "photo.png"])
        self.assertEqual(self.content("a.style"), before)

    def test_full_disk(self):
        disk = self.path("disk")
        os.mkdir(disk)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k", "none", disk], stderr=subprocess.DEVNULL).returncode:
            self.skipTest("nothing may be mounted here")
        try:
            text = self.complaint("style", "make", self.at("red.png"), "--style-size", "96", "-o", "disk/a.style")
            self.assertEqual(text, "pastiche: disk/a.style: can't be written, the disk is full; free some space or "
                             "choose another folder\n")
            self.assertEqual(os.listdir(disk), [])
        finally:
            subprocess.run(["umount", "-l", disk], check=True)

    def test_read_only(self):
        shutil.copy(f"{self.data}/styles/blue-one.style", self.path("a.style"))
        os.chmod(self.path("a.style"), 0o444)
        os.mkdir(self.path("locked"))
        os.chmod(self.path("locked"), 0o555)
        os.chmod(self.home, 0o755)
        os.chmod(self.here, 0o777)

        def give_up_root():
            if os.getuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)

        if subprocess.run([PROGRAM, "--version"], preexec_fn=give_up_root, capture_output=True).returncode or \
                subprocess.run(["cat", f"{DATA}/base.safetensors"], preexec_fn=give_up_root, capture_output=True).returncode:
            self.skipTest("only root may start the program here")
        for words in ["locked/a.style"], ["a.style", "--on-conflict", "overwrite"]:
            text = self.complaint("style", "make", self.at("red.png"), "--style-size", "96", "-o", *words,
                                  preexec_fn=give_up_root)
            self.assertEqual(text, f"pastiche: {words[0]}: may not be written; change the permissions or choose another "
                             "place\n")
        self.assertEqual(self.files(), ["a.style", "photo.png"])

    def test_broken(self):
        self.put("text.png", b"hello")
        for words in ["text.png"], ["nowhere.png"], [self.at("red.png"), "text.png"]:
            self.complaint("style", "make", *words, "-o", "a.style")
        self.complaint("style", "make", self.at("red.png"), "-o", "nowhere/a.style")
        self.assertEqual(self.files(), ["photo.png", "text.png"])
