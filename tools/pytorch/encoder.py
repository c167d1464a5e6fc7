#!/usr/bin/python3
"""Pretrain the encoder: from random weights, so that 1x1 maps of its features predict the teachers' features.

    encoder.py --shared DIR -o encoder.safetensors [--steps N] [--threads N]

Resumes from the checkpoint OUTPUT.checkpoint where there is one. Prints the explained variance
(1 - residual energy / feature energy) at relu1_1 .. relu5_1 on pictures kept out of training.
Needs Debian's python3-torch, python3-numpy and python3-pil.
"""
import argparse
import os
import time

import numpy as np
import torch
import torch.nn.functional as F

import safetensors
from corpus import Corpus
from networks import ENCODER, TAPS, Teacher, encode, new_encoder

BATCH, SIZE = 8, 128
CENTRE, SPREAD = 0.45, 0.25  # of picture values; folded into conv1_1 when the encoder is saved


def predict(w, x):
    taps = encode(w, (x - CENTRE) / SPREAD)
    return [F.conv2d(t, w[n + "_up.weight"], w[n + "_up.bias"]) for t, n in zip(taps, TAPS)]


def folded(w):
    """The same network for input in 0..1."""
    out = {k: v.detach().numpy().copy() for k, v in w.items()}
    weight = out["conv1_1.weight"] / SPREAD
    out["conv1_1.bias"] = out["conv1_1.bias"] - CENTRE * weight.sum((1, 2, 3))
    out["conv1_1.weight"] = weight
    return out


@torch.no_grad()
def explained(w, teacher, corpus, folder, batches=12):
    rng = np.random.default_rng(7)
    residual, energy = np.zeros(len(TAPS)), np.zeros(len(TAPS))
    for _ in range(batches):
        x = corpus.batch(rng, 4, 192, 192, 448, folder, "valid")
        for i, (p, t) in enumerate(zip(predict(w, x), teacher.features(x))):
            residual[i] += (p - t).square().sum().item()
            energy[i] += t.square().sum().item()
    return 1 - residual / energy


def report(w, teacher, corpus):
    for i, kind in enumerate(("photographs", "paintings")):
        print("explained on held-out %-11s" % kind,
              " ".join("%.4f" % e for e in explained(w, teacher, corpus, i)), flush=True)


@torch.no_grad()
def refit(w, teacher, corpus, batches=150):
    """Replace the 1x1 maps by the least-squares ones: the best there are for the encoder as it stands."""
    sums = [None] * len(TAPS)
    for step in range(batches):
        x = corpus.batch(np.random.default_rng((2, step)), BATCH, SIZE, 128, 384)
        taps = encode(w, (x - CENTRE) / SPREAD)
        for i, (t, target) in enumerate(zip(taps, teacher.features(x))):
            a = torch.cat([t, torch.ones_like(t[:, :1])], 1).transpose(0, 1).flatten(1).double()
            b = target.transpose(0, 1).flatten(1).double()
            both = (a @ a.T, a @ b.T)
            sums[i] = both if sums[i] is None else (sums[i][0] + both[0], sums[i][1] + both[1])
    for name, (aa, ab) in zip(TAPS, sums):
        solution = torch.linalg.solve(aa + 1e-6 * aa.diagonal().mean() * torch.eye(len(aa)), ab).float().T
        w[name + "_up.weight"].copy_(solution[:, :-1, None, None])
        w[name + "_up.bias"].copy_(solution[:, -1])


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--shared", required=True)
    ap.add_argument("-o", "--output", required=True)
    ap.add_argument("--steps", type=int, default=6000)
    ap.add_argument("--rate", type=float, default=2e-3)
    ap.add_argument("--threads", type=int, default=1)
    a = ap.parse_args()
    torch.set_num_threads(a.threads)
    corpus = Corpus([os.path.join(a.shared, "corpus", n) for n in ("photos", "paintings")])
    teacher = Teacher(os.path.join(a.shared, "teachers"))
    w = {k: v.requires_grad_() for k, v in new_encoder(1).items()}
    optimiser = torch.optim.Adam(w.values(), lr=a.rate, betas=(0.9, 0.99))
    checkpoint, first = a.output + ".checkpoint", 0
    if os.path.exists(checkpoint):
        state = torch.load(checkpoint)
        first = state["step"]
        optimiser.load_state_dict(state["optimiser"])
        for k in w:
            w[k].data.copy_(state["weights"][k])
    start, running = time.time(), np.zeros(len(TAPS))
    for step in range(first, a.steps):
        rate = a.rate * min(1, (step + 1) / 100) * 0.5 * (1 + np.cos(np.pi * step / a.steps)) + 1e-6
        optimiser.param_groups[0]["lr"] = rate
        x = corpus.batch(np.random.default_rng((1, step)), BATCH, SIZE, 128, 384)
        target = teacher.features(x)
        terms = [(p - t).square().sum() / t.square().sum() for p, t in zip(predict(w, x), target)]
        optimiser.zero_grad()
        sum(terms).backward()
        optimiser.step()
        running += [t.item() for t in terms]
        if (step + 1) % 50 == 0:
            print("step %5d  %.2f s  rate %.5f  unexplained" % (step + 1, (time.time() - start) / (step + 1 - first), rate),
                  " ".join("%.3f" % r for r in running / 50), flush=True)
            running[:] = 0
        if (step + 1) % 500 == 0 or step + 1 == a.steps:
            torch.save({"step": step + 1, "weights": w, "optimiser": optimiser.state_dict()}, checkpoint + ".part")
            os.replace(checkpoint + ".part", checkpoint)
            if step + 1 == a.steps:
                refit(w, teacher, corpus)
            safetensors.save(a.output, folded(w), {"network": "pastiche-encoder", "steps": step + 1})
            report(w, teacher, corpus)
    if first >= a.steps:
        refit(w, teacher, corpus)
        safetensors.save(a.output, folded(w), {"network": "pastiche-encoder", "steps": first})
        report(w, teacher, corpus)


if __name__ == "__main__":
    main()
