#!/usr/bin/python3
"""Measure styles that are trained on a few pictures, beside the base generator given the same pictures.

    few_shot.py --program PASTICHE --shared DIR [--sets van_gogh,monet,hokusai] [--variants quick,fine] [--photos 16]
                [--keep FOLDER] [--no-photos] [--json FILE]

Each set of SHARED/corpus/few_shot is learnt without its last picture. Photographs to train with are those of
SHARED/corpus/photos (with --no-photos the program's own samples); those that are painted and measured are of
SHARED/corpus/showcase_photos, which no training sees. Features are those of SHARED/measure/quality.py at a short side of 512.

  style    mean over relu1_1 .. relu5_1 of MSE(means) + MSE(deviations) to the mean statistics of the pictures learnt from
  content  MSE at relu4_1, relu5_1 to the photograph
  strokes  distance of luminance's patch statistics to those of the picture left out: RMS over the coefficients of 16x16
           cosine transforms of the differences of the means and deviations of their logarithms

Floors, on two processors: quick -30 % in 90 s and fine -45 % in 5 minutes, of the base's style at no more than 1.1 times its
content, in 1024 MB of memory with a first preview after 5 s. The last column names the floors that are missed. Time and
memory are those of the training alone, run by itself.

Variants are quick, fine, or NAME:QUALITY:SETTING,SETTING.. with settings of `pastiche train --set`. A folder given by --keep holds
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

FLOORS = {"quick": 0.30, "fine": 0.45}
SECONDS = {"quick": 90, "fine": 300}
MOST_CONTENT, MOST_MEGABYTES, LATEST_PREVIEW = 1.1, 1024, 5
def dct(n=16):
    k, x = np.arange(n)[:, None], np.arange(n)[None]
    m = np.cos(np.pi * (2 * x + 1) * k / (2 * n)) * np.sqrt(2 / n)
    m[0] /= np.sqrt(2)
    return m


def strokes(picture, n=16):
    """Means and deviations of the logarithms of cosine coefficients of luminance, which is standardised first."""
    r, g, b = picture[0].numpy()
    y = 0.299 * r + 0.587 * g + 0.114 * b
    y = (y - y.mean()) / y.std()
    h, w = y.shape[0] // n, y.shape[1] // n
    patches = y[:h * n, :w * n].reshape(h, n, w, n).transpose(0, 2, 1, 3).reshape(-1, n, n)
    e = np.log(np.abs(dct(n) @ patches @ dct(n).T) + 1e-3)
    return np.stack([e.mean(0), e.std(0)])


def note(row):
    if "missed" not in row:
        return ""
    return "missed: " + ", ".join(row["missed"]) if row["missed"] else "floors met"


def missed(row):
    """The floors that a row of quick or fine doesn't reach."""
    kind = row["variant"]
    floors = {"style": row["gain"] >= FLOORS[kind], "content": row["ratio"] <= MOST_CONTENT}
    if "seconds" in row:  # trained just now
        floors.update({"time": row["seconds"] <= SECONDS[kind], "preview": row["first_preview"] <= LATEST_PREVIEW,
                       "memory": row["megabytes"] <= MOST_MEGABYTES})
    return [name for name, reached in floors.items() if not reached]


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
        self.quality = quality
        self.loss_network = quality.Judge()
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
                "first_preview": next(l["seconds"] for l in lines if l["preview"]),
                "megabytes": kilobytes / 1024}

    def measure(self, style, target, held_out, folder):
        rows = []
        for photo in self.photos:
            out = os.path.join(folder, os.path.basename(photo)[:-4] + ".png")
            self.run("stylize", photo, "--style", style, "--size", str(self.long_side(photo)), "-o", out,
                     "--on-conflict", "overwrite")
            picture, features = self.features(out)
            moments = [self.quality.moments(f) for f in features]
            loss = [F.mse_loss(m, tm).item() + F.mse_loss(s, ts).item() for (m, s), (tm, ts) in zip(moments, target)]
            rows.append((np.mean(loss), self.quality.content_loss(features, [None] * 3 + self.photo(photo)),
                         np.sqrt(np.square(strokes(picture) - held_out).mean())))
        return dict(zip(("style", "content", "strokes"), np.mean(rows, 0)))


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--program", required=True)
    ap.add_argument("--shared", required=True)
    ap.add_argument("--sets", default="van_gogh,monet,hokusai")
    ap.add_argument("--variants", default="quick,fine", help="separated by spaces or, without settings, by commas")
    ap.add_argument("--photos", type=int, default=16)
    ap.add_argument("--keep")
    ap.add_argument("--no-photos", action="store_true")
    ap.add_argument("--json")
    a = ap.parse_args()
    torch.set_num_threads(1)
    bench, results, good = Bench(a), [], True
    variants = a.variants.split() if ":" in a.variants else a.variants.split(",")
    folder = a.keep or tempfile.mkdtemp(prefix="pastiche-few-shot-")
    print("%-10s %-14s %7s %6s %7s %6s %8s  %5s %5s %7s %6s %6s" % (
        "set", "variant", "style", "", "content", "ratio", "strokes", "s", "steps", "preview", "MB", "KB"))
    for name in a.sets.split(","):
        *pictures, left_out = sorted(glob.glob(os.path.join(a.shared, "corpus", "few_shot", name, "*.jpg")))
        moments = [[bench.quality.moments(f) for f in bench.features(p)[1]] for p in pictures]
        target = [tuple(sum(m[k][i] for m in moments) / len(moments) for i in (0, 1)) for k in range(5)]
        held_out = strokes(bench.quality.load(left_out, 512))
        base = None
        for variant in ["base"] + variants:
            short = variant.split(":")[0]
            style, paintings = (os.path.join(folder, f"{name}-{short}{suffix}") for suffix in (".style", ""))
            os.makedirs(paintings, exist_ok=True)
            facts = {}
            if variant == "base":
                bench.run("style", "make", *pictures, "-o", style, "--no-thumbnail", "--on-conflict", "overwrite")
            elif not os.path.exists(style):
                facts = bench.train(pictures, variant, style)
            row = {"set": name, "variant": short, "kilobytes": os.path.getsize(style) / 1024, **facts,
                   **bench.measure(style, target, held_out, paintings)}
            base = base or row
            row["gain"], row["ratio"] = 1 - row["style"] / base["style"], row["content"] / base["content"]
            if short in FLOORS:
                row["missed"] = missed(row)
                good = good and not row["missed"]
            results.append(row)
            print("%-10s %-14s %7.4f %+5.0f%% %7.3f %6.3f %8.3f  %5.0f %5d %7.1f %6.0f %6.0f %s" % (
                name, short, row["style"], 0.0 - 100 * row["gain"], row["content"], row["ratio"], row["strokes"],
                row.get("seconds", 0), row.get("steps", 0), row.get("first_preview", 0), row.get("megabytes", 0),
                row["kilobytes"], note(row)), flush=True)
    if a.json:
        with open(a.json, "w") as file:
            json.dump(results, file, indent=1)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
