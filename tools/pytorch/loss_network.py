#!/usr/bin/python3
"""Write the judge of the teachers as a file that pastiche-pretrain reads.

    judge.py --shared DIR -o judge.safetensors
    judge.py --shared DIR --exact -o examiner.safetensors    # the examiner: VGG-19 itself to relu3_1

The teachers are never shipped: keep the file outside of the repository.
"""
import argparse
import os

import safetensors
from networks import Examiner, Judge


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--shared", required=True)
    ap.add_argument("-o", "--output", required=True)
    ap.add_argument("--exact", action="store_true", help="write the examiner")
    a = ap.parse_args()
    network = (Examiner if a.exact else Judge).of_teacher(os.path.join(a.shared, "teachers"))
    safetensors.save(a.output, {k: v.numpy() for k, v in network.w.items()},
                     {"network": "examiner" if a.exact else "judge"})


if __name__ == "__main__":
    main()
