#!/usr/bin/python3
"""Measure styles that are trained on a few pictures, beside the base generator given the same pictures.

    few_shot.py --program PASTICHE --shared DIR [--sets van_gogh,monet,hokusai] [--variants quick,fine] [--photos 8]
                [--keep FOLDER] [--no-photos] [--json FILE]

Each set of SHARED/corpus/few_shot is learnt without its last picture. Photographs to train with are those of
SHARED/corpus/photos (with --no-photos the program's own samples); those that are painted and measured are of
SHARED/corpus/showcase_photos, which no training sees. Features are those of SHARED/measure/quality.py at a short side of 512.

  style    mean over relu1_1 .. relu5_1 of MSE(means) + MSE(deviations) to the mean statistics of the pictures learnt from
  content  MSE at relu4_1, relu5_1 to the photograph
  strokes  SHARED/measure/strokes.py: how near each patch is to some patch of the pictures learnt from, all of them
           pooled, and the other way round

Floors, means over the sets, on two processors: quick strokes x 0.90 and style -35 % in 90 s, fine strokes x 0.82 and style
-45 % in 5 minutes, of what the base does with the same pictures, at no more than 1.2 times its content, in 1024 MB of memory
with a first preview after 5 s. Time and memory are those of the training alone, run by itself.

Variants are quick, fine, masterpiece (what the base reaches when its painting is refined), or NAME:QUALITY:SETTING,SETTING..
with settings of `pastiche train --set`. A folder given by --keep holds
styles and paintings afterwards; styles that are there already are not trained again.
"""
import argparse
import glob
import json
import os
import subprocess
import sys
import tempfile
import time

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from floors import judge

FLOORS = {"quick": {"strokes": 0.90, "style": 0.65, "content": 1.2, "seconds": 90},
          "fine": {"strokes": 0.82, "style": 0.55, "content": 1.2, "seconds": 300}}
for floors in FLOORS.values():
    floors.update(preview=5, megabytes=1024)
UNTRAINED = {"base": "instant", "masterpiece": "masterpiece"}  # and how they are painted


def most_memory(pid):
    """Kilobytes that a program has had at most since it began. (The usage that wait4() tells includes this script's own
    from before the program took its place.)"""
    try:
        with open(f"/proc/{pid}/status") as status:
            return next((int(line.split()[1]) for line in status if line.startswith("VmHWM:")), 0)
    except (FileNotFoundError, ProcessLookupError):
        return 0


