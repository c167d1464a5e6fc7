#!/usr/bin/python3
"""Train the shipped examiner: a head on the encoder's relu2_1, so that its relu3_1 is that of VGG-19.

    examiner.py --shared DIR --encoder data/encoder.safetensors -o data/examiner.safetensors [--steps N] [--windows N]
                [--painted FOLDER] [--start FILE]

The encoder's linear maps tell two thirds of relu3_1; a generator that is fine-tuned under that judge alone learns to do
as it likes with the last third. This net is as wide as VGG-19 at its tap, ReLU included. Its first three layers are the
encoder's, frozen; the others begin at random. VGG-19 looks once at a fixed number of windows; steps draw from these.
--painted names a folder of pictures that generators painted, fine-tuned ones too: what an examiner has to see is not in
photographs and paintings alone, and a generator finds out what its examiner gets wrong. --start goes on from a file.
Prints the explained variance (1 - residual energy / feature energy) and how far its means and deviations are from
VGG-19's (MSE, as in the style loss, beside how far pictures are from each other) on pictures kept out of training.
"""
import argparse
import os
import time

import numpy as np
import torch
import torch.nn.functional as F

import safetensors
from corpus import Corpus
from encoder import BATCH, SIZE
from networks import OWN_EXAMINER, Teacher, conv3x3, encode, kaiming, load_weights


HEAD = ("conv2_2", "conv3_1")


def new_head(seed):
    rng, w = np.random.default_rng(seed), {}
    for name, inputs, outputs in filter(None, OWN_EXAMINER):
        if name in HEAD:
            w[name + ".weight"] = kaiming(rng, outputs, inputs, 3)
            w[name + ".bias"] = torch.zeros(outputs)
    return w


def head(w, x):
    """relu3_1 out of the encoder's relu2_1."""
    return F.relu(conv3x3(w, "conv3_1", F.max_pool2d(F.relu(conv3x3(w, "conv2_2", x)), 2)))


def style(f):
    var, mean = torch.var_mean(f, dim=(2, 3), unbiased=False)
    return mean, (var + 1e-5).sqrt()


@torch.no_grad()
def report(w, encoder, teacher, corpus, batches=8):
    for folder, kind in enumerate(("photographs", "paintings", "painted")[:len(corpus.valid)]):
        rng = np.random.default_rng(7)
        residual = energy = gap = spread = 0.0
        for _ in range(batches):
            x = corpus.batch(rng, 4, 192, 192, 448, folder, "valid")
            p, t = head(w, encode(encoder, x, "conv2_1")[1]), teacher.exact_features(x)[2]
            residual += (p - t).square().sum().item()
            energy += t.square().sum().item()
            gap += sum(F.mse_loss(a, b).item() for a, b in zip(style(p), style(t))) / batches
            spread += sum(F.mse_loss(a, a.mean(0, True).expand_as(a)).item() for a in style(t)) / batches
        print("held-out %-11s explained %.4f  style error %.4f of %.4f" % (kind, 1 - residual / energy, gap, spread),
              flush=True)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--shared", required=True)
    ap.add_argument("--encoder", required=True)
    ap.add_argument("-o", "--output", required=True)
    ap.add_argument("--steps", type=int, default=2000)
    ap.add_argument("--windows", type=int, default=640)
    ap.add_argument("--rate", type=float, default=2e-3)
    ap.add_argument("--painted")
    ap.add_argument("--start")
    ap.add_argument("--threads", type=int, default=1)
    a = ap.parse_args()
    torch.set_num_threads(a.threads)
    folders = [os.path.join(a.shared, "corpus", n) for n in ("photos", "paintings")]
    corpus = Corpus(folders + [a.painted] if a.painted else folders)
    teacher = Teacher(os.path.join(a.shared, "teachers"))
    encoder = load_weights(a.encoder)
    seen, targets = [], []
    with torch.no_grad():
        for i in range(a.windows // BATCH):
            x = corpus.batch(np.random.default_rng((3, i)), BATCH, SIZE, 128, 384)
            seen.append(encode(encoder, x, "conv2_1")[1])
            targets.append(teacher.exact_features(x)[2].half())
    seen, targets = torch.cat(seen), torch.cat(targets)
    print("%d windows are ready" % len(seen), flush=True)
    w = new_head(3)
    if a.start:
        w = {k: v for k, v in load_weights(a.start).items() if k in w}
    else:  # features of the encoder are not of one size: begin at a deviation of 1
        spread = F.conv2d(F.pad(seen[:64], (1,) * 4, mode="reflect"), w["conv2_2.weight"]).std((0, 2, 3))
        w["conv2_2.weight"] /= spread[:, None, None, None]
    w = {k: v.requires_grad_() for k, v in w.items()}
    report(w, encoder, teacher, corpus, 4)
    optimiser = torch.optim.Adam(w.values(), lr=a.rate, betas=(0.9, 0.99))
    start, running = time.time(), 0.0
    for step in range(a.steps):
        rate = a.rate * min(1, (step + 1) / 50) * 0.5 * (1 + np.cos(np.pi * step / a.steps)) + 1e-6
        optimiser.param_groups[0]["lr"] = rate
        chosen = torch.from_numpy(np.random.default_rng((4, step)).choice(len(seen), BATCH, replace=False))
        p, t = head(w, seen[chosen]), targets[chosen].float()
        term = (p - t).square().sum() / t.square().sum()
        gap = sum(F.mse_loss(b, c) for b, c in zip(style(p), style(t)))
        optimiser.zero_grad()
        (term + gap).backward()
        optimiser.step()
        running += term.item()
        if (step + 1) % 50 == 0:
            print("step %5d  %.2f s  rate %.5f  unexplained %.3f" % (step + 1, (time.time() - start) / (step + 1), rate,
                                                                     running / 50), flush=True)
            running = 0.0
        if (step + 1) % 250 == 0 or step + 1 == a.steps:
            first = {k: encoder[k] for k in encoder if k.split(".")[0] in ("conv1_1", "conv1_2", "conv2_1")}
            safetensors.save(a.output, {k: v.detach().numpy() for k, v in {**first, **w}.items()},
                             {"network": "pastiche-examiner", "steps": step + 1})
    report(w, encoder, teacher, corpus)


if __name__ == "__main__":
    main()
