#!/usr/bin/python3
"""Fit the probe that tells photographs from paintings by their style: logistic regression on the encoder's statistics.

    photograph_probe.py --shared DIR --encoder data/encoder.safetensors -o data/photograph.safetensors

The file holds "weight" [480], "bias" [1], "mean" [480] and "std" [480] to standardise statistics with: a picture is a photograph
with probability 1 / (1 + exp(-(weight . clamp((s - mean) / std, -4, 4) + bias))). Prints how often it is right on pictures that it
wasn't fitted to.
"""
import argparse
import glob
import os

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

import safetensors
from networks import encode, load_weights, statistics

SIDE, EACH = 512, 260


def load(path):
    picture = Image.open(path).convert("RGB")
    zoom = min(1, SIDE / min(picture.size))
    size = [max(16, round(n * zoom)) for n in picture.size]
    return torch.from_numpy(np.asarray(picture.resize(size, Image.LANCZOS)).copy()).permute(2, 0, 1)[None].float() / 255


@torch.no_grad()
def styles(encoder, folder, count):
    paths = sorted(glob.glob(os.path.join(folder, "*.jpg")))
    step = max(1, len(paths) // count)
    return torch.cat([statistics(encode(encoder, load(p), "conv4_1")) for p in paths[::step][:count]])


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--shared", required=True)
    ap.add_argument("--encoder", required=True)
    ap.add_argument("-o", "--output", required=True)
    a = ap.parse_args()
    torch.set_num_threads(1)
    encoder = load_weights(a.encoder)
    corpus = os.path.join(a.shared, "corpus")
    photos, paintings = (styles(encoder, os.path.join(corpus, n), EACH) for n in ("photos", "paintings"))
    x = torch.cat([photos, paintings])
    y = torch.cat([torch.ones(len(photos)), torch.zeros(len(paintings))])
    mean, std = x.mean(0), x.std(0) + 1e-3
    z = ((x - mean) / std).clamp(-4, 4)
    valid = torch.arange(len(x)) % 5 == 2

    def fit(rows):
        w = torch.zeros(z.shape[1] + 1, requires_grad=True)
        optimiser = torch.optim.LBFGS([w], max_iter=300)

        def closure():
            optimiser.zero_grad()
            loss = F.binary_cross_entropy_with_logits(z[rows] @ w[:-1] + w[-1], y[rows]) + 0.03 * w[:-1].square().sum()
            loss.backward()
            return loss

        optimiser.step(closure)
        return w.detach()

    w = fit(~valid)
    p = torch.sigmoid(z[valid] @ w[:-1] + w[-1])
    for limit in (0.5, 0.8, 0.9):
        print("limit %.1f: photographs found %.2f, paintings taken for photographs %.3f" % (
            limit, (p[y[valid] == 1] > limit).float().mean(), (p[y[valid] == 0] > limit).float().mean()))
    w = fit(torch.ones(len(x), dtype=torch.bool))
    for name in sorted(os.listdir(os.path.join(corpus, "few_shot"))):
        s = ((styles(encoder, os.path.join(corpus, "few_shot", name), 9) - mean) / std).clamp(-4, 4)
        print(name, " ".join("%.2f" % v for v in torch.sigmoid(s @ w[:-1] + w[-1])))
    safetensors.save(a.output, {"weight": w[:-1].numpy(), "bias": w[-1:].numpy(), "mean": mean.numpy(), "std": std.numpy()},
                     {"network": "pastiche-photograph-probe"})


if __name__ == "__main__":
    main()
