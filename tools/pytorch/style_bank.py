#!/usr/bin/python3
"""Reduce the paintings of the corpus to a bank of styles: the encoder's statistics and the loss network's targets.

    style_bank.py --shared DIR --encoder encoder.safetensors -o bank.safetensors [--windows 4] [--shallow]

Each painting gives `windows` styles, from windows of 70 to 100 % of its sides at a random scale. What the generator is
trained on is thus whole paintings, as it will be used, and a training step need not encode them again.
"""
import argparse
import os

import numpy as np
import torch
from PIL import Image

import safetensors
from corpus import Corpus
from networks import LossNetwork, ShallowLossNetwork, encode, load_weights, statistics


def window(rng, picture):
    """A random window at a random scale, short side 224 to 512, as a float tensor NCHW."""
    share = rng.uniform(0.7, 1.0, 2)
    w, h = int(picture.width * share[0]), int(picture.height * share[1])
    x, y = rng.integers(picture.width - w + 1), rng.integers(picture.height - h + 1)
    k = np.exp(rng.uniform(np.log(224), np.log(512))) / min(w, h)
    size = (max(16, round(w * k)), max(16, round(h * k)))
    a = np.asarray(picture.resize(size, Image.LANCZOS, (x, y, x + w, y + h)))
    return torch.from_numpy(a.copy()).permute(2, 0, 1)[None].float() / 255


@torch.no_grad()
def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--shared", required=True)
    ap.add_argument("--encoder", required=True)
    ap.add_argument("-o", "--output", required=True)
    ap.add_argument("--windows", type=int, default=4)
    ap.add_argument("--shallow", action="store_true", help="add the shallow loss network's targets")
    ap.add_argument("--threads", type=int, default=1)
    a = ap.parse_args()
    torch.set_num_threads(a.threads)
    corpus = Corpus([os.path.join(a.shared, "corpus", "paintings")])
    encoder, loss_network = load_weights(a.encoder), LossNetwork.of_teacher(os.path.join(a.shared, "teachers"))
    shallow = ShallowLossNetwork.of_teacher(os.path.join(a.shared, "teachers")) if a.shallow else None
    rng, bank = np.random.default_rng(3), {}
    for name, pictures in (("train", corpus.train[0]), ("valid", corpus.valid[0])):
        styles, targets, shallow_targets = [], [], []
        for _ in range(a.windows if name == "train" else 1):
            for picture in pictures:
                x = window(rng, picture)
                styles.append(statistics(encode(encoder, x, "conv4_1")))
                targets.append(loss_network.style(loss_network.features(x)))
                if shallow:
                    shallow_targets.append(shallow.style(x))
        bank[name + ".style"], bank[name + ".target"] = torch.cat(styles).numpy(), torch.cat(targets).numpy()
        if shallow:
            bank[name + ".exact"] = torch.cat(shallow_targets).numpy()
    safetensors.save(a.output, bank)


if __name__ == "__main__":
    main()
