#!/usr/bin/python3
"""Join two banks: all styles of the first and `styles` of the second's, drawn with repetition.

    join_banks.py FIRST SECOND -o OUTPUT [--styles 1500]

Held-out styles are the first bank's.
"""
import argparse

import numpy as np

import safetensors


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("first")
    ap.add_argument("second")
    ap.add_argument("-o", "--output", required=True)
    ap.add_argument("--styles", type=int, default=1500)
    a = ap.parse_args()
    (first, metadata), (second, _) = safetensors.load(a.first), safetensors.load(a.second)
    drawn = np.random.default_rng(6).integers(len(second["train.style"]), size=a.styles)
    for name in first:
        if name.startswith("train."):
            first[name] = np.concatenate([first[name], second[name][drawn]])
    safetensors.save(a.output, first, metadata)


if __name__ == "__main__":
    main()
