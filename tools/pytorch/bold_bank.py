#!/usr/bin/python3
"""Draw a bank again so that unusual styles come up more often.

    bold_bank.py BANK -o OUTPUT [--styles 6000] [--ceiling 8]

Most paintings of a corpus are alike in their statistics; what a user picks seldom is. A style is drawn in proportion to the
distance of its targets from those of all (the style loss between them), within 0.4 to `ceiling` times the median.
"""
import argparse

import numpy as np

import safetensors
from networks import TEACHER_CHANNELS


def distance(target, widths, first):
    """Style loss of each target to the mean one, over the depths from `first` on."""
    square, at, total = (target - target.mean(0)) ** 2, 0, 0
    for _ in ("means", "standard deviations"):
        for depth, n in enumerate(widths):
            if depth >= first:
                total = total + square[:, at:at + n].mean(1) / len(TEACHER_CHANNELS)
            at += n
    return total


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("bank")
    ap.add_argument("-o", "--output", required=True)
    ap.add_argument("--styles", type=int, default=6000)
    ap.add_argument("--ceiling", type=float, default=8)
    a = ap.parse_args()
    bank, metadata = safetensors.load(a.bank)
    shallow = bank.get("train.exact")
    d = distance(bank["train.target"], TEACHER_CHANNELS, 0 if shallow is None else 3)
    if shallow is not None:
        d = d + distance(shallow, TEACHER_CHANNELS[:3], 0)
    chance = np.clip(d, 0.4 * np.median(d), a.ceiling * np.median(d))
    drawn = np.sort(np.random.default_rng(5).choice(len(d), a.styles, p=chance / chance.sum()))
    for name in bank:
        if name.startswith("train."):
            bank[name] = bank[name][drawn]
    safetensors.save(a.output, bank, metadata)


if __name__ == "__main__":
    main()
