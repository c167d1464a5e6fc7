#!/usr/bin/python3
"""Average generators that were trained one from the other: a straight line in the space of weights often leads through
better ones than its ends (Wortsman et al., "Model soups", ICML 2022).

    average_weights.py FILE:SHARE FILE:SHARE … -o OUTPUT

Shares are normalised; metadata is the first file's.
"""
import argparse

import safetensors


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("parts", nargs="+", metavar="FILE:SHARE")
    ap.add_argument("-o", "--output", required=True)
    a = ap.parse_args()
    parts = [(path, float(share)) for path, share in (part.rsplit(":", 1) for part in a.parts)]
    files, total = [safetensors.load(path) for path, _ in parts], sum(share for _, share in parts)
    average = {name: sum(share / total * tensors[name] for (_, share), (tensors, _) in zip(parts, files))
               for name in files[0][0]}
    safetensors.save(a.output, {name: tensor.astype("float32") for name, tensor in average.items()}, files[0][1])


if __name__ == "__main__":
    main()
