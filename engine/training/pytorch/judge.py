#!/usr/bin/python3
"""Write the judge of the teachers as a file that pastiche-pretrain reads.

    judge.py --shared DIR -o judge.safetensors

The teachers are never shipped: keep the file outside of the repository.
"""
import argparse
import os

import safetensors
from networks import Judge


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--shared", required=True)
    ap.add_argument("-o", "--output", required=True)
    a = ap.parse_args()
    judge = Judge.of_teacher(os.path.join(a.shared, "teachers"))
    safetensors.save(a.output, {k: v.numpy() for k, v in judge.w.items()}, {"network": "judge"})


if __name__ == "__main__":
    main()
