#!/usr/bin/python3
"""Write the loss network of the teachers as a file that pastiche-pretrain reads.

    loss_network.py --shared DIR -o loss_network.safetensors
    loss_network.py --shared DIR --shallow -o shallow_loss_network.safetensors    # VGG-19 itself to relu3_1

The teachers are never shipped: keep the file outside of the repository.
"""
import argparse
import os

import safetensors
from networks import LossNetwork, ShallowLossNetwork


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--shared", required=True)
    ap.add_argument("-o", "--output", required=True)
    ap.add_argument("--shallow", action="store_true", help="write the shallow loss network")
    a = ap.parse_args()
    network = (ShallowLossNetwork if a.shallow else LossNetwork).of_teacher(os.path.join(a.shared, "teachers"))
    safetensors.save(a.output, {k: v.numpy() for k, v in network.w.items()},
                     {"network": "examiner" if a.shallow else "judge"})


if __name__ == "__main__":
    main()
