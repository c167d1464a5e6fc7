#!/usr/bin/python3
"""Time a whole painting beside PyTorch and ONNX Runtime: the same network, weights, photograph and style, in one run.

    peers.py PROGRAM ENCODER GENERATOR STYLE FOLDER [--sides 1024,2048] [--threads 2] [--repeats 5]

PROGRAM is ours.c, STYLE a style file, FOLDER where ONNX Runtime (the npm package onnxruntime-node) is and the networks
are put; it is installed there if it is missing. All take turns; medians and ratios are printed. The style is already
encoded, pictures are in memory. ONNX Runtime runs the whole network, as everyone else, and a brush: the same with one
photograph's statistics worked out before, which is about half of the memory traffic less.
The paintings are compared too: the largest difference to ours has to stay below 2/255 and the mean below 0.1/255, or it was not the same network.
"""
import argparse
import os
import statistics as stats
import subprocess
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

import export
import safetensors
from networks import encode, generate, load_weights, statistics

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from floors import judge
from painting import work

HERE = os.path.dirname(os.path.abspath(__file__))
# Threads of the peers go on turning for a while after their work, and what they wrote is still on its way to the disk.
PAUSE = 0.5
TOLERANCE, MEAN_TOLERANCE = 2 / 255, 0.1 / 255
# How many times as fast as each peer Pastiche has to be.
FLOORS = {(1024, "pytorch"): 10, (2048, "pytorch"): 15, (1024, "whole"): 3, (2048, "whole"): 3, (1024, "brush"): 3,
          (2048, "brush"): 3}


def photograph(side):
    """[1][3][side][side]: something with large and fine parts."""
    rng = np.random.default_rng(7)
    layers = [F.interpolate(torch.from_numpy(rng.random((1, 3, n, n), np.float32)), (side, side), mode="bicubic",
                            align_corners=False) for n in (4, 33, 257)]
    return (0.5 * layers[0] + 0.3 * layers[1] + 0.2 * layers[2]).clamp(0, 1)


class Program:
    """A peer that answers each line with the seconds that it took."""

    def __init__(self, *words):
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def seconds(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit("peers.py: %s ended; see above" % self.process.args[0])
        return float(answer)


class Bench:
    def __init__(self, a):
        torch.set_num_threads(a.threads)
        self.folder, self.threads = a.folder, a.threads
        self.encoder, self.generator = load_weights(a.encoder), load_weights(a.generator)
        self.style = torch.from_numpy(safetensors.load(a.style)[0]["statistics"].astype(np.float32))[None]
        self.style.numpy().tofile(self.at("style"))
        self.ours = Program(a.program, a.encoder, a.generator, self.at("style"), str(a.threads))
        self.runtime = Program("node", os.path.join(HERE, "runtime.js"), a.folder, str(a.threads))

    def at(self, *parts):
        return os.path.join(self.folder, "-".join(map(str, parts)))

    @torch.no_grad()
    def prepare(self, side):
        photo = photograph(side)
        photo[0].numpy().tofile(self.at("photo", side, "chw"))
        photo[0].permute(1, 2, 0).contiguous().numpy().tofile(self.at("photo", side, "hwc"))
        content = statistics(encode(self.encoder, photo, "conv4_1"))
        for name in "whole", "brush":
            export.export(self.at(name, side), self.encoder, self.generator, self.style,
                          content if name == "brush" else None, side)
        return photo

    @torch.no_grad()
    def pytorch(self, photo):
        start = time.perf_counter()
        painting = generate(self.generator, encode(self.encoder, photo, "conv4_1"), self.style, torch.ones(1))
        return time.perf_counter() - start, painting

    def painting(self, name, side, layout):
        array = np.fromfile(self.at(name, "painting"), np.float32)
        array = array.reshape(side, side, 3) if layout == "hwc" else array.reshape(3, side, side).transpose(1, 2, 0)
        return array.clip(0, 1)

    def run_ours(self, side, photo):
        return self.ours.seconds(self.at("photo", side, "hwc"), side, self.at("ours", "painting"))

    def run_pytorch(self, side, photo):
        seconds, painting = self.pytorch(photo)
        painting[0].numpy().tofile(self.at("pytorch", "painting"))
        return seconds

    def run_runtime(self, name):
        return lambda side, photo: self.runtime.seconds(self.at(name, side), self.at("photo", side, "chw"), side,
                                                        self.at(name, "painting"))

    def compare(self, side, repeats):
        peers = [("ours", "Pastiche", self.run_ours), ("pytorch", "PyTorch " + torch.__version__, self.run_pytorch),
                 ("whole", "ONNX Runtime, whole", self.run_runtime("whole")),
                 ("brush", "ONNX Runtime, brush", self.run_runtime("brush"))]
        photo, same = self.prepare(side), True
        times = {name: [] for name, _, _ in peers}
        for turn in range(repeats + 1):
            for name, _, run in peers:
                time.sleep(PAUSE)
                seconds = run(side, photo)
                if turn:  # the first warms up
                    times[name].append(seconds)
        flop = 2e-9 * work() * side * side
        ours, own_time = self.painting("ours", side, "hwc"), stats.median(times["ours"])
        ratios = {}
        for name, label, _ in peers:
            median = stats.median(times[name])
            line = "%6d  %-24s %8.3f  %8.1f" % (side, label, median, flop / median)
            if name != "ours":
                error = np.abs(self.painting(name, side, "chw") - ours)
                same = same and error.max() < TOLERANCE and error.mean() < MEAN_TOLERANCE
                ratios[label] = median / own_time, FLOORS.get((side, name))
                line += "  %8.2f  %10.3f  %10.4f" % (median / own_time, error.max() * 255, error.mean() * 255)
            print(line, flush=True)
        for label, (ratio, floor) in ratios.items():
            if floor:
                judge("times as fast as %s at %d" % (label, side), ratio, floor)
        return same


def install(folder):
    if os.path.isdir(os.path.join(folder, "node_modules", "onnxruntime-node")):
        return
    os.makedirs(folder, exist_ok=True)
    # Its script would fetch libraries for graphics cards.
    subprocess.run(["npm", "install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund",
                    "onnxruntime-node"], check=True, stdout=sys.stderr)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in "program", "encoder", "generator", "style", "folder":
        ap.add_argument(name)
    ap.add_argument("--sides", default="1024,2048")
    ap.add_argument("--threads", type=int, default=2)
    ap.add_argument("--repeats", type=int, default=5)
    a = ap.parse_args()
    install(a.folder)
    bench = Bench(a)
    print("%6s  %-24s %8s  %8s  %8s  %10s  %10s" % ("side", "", "seconds", "GFLOP/s", "ratio", "max/255", "mean/255"))
    same = [bench.compare(side, a.repeats) for side in map(int, a.sides.split(","))]
    if not all(same):
        sys.exit("peers.py: the paintings differ by more than 2/255, or 0.1/255 in the mean: not the same network")


if __name__ == "__main__":
    main()
