"""Many photographs at once."""
import os

from bench import Bench


class Batch(Bench):
    def test_broken_photograph(self):
        for name in "a.png", "c.png":
            self.put(name)
        self.put("b.png", b"no picture")
        done = self.pastiche("stylize", "a.png", "b.png", "c.png", "--style", "red-one", "-o", "out", status=1)
        self.assertEqual(done.stdout, "out/a-red-one.png\nout/c-red-one.png\n")
        self.assertRegex(done.stderr, r"\Apastiche: b\.png: [^\n]*; [^\n]*\n\Z")
        self.assertEqual(self.files("out"), ["a-red-one.png", "c-red-one.png"])

    def test_all_broken(self):
        self.put("b.png", b"no picture")
        done = self.pastiche("stylize", "b.png", "nowhere.png", "--style", "red-one", "-o", "out", status=1)
        self.assertEqual((done.stdout, done.stderr.count("\n")), ("", 2))

    def test_without_output(self):
        self.put("deep/a.png")
        self.assertEqual(self.stylize("photo.png", "deep/a.png"), ["photo-red-one.png", "a-red-one.png"])

    def folder(self):
        """A folder with two photographs, one broken, and things that are none."""
        self.put("in/b.png")
        self.put("in/a.data")
        self.put("in/notes.txt", b"hello")
        self.put("in/empty.txt", b"")
        self.put("in/.hidden.png")
        self.put("in/deep/c.png")
        self.put("in/deep/deeper/d.png")

    def test_folder(self):
        self.folder()
        self.assertEqual(self.stylize("in", "-o", "out"), ["out/a.data-red-one.png", "out/b-red-one.png"])
        start, *_, summary = self.events("in", "-o", "out")
        self.assertEqual((start["photos"], start["other_files"], summary["other_files"]), (2, 2, 2))

    def test_folder_with_broken_photographs(self):
        self.folder()
        self.put("in/empty.jpg", b"")
        self.put("in/page.jpg", b"<html>")
        done = self.pastiche("stylize", "in", "--style", "red-one", "-o", "out", status=1)
        self.assertEqual((done.stdout.count("\n"), done.stderr.count("\n")), (2, 2))

    def test_recursive(self):
        self.folder()
        os.symlink("..", self.path("in/deep/up"))
        expected = ["out/a.data-red-one.png", "out/b-red-one.png", "out/deep/c-red-one.png",
                    "out/deep/deeper/d-red-one.png"]
        self.assertEqual(self.stylize("in", "--recursive", "-o", "out"), expected)
        self.assertEqual(self.stylize("in", "-r", "-o", "out", "--on-conflict", "overwrite"), expected)

    def test_results_in_the_folder(self):
        self.folder()
        os.mkdir(self.path("in/out"))
        self.assertEqual(len(self.stylize("in", "-r", "-o", "in/out")), 4)
        self.assertEqual(len(self.stylize("in", "-r", "-o", "in/out", "--on-conflict", "skip")), 0)
        self.assertEqual(len(self.files("in/out")), 4)

    def test_outputs(self):
        self.folder()
        common = "stylize", "--style", "red-one", "in"
        self.assertIn("-o FOLDER", self.complaint(*common, status=2))
        self.assertIn("is a file", self.complaint(*common, "-o", "photo.png", status=2))
        self.assertIn("called like a picture", self.complaint(*common, "-o", "new.png", status=2))
        self.assertEqual(len(self.stylize("in", "-o", "new.png/")), 2)
        self.assertIn("folder", self.complaint("stylize", "--style", "red-one", "photo.png", "in/b.png", "-o",
                                               "photo.png", status=2))

    def test_empty_folder(self):
        os.mkdir(self.path("in"))
        self.assertIn("no picture in it", self.complaint("stylize", "in", "--style", "red-one", "-o", "out"))
        self.assertFalse(os.path.exists(self.path("out")))

    def test_same_names(self):
        self.put("x/a.png", size=(20, 30))
        self.put("y/a.png", size=(30, 20))
        for conflict, second in ("unique", "a-red-one-2.png"), ("overwrite", "a-red-one-2.png"), ("skip", "a-red-one-2.png"):
            paths = self.stylize("x/a.png", "y/a.png", "-o", conflict, "--on-conflict", conflict)
            self.assertEqual(paths, [f"{conflict}/a-red-one.png", f"{conflict}/{second}"])
            self.assertEqual(self.picture(paths[0]).shape[1], 20)
            self.assertEqual(self.picture(paths[1]).shape[1], 30)
        self.assertEqual(self.stylize("x/a.png", "y/a.png", "-o", "skip", "--on-conflict", "skip"), [])
        self.assertEqual(len(self.stylize("x/a.png", "y/a.png", "-o", "overwrite", "--on-conflict", "overwrite")), 2)
        self.assertEqual(len(self.files("overwrite")), 2)

    def test_given_twice(self):
        self.assertEqual(self.stylize("photo.png", "./photo.png", self.path("photo.png")), ["photo-red-one.png"])

    def test_result_called_like_another_photograph(self):
        self.put("a.png")
        self.put("a-red-one.png")
        before = self.content("a-red-one.png")
        done = self.pastiche("stylize", "a.png", "a-red-one.png", "--style", "red-one", "--on-conflict", "overwrite", status=1)
        self.assertIn("can't be written over", done.stderr)
        self.assertEqual(self.content("a-red-one.png"), before)

    def test_unique(self):
        for expected in "photo-red-one.png", "photo-red-one-2.png", "photo-red-one-3.png":
            self.assertEqual(self.stylize("photo.png"), [expected])
        self.assertEqual(self.stylize("photo.png", "--on-conflict", "unique"), ["photo-red-one-4.png"])

    def test_overwrite(self):
        self.put("photo-red-one.png", b"old")
        self.assertEqual(self.stylize("photo.png", "--on-conflict", "overwrite"), ["photo-red-one.png"])
        self.assertEqual(self.picture("photo-red-one.png").shape[1], 96)

    def test_skip(self):
        self.put("photo-red-one.png", b"old")
        done = self.pastiche("stylize", "photo.png", "--style", "red-one", "--on-conflict", "skip")
        self.assertEqual((done.stdout, done.stderr), ("", ""))
        self.assertEqual(self.content("photo-red-one.png"), b"old")
        *_, skipped, summary = self.events("photo.png", "--on-conflict", "skip")
        self.assertEqual((skipped["event"], skipped["output"]), ("skipped", "photo-red-one.png"))
        self.assertEqual((summary["painted"], summary["skipped"]), (0, 1))

    def test_json(self):
        self.put("b.png", b"no picture")
        events = self.events("photo.png", "b.png", "-o", "out", status=1)
        kinds = [event["event"] for event in events if event["event"] != "progress"]
        self.assertEqual(kinds, ["start", "plan", "done", "failed", "summary"])
        self.assertEqual((events[-2]["input"], events[-2]["number"]), ("b.png", 2))
        self.assertTrue(events[-2]["message"].startswith("b.png: "))
        self.assertEqual((events[-1]["painted"], events[-1]["failed"]), (1, 1))
