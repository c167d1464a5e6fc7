#!/usr/bin/python3
"""Time a training step of the base recipe in C and, in the same run, in PyTorch.

    training_step.py PROGRAM RECIPE [--steps N] [--threads N ...]

PROGRAM is the built tests/benchmark/training_step.c. Both do the same work on made-up networks and pictures: encode the
photographs, pass them through the loss network, paint, compare, all gradients, Adam, running average; reading and
cropping photographs is in the C time only. The median of N steps counts; measurements of the two alternate.
"""
import argparse
import json
import os
import re
import statistics as st
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../tools/pytorch"))
sys.path.insert(0, os.path.join(HERE, "../fixtures"))
import torch  # noqa: E402
from floors import judge  # noqa: E402
import training  # noqa: E402
from generator import FROZEN, loss_terms  # noqa: E402
from networks import LossNetwork, encode, generate, statistics  # noqa: E402


class Twin:
    def __init__(self, recipe):
        self.r = r = recipe
        single = lambda w: {k: v.float() for k, v in w.items()}
        self.encoder, self.loss_network = single(training.network(1000)), LossNetwork(single(training.network(2000)))
        self.w = single(training.generator(3000))
        self.trained = [k for k in sorted(self.w) if k not in FROZEN]
        for k in self.trained:
            self.w[k].requires_grad_()
        self.average = {k: v.detach().clone() for k, v in self.w.items()}
        self.optimiser = torch.optim.Adam([self.w[k] for k in self.trained], lr=1e-4, betas=(r["beta1"], r["beta2"]))
        self.photo = torch.cat([training.picture(10 + i, r["size"]) for i in range(r["batch"])]).float()
        self.style = torch.rand(r["batch"], 480)
        self.target = torch.rand(r["batch"], 2 * 1472)

    def step(self):
        r, same = self.r, self.r["identity"]
        with torch.no_grad():
            taps, photo_taps = encode(self.encoder, self.photo, "conv4_1"), self.loss_network.features(self.photo)
            style, target = self.style.clone(), self.target.clone()
            style[:same], target[:same] = statistics(taps)[:same], self.loss_network.style(photo_taps)[:same]
        out = generate(self.w, taps, style, torch.ones(r["batch"]))
        terms = loss_terms(r, self.loss_network, self.photo, out, photo_taps, target, same)
        self.optimiser.zero_grad()
        sum(r[k] * v for k, v in terms.items()).backward()
        self.optimiser.step()
        with torch.no_grad():
            for k in self.trained:
                self.average[k].lerp_(self.w[k].detach(), 0.002)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("program")
    ap.add_argument("recipe")
    ap.add_argument("--steps", type=int, default=8)
    ap.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    a = ap.parse_args()
    twin = Twin(json.load(open(a.recipe)))
    for threads in a.threads:
        torch.set_num_threads(threads)
        ours, theirs, processor = [], [], []
        for turn in range(2):
            text = subprocess.run([a.program, str(threads), str(a.steps), a.recipe], check=True, text=True,
                                  stdout=subprocess.PIPE).stdout
            wall, spent = re.search(r"([\d.]+) s a step, ([\d.]+) s of", text).groups()
            ours.append(float(wall))
            processor.append(float(spent))
            twin.step()
            seconds, start_spent = [], time.process_time()
            for _ in range(a.steps):
                start = time.time()
                twin.step()
                seconds.append(time.time() - start)
            theirs.append((st.median(seconds), (time.process_time() - start_spent) / a.steps))
        (wall, spent), c, p = min(theirs), min(ours), min(processor)
        print("%d threads: C %.3f s a step (%.3f s of processor), PyTorch %s %.3f s (%.3f s): %.1f times as fast (%.1f)"
              % (threads, c, p, torch.__version__, wall, spent, wall / c, spent / p), flush=True)
        if threads > 1:
            judge("times as fast a training step as PyTorch, %d threads" % threads, wall / c, 5)


if __name__ == "__main__":
    main()