class Bench:
    def __init__(self, a):
        self.a = a
        sys.path.insert(0, os.path.join(a.shared, "measure"))
        import quality
        import strokes
        self.quality = quality
        self.loss_network = quality.Judge()
        self.distances, self.patches = strokes.distances, strokes.Patches()
        self.content = {}
        paths = sorted(glob.glob(os.path.join(a.shared, "corpus", "showcase_photos", "*.jpg")))
        self.photos = paths[::max(1, len(paths) // a.photos)][:a.photos]

    def features(self, path):
        picture = self.quality.load(path, 512)
        return picture, self.loss_network.features(picture)

    @staticmethod
    def long_side(path):
        """Of a photograph whose short side becomes the 512 pixels that features are measured at: painted as it is
        measured, nothing is scaled afterwards (as in quality.py of this folder)."""
        with Image.open(path) as picture:
            return round(512 * max(picture.size) / min(picture.size))

    def photo(self, path):
        if path not in self.content:
            self.content[path] = self.features(path)[1][3:]
        return self.content[path]

    def run(self, *words):
        subprocess.run([self.a.program, *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def train(self, pictures, variant, output):
        """Trains; seconds, steps, seconds to the first preview and megabytes of memory."""
        _, quality, settings = (variant + "::").split(":")[:3] if ":" in variant else (variant, variant, "")
        words = ["train", *pictures, "--name", variant.split(":")[0], "--quality", quality, "-o", output,
                 "--on-conflict", "overwrite", "--log", output + ".log"]
        if not self.a.no_photos:
            words += ["--photos", os.path.join(self.a.shared, "corpus", "photos")]
        for setting in filter(None, settings.split(",")):
            words += ["--set", setting]
        before = time.time()
        process = subprocess.Popen([self.a.program, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        kilobytes = 0
        while process.poll() is None:
            kilobytes = most_memory(process.pid) or kilobytes
            time.sleep(0.1)
        if process.returncode:
            sys.exit("few_shot.py: training failed: " + " ".join(words))
        with open(output + ".log") as log:
            lines = [json.loads(line) for line in log]
        return {"seconds": time.time() - before, "steps": lines[-1]["step"],
                "preview": next(l["seconds"] for l in lines if l["preview"]),
                "megabytes": kilobytes / 1024}

    def pooled(self, paths):
        """Patches of all pictures, together for each depth."""
        return [torch.cat(depth) for depth in zip(*(self.patches.of(self.quality.load(p, 512)) for p in paths))]

    def measure(self, style, target, pool, folder, finish):
        rows = []
        for photo in self.photos:
            out = os.path.join(folder, os.path.basename(photo)[:-4] + ".png")
            self.run("stylize", photo, "--style", style, "--size", str(self.long_side(photo)), "--finish", finish,
                     "-o", out, "--on-conflict", "overwrite")
            picture, features = self.features(out)
            moments = [self.quality.moments(f) for f in features]
            loss = [F.mse_loss(m, tm).item() + F.mse_loss(s, ts).item() for (m, s), (tm, ts) in zip(moments, target)]
            rows.append((np.mean(loss), self.quality.content_loss(features, [None] * 3 + self.photo(photo)),
                         np.mean(self.distances(self.patches.of(picture), pool))))
        return dict(zip(("style", "content", "strokes"), np.mean(rows, 0)))


def reached(results, kind):
    """Whether a variant that has floors reaches them; of those that were trained before, time and memory aren't known."""
    rows, met = [r for r in results if r["variant"] == kind], True
    for what, floor in FLOORS[kind].items() if rows else ():
        ratio = what + " ratio" in rows[0]
        values = [r[what + " ratio" if ratio else what] for r in rows if ratio or what in r]
        if values:
            met &= judge("%s: %s" % (kind, what + " over the base's" if ratio else what),
                         np.mean(values) if ratio else max(values), floor, most=True)
    return met


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--program", required=True)
    ap.add_argument("--shared", required=True)
    ap.add_argument("--sets", default="van_gogh,monet,hokusai")
    ap.add_argument("--variants", default="quick,fine", help="separated by spaces or, without settings, by commas")
    ap.add_argument("--photos", type=int, default=8)
    ap.add_argument("--keep")
    ap.add_argument("--no-photos", action="store_true")
    ap.add_argument("--json")
    a = ap.parse_args()
    torch.set_num_threads(1)
    bench, results = Bench(a), []
    variants = a.variants.split() if ":" in a.variants else a.variants.split(",")
    folder = a.keep or tempfile.mkdtemp(prefix="pastiche-few-shot-")
    print("%-10s %-14s %8s %6s %7s %6s %7s %6s  %5s %5s %7s %6s %6s" % (
        "set", "variant", "strokes", "ratio", "style", "ratio", "content", "ratio", "s", "steps", "preview", "MB", "KB"))
    for name in a.sets.split(","):
        *pictures, _ = sorted(glob.glob(os.path.join(a.shared, "corpus", "few_shot", name, "*.jpg")))
        moments = [[bench.quality.moments(f) for f in bench.features(p)[1]] for p in pictures]
        target = [tuple(sum(m[k][i] for m in moments) / len(moments) for i in (0, 1)) for k in range(5)]
        pool, base = bench.pooled(pictures), None
        for variant in ["base"] + variants:
            short = variant.split(":")[0]
            style, paintings = (os.path.join(folder, f"{name}-{short}{suffix}") for suffix in (".style", ""))
            os.makedirs(paintings, exist_ok=True)
            facts = {}
            if variant in UNTRAINED:
                bench.run("style", "make", *pictures, "-o", style, "--no-thumbnail", "--on-conflict", "overwrite")
            elif not os.path.exists(style):
                facts = bench.train(pictures, variant, style)
            row = {"set": name, "variant": short, "kilobytes": os.path.getsize(style) / 1024, **facts,
                   **bench.measure(style, target, pool, paintings, UNTRAINED.get(variant, "instant"))}
            base = base or row
            for what in ("strokes", "style", "content"):
                row[what + " ratio"] = row[what] / base[what]
            results.append(row)
            print("%-10s %-14s %8.4f %6.3f %7.4f %6.3f %7.3f %6.3f  %5.0f %5d %7.1f %6.0f %6.0f" % (
                name, short, *(row[w + r] for w in ("strokes", "style", "content") for r in ("", " ratio")),
                row.get("seconds", 0), row.get("steps", 0), row.get("preview", 0), row.get("megabytes", 0),
                row["kilobytes"]), flush=True)
    if a.json:
        with open(a.json, "w") as file:
            json.dump(results, file, indent=1)
    sys.exit(not all([reached(results, kind) for kind in FLOORS]))


if __name__ == "__main__":
    main()
