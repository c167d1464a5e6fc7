"""One job of many runs: shards, manifests, going on after a kill, and what verify says of them."""
import fcntl
import hashlib
import json
import os
import signal
import subprocess

from bench import Bench

COUNT = 12


class Job(Bench):
    def setUp(self):
        super().setUp()
        for number in range(COUNT):
            folder = "in" if number % 3 else "in/deep"
            self.put(f"{folder}/{number}.png", size=(40 + number, 32))

    def paint(self, *words, status=0, **options):
        return self.pastiche("stylize", "in", "-r", "--style", "red-one", *words, status=status, **options)

    def lines(self, name):
        return [json.loads(line) for line in self.content(name).decode().splitlines()]

    def joined(self, *manifests, status=0):
        self.pastiche("verify", *manifests, "-o", "joined.jsonl", "--on-conflict", "overwrite", status=status)
        return self.content("joined.jsonl")

    def whole(self):
        """The joined manifest of one undisturbed run."""
        self.paint("-o", "whole", "--manifest", "whole.jsonl")
        return self.joined("whole.jsonl")

    def test_manifest(self):
        self.paint("-o", "out", "--manifest", "all.jsonl")
        run, *lines = self.lines("all.jsonl")
        self.assertEqual(set(run["run"]), {"program", "shard", "recipe_sha256", "model_sha256", "cpu"})
        self.assertEqual(run["run"]["shard"], "1/1")
        self.assertEqual([line["status"] for line in lines], ["planned"] * COUNT + ["done"] * COUNT)
        for line in lines[COUNT:]:
            for key, folder in ("input", "in"), ("output", "out"):
                digest = hashlib.sha256(self.content(folder, line[key])).hexdigest()
                self.assertEqual(line[key + "_sha256"], digest)
            self.assertEqual(line["cpu"], run["run"]["cpu"])
        self.assertIn("deep/0.png", [line["input"] for line in lines])

    def test_shards(self):
        whole = self.whole()
        seen = []
        for index in range(1, 4):
            done = self.paint("-o", "out", "--shard", f"{index}/3", "--manifest", f"{index}.jsonl")
            seen += done.stdout.splitlines()
        self.assertEqual(sorted(os.path.relpath(path, "out") for path in seen), self.files("out"))
        self.assertEqual(len(seen), COUNT)
        self.assertEqual(self.files("out"), self.files("whole"))
        self.assertEqual(self.joined("1.jsonl", "2.jsonl", "3.jsonl"), whole)
        # What belongs to a shard does not depend on where the folder lies.
        os.rename(self.path("in"), self.path("elsewhere"))
        done = self.pastiche("stylize", "elsewhere", "-r", "--style", "red-one", "-o", "out2", "--shard", "2/3")
        self.assertEqual(self.files("out2"), sorted(line["output"] for line in self.lines("2.jsonl")
                                                    if line.get("status") == "done"))

    def test_place_in_a_job(self):
        environments = [
            {"SLURM_ARRAY_TASK_ID": "14", "SLURM_ARRAY_TASK_MIN": "10", "SLURM_ARRAY_TASK_MAX": "16",
             "SLURM_ARRAY_TASK_STEP": "2"},
            {"JOB_COMPLETION_INDEX": "2", "JOB_COMPLETIONS": "4"},
            {"OMPI_COMM_WORLD_RANK": "2", "OMPI_COMM_WORLD_SIZE": "4"},
        ]
        for number, environment in enumerate(environments):
            self.paint("-o", "out", "--shard", "auto", "--manifest", f"{number}.jsonl", environment=environment)
            self.assertEqual(self.lines(f"{number}.jsonl")[0]["run"]["shard"], "3/4")
        for text in "auto", "0/3", "4/3", "1", "1/0", "x/3", "1/2/3", "-1/3":
            self.assertIn("--shard " + text, self.complaint("stylize", "in", "--style", "red-one", "-o", "out",
                                                            "--shard", text, status=2))

    def test_killed(self):
        whole = self.whole()
        process = self.start("stylize", "in", "-r", "--style", "red-one", "-o", "out", "--manifest", "cut.jsonl",
                             "--threads", "1", here=self.here, stdout=subprocess.DEVNULL)
        self.until(process, lambda: os.path.exists(self.path("cut.jsonl")) and
                   self.content("cut.jsonl").count(b'"done"') >= 2)
        process.kill()
        process.wait()
        left = self.files("out")
        self.assertLess(len(left), COUNT)
        with open(self.path("cut.jsonl"), "ab") as file:
            file.write(b'{"status":"done","inp')  # as if the kill had come in the middle of a line
        missing = self.pastiche("verify", "cut.jsonl", status=75)
        self.assertEqual(len(missing.stdout.splitlines()) + self.content("cut.jsonl").count(b'"done",'), COUNT + 1)
        times = {name: os.stat(self.path("out", name)).st_mtime_ns for name in left}
        self.paint("-o", "out", "--manifest", "cut.jsonl")
        self.assertEqual(self.files("out"), self.files("whole"))
        self.assertEqual({name: os.stat(self.path("out", name)).st_mtime_ns for name in left}, times)
        self.assertEqual(self.joined("cut.jsonl"), whole)

    def test_terminated(self):
        process = self.start("stylize", "in", "-r", "--style", "red-one", "-o", "out", "--manifest", "cut.jsonl",
                             here=self.here, stdout=subprocess.DEVNULL)
        self.until(process, lambda: os.path.exists(self.path("cut.jsonl")) and b'"done"' in self.content("cut.jsonl"))
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(), 128 + signal.SIGTERM)
        self.assertEqual(len(self.files("out")), self.content("cut.jsonl").count(b'"done"'))

    def test_resume(self):
        self.paint("-o", "out", "--on-conflict", "resume")
        self.assertEqual(self.paint("-o", "out", "--on-conflict", "resume").stdout, "")
        os.remove(self.path("out/5-red-one.png"))
        self.assertEqual(self.paint("-o", "out", "--on-conflict", "resume").stdout, "out/5-red-one.png\n")
        before = self.content("out/5-red-one.png")
        other = self.paint("-o", "out", "--on-conflict", "resume", "--strength", "0.5", status=1)
        self.assertEqual(other.stderr.count("not painted by this recipe"), COUNT)
        self.assertEqual(self.content("out/5-red-one.png"), before)

    def test_resume_without_recipe(self):
        self.complaint("stylize", "in", "--style", "red-one", "-o", "out", "--on-conflict", "resume", "--no-recipe",
                       status=2)
        self.paint("-o", "out", "--no-recipe", "--manifest", "all.jsonl")
        self.assertEqual(self.paint("-o", "out", "--no-recipe", "--manifest", "all.jsonl").stdout, "")
        self.put("out/5-red-one.png", b"else")
        self.assertIn("5-red-one.png", self.paint("-o", "out", "--no-recipe", "--manifest", "all.jsonl",
                                                  status=1).stderr)

    def test_changed_photograph(self):
        self.paint("-o", "out", "--manifest", "all.jsonl")
        self.put("in/5.png", size=(30, 30))
        done = self.paint("-o", "out", "--manifest", "all.jsonl", status=1)
        self.assertIn("of what this photograph was before", done.stderr)
        self.paint("-o", "out", "--manifest", "all.jsonl", "--on-conflict", "overwrite")
        self.pastiche("verify", "all.jsonl", "--results", "out")

    def test_refused(self):
        self.put("in/5.png", b"\x89PNG\r\n\x1a\n and no more")
        self.paint("-o", "out", "--manifest", "all.jsonl", status=1)
        self.assertEqual([line["input"] for line in self.lines("all.jsonl") if line.get("status") == "refused"],
                         ["5.png"])
        done = self.pastiche("verify", "all.jsonl", status=1)
        self.assertEqual(done.stdout, "")
        self.assertIn("5.png: was refused", done.stderr)

    def test_verify(self):
        for index in 1, 3:
            self.paint("-o", "out", "--shard", f"{index}/3", "--manifest", f"{index}.jsonl",
                       environment={"PASTICHE_CPU": "reference" if index == 3 else "avx2"})
        done = self.pastiche("verify", "1.jsonl", "3.jsonl", status=75)
        self.assertIn("shard 2 of 3 left no manifest", done.stderr)
        if "avx2" in self.content("1.jsonl").decode():
            self.assertIn("instruction sets", done.stderr)
        self.paint("-o", "out", "--shard", "2/3", "--manifest", "2.jsonl")
        manifests = "1.jsonl", "2.jsonl", "3.jsonl"
        self.pastiche("verify", *manifests, "--results", "out")
        os.remove(self.path("out/5-red-one.png"))
        self.put("out/7-red-one.png", b"else")
        done = self.pastiche("verify", *manifests, "--results", "out", status=75)
        self.assertEqual(done.stdout, "5.png\n7.png\n")
        self.paint("-o", "out3", "--manifest", "4.jsonl", "--strength", "0.5")
        self.assertIn("different recipes", self.pastiche("verify", "1.jsonl", "4.jsonl", status=1).stderr)

    def test_bad_manifests(self):
        self.put("text.jsonl", b"hello\n")
        for name in "text.jsonl", "photo.png", "nowhere.jsonl":
            self.pastiche("verify", name, status=1)
        before = self.content("photo.png")
        self.paint("-o", "out", "--manifest", "photo.png", status=1)
        self.assertEqual(self.content("photo.png"), before)
        self.complaint("verify", status=2)
        self.paint("-o", "out", "--manifest", "all.jsonl")
        self.pastiche("verify", "all.jsonl", "-o", "all.jsonl", "--on-conflict", "overwrite", status=1)
        self.complaint("stylize", "in", "--style", "red-one", "-o", "out", "--manifest", "m", "--on-conflict", "unique",
                       status=2)

    def test_worth_another_try(self):
        self.assertIn("/dev/full", self.paint("-o", "out", "--manifest", "/dev/full", status=75).stderr)
        self.put("busy.jsonl", b"")
        with open(self.path("busy.jsonl"), "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self.assertIn("another run", self.paint("-o", "out", "--manifest", "busy.jsonl", status=75).stderr)

    def test_list(self):
        self.put("list", b"in/1.png\n\nin/2.png\n")
        done = self.pastiche("stylize", "--files-from", "list", "--style", "red-one", "-o", "out/")
        self.assertEqual(done.stdout, "out/1-red-one.png\nout/2-red-one.png\n")
        self.put("in/new\nline.png")
        self.put("list0", b"in/new\nline.png\0in/1.png\0")
        self.pastiche("stylize", "--files-from", "list0", "--style", "red-one", "-o", "out0/")
        self.assertEqual(self.files("out0"), ["1-red-one.png", "new\nline-red-one.png"])
        self.complaint("stylize", "--files-from", "nowhere", "--style", "red-one", status=2)
        self.put("empty", b"")
        self.complaint("stylize", "--files-from", "empty", "--style", "red-one", status=2)
