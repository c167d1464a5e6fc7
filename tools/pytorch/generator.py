#!/usr/bin/python3
"""Pretrain the base generator for any style: photographs x paintings.

    generator.py --shared DIR --encoder FILE --bank FILE --recipe FILE -o base.safetensors [--threads N] [--shallow]

The twin of pastiche-pretrain: the same recipe, losses and files. Resumes from OUTPUT.checkpoint; logs every loss term
each 50 steps; writes a sheet of stylised validation pictures and the weights (their running average) each 1,000 steps.
Needs Debian's python3-torch, python3-numpy and python3-pil.
"""
import argparse
import json
import os
import time

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

import safetensors
from corpus import Corpus
from networks import (SHALLOW_CHANNELS, SWAP_PATCHES, SWAP_SHARES, LossNetwork, ShallowLossNetwork, encode, generate,
                      layers, load_weights, moments, nearest, new_generator, statistics, swap_taps, take_patches)

FROZEN = ("style.mean", "style.std")


def learning_rate(r, step):
    """Linear warm-up, then half a cosine from rate to final_rate."""
    fall = 0.5 * (1 + np.cos(np.pi * min(1, step / r["steps"])))
    return min(1, (step + 1) / r["warm_up"]) * (r["final_rate"] + (r["rate"] - r["final_rate"]) * fall)


def normalised(f):
    mean, std = moments(f)
    return (f - mean[:, :, None, None]) / std[:, :, None, None]


def light(x):
    """Low-pass luminance: 8x8 means, instance-normalised."""
    grey = (x * torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)).sum(1, keepdim=True)
    y = F.avg_pool2d(grey, 8)
    return (y - y.mean((2, 3), keepdim=True)) / (y.var((2, 3), unbiased=False, keepdim=True) + 1e-4).sqrt()


def calm(x, photo):
    """Squared differences between 8x8 means of the picture one, two and four apart, where those of the photograph are
    alike."""
    a, b = F.avg_pool2d(x, 8), F.avg_pool2d(photo, 8)
    total = 0
    for axis in (2, 3):
        for apart in (1, 2, 4):
            rest = max(0, a.shape[axis] - apart)
            if rest == 0:
                continue
            distance = lambda t: (t.narrow(axis, apart, rest) - t.narrow(axis, 0, rest)).square().sum(1)
            total = total + (distance(a) / (1 + distance(b) / 0.02 ** 2)).mean((1, 2)) / 2
    return total


def grid(x):
    """How unevenly the picture changes along the generator's lattice: means of squared differences between neighbours
    by phase modulo 8, each over the mean of all phases."""
    total = 0
    for axis in (2, 3):
        square = x.diff(dim=axis).square().transpose(axis, 3)
        energy = torch.stack([square[..., p::8].mean((1, 2, 3)) for p in range(8)], 1) + 1e-6
        total = total + (energy / energy.mean(1, keepdim=True) - 1).square().mean(1) / 2
    return total


def neighbours(pictures, paintings, places=None, vectors=None):
    """Fidelity and coverage of each picture's places to those of its painting (neighbour_loss.h): of all places, or of
    samples. `pictures` and `paintings` are lists of maps NCHW, one a layer."""
    fidelity, coverage = 0, 0
    sample = lambda t, most: t if most is None or len(t) <= most else t[torch.randperm(len(t))[:most]]
    rows = lambda t: t.flatten(1).t()
    for f, s in zip(pictures, paintings):
        for picture, painting in zip(f, s):
            centre = rows(painting).mean(0)
            unit = lambda t: (t - centre) / (t - centre).norm(dim=1, keepdim=True).clamp(min=1e-3)
            u, v = unit(sample(rows(picture), places)), unit(sample(rows(painting), vectors))
            fidelity = fidelity + (1 - (u * v[nearest(u, v)]).sum(1)).mean() / len(pictures)
            coverage = coverage + (1 - (v * u[nearest(v, u)]).sum(1)).mean() / len(pictures)
    return fidelity, coverage


def loss_terms(r, loss_network, photo, out, photo_taps, target, identity, paintings=None, shallow=None,
               shallow_target=None):
    """Every term, unweighted, per batch; `identity` pictures (the first ones) have themselves as style. The others are
    compared with the layers of their `paintings`, where there are any. A shallow loss network takes over the style of
    the shallow depths, which is compared with its own target."""
    taps = loss_network.features(out)
    style = loss_network.style_loss(loss_network.style(taps), target, len(SHALLOW_CHANNELS) if shallow else 0)
    if shallow:
        style = style + shallow.style_loss(shallow.style(out), shallow_target)
    error = lambda a, b: (a - b).square().mean()
    near = [torch.zeros(())] * 2
    if paintings:
        seen = layers(loss_network.w, out[identity:], "conv3_4")
        near = neighbours(seen, paintings, r.get("places"), r.get("vectors"))
    return {
        "style": style.mean(),
        "content": loss_network.content_loss(taps, photo_taps).mean(),
        "neighbours": near[0] / len(out),
        "coverage": near[1] / len(out),
        "structure4": error(normalised(taps[3]), normalised(photo_taps[3])),
        "structure3": error(normalised(taps[2]), normalised(photo_taps[2])),
        "structure2": error(normalised(taps[1]), normalised(photo_taps[1])),
        "light": error(light(out), light(photo)),
        "calm": calm(out, photo).mean(),
        "grid": grid(out).mean(),
        "identity_pixels": (out[:identity] - photo[:identity]).abs().mean() * identity / len(out),
        "range": (F.relu(-out).square() + F.relu(out - 1).square()).mean(),
    }


@torch.no_grad()
def sheet(w, encoder, corpus, bank, path):
    """Held-out photographs (rows) in held-out styles (columns), the photograph first."""
    rows = []
    for picture in corpus.valid[0][:6]:
        x = torch.from_numpy(np.asarray(picture.resize((320, 240), Image.LANCZOS)).copy())
        x = x.permute(2, 0, 1)[None].float() / 255
        taps, row = encode(encoder, x, "conv4_1"), [x]
        for i in range(0, 30, 5):
            row.append(generate(w, taps, bank["valid.style"][i:i + 1], torch.ones(1)))
        rows.append(torch.cat(row, 3))
    a = torch.cat(rows, 2)[0].permute(1, 2, 0).clamp(0, 1).mul(255).round().byte().numpy()
    Image.fromarray(a).save(path, quality=92)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--shared", "--encoder", "--bank", "--recipe"):
        ap.add_argument(name, required=True)
    ap.add_argument("-o", "--output", required=True)
    ap.add_argument("--start", help="weights to start from instead of random ones")
    ap.add_argument("--shallow", action="store_true",
                    help="compare the style of shallow depths in the shallow loss network; needs a bank with its targets")
    ap.add_argument("--until", type=int, help="stop after this step")
    ap.add_argument("--threads", type=int, default=1)
    a = ap.parse_args()
    torch.set_num_threads(a.threads)
    r = json.load(open(a.recipe))
    corpus = Corpus([os.path.join(a.shared, "corpus", "photos")])
    paintings = Corpus([os.path.join(a.shared, "corpus", "paintings")]) if r["painting_size"] else None
    encoder, bank = load_weights(a.encoder), load_weights(a.bank)
    loss_network = LossNetwork.of_teacher(os.path.join(a.shared, "teachers"))
    shallow = ShallowLossNetwork.of_teacher(os.path.join(a.shared, "teachers")) if a.shallow else None
    w = new_generator(r["seed"])
    w["style.mean"], w["style.std"] = bank["train.style"].mean(0), bank["train.style"].std(0, unbiased=False) + 0.02
    if a.start:
        w.update(load_weights(a.start))
    average = {k: v.clone() for k, v in w.items()}
    trained = [k for k in sorted(w) if k not in FROZEN]
    for k in trained:
        w[k].requires_grad_()
    optimiser = torch.optim.Adam([w[k] for k in trained], lr=r["rate"], betas=(r["beta1"], r["beta2"]))
    checkpoint, first = a.output + ".checkpoint", 0
    if os.path.exists(checkpoint):
        state = torch.load(checkpoint)
        first, average = state["step"], state["average"]
        optimiser.load_state_dict(state["optimiser"])
        for k in trained:
            w[k].data.copy_(state["weights"][k])
    start, running, n, same = time.time(), {}, r["batch"], r["identity"]
    for step in range(first, a.until or r["steps"]):
        optimiser.param_groups[0]["lr"] = learning_rate(r, step)
        rng = np.random.default_rng((r["seed"], step))
        photo = corpus.batch(rng, n, r["size"], r["smallest_window"], r["largest_window"])
        chosen = torch.from_numpy(rng.integers(len(bank["train.style"]), size=n))
        detail = torch.ones(n)
        detail[r["full_detail"]:] = torch.from_numpy(rng.uniform(0, 1, n - r["full_detail"]).astype(np.float32))
        with torch.no_grad():
            taps, photo_taps = encode(encoder, photo, "conv4_1"), loss_network.features(photo)
            if paintings:
                painting = paintings.batch(rng, n, r["painting_size"], r["smallest_painting_window"],
                                           r["largest_painting_window"])
                painted = encode(encoder, painting, "conv4_1")
                style = statistics(painted)
                target = loss_network.style(loss_network.features(painting))
                shallow_target = shallow.style(painting) if shallow else None
                features = layers(loss_network.w, painting[same:], "conv3_4")
            else:
                style, target = bank["train.style"][chosen], bank["train.target"][chosen]
                shallow_target = bank["train.exact"][chosen] if shallow else None
                features = None
            style[:same], target[:same] = statistics(taps)[:same], loss_network.style(photo_taps)[:same]
            if shallow and same:
                shallow_target[:same] = shallow.style(photo[:same])
            for i in range(same, n):
                if paintings and rng.random() < r["swap"]:
                    patches = {depth: take_patches(painted[depth - 1][i:i + 1], SWAP_PATCHES) for depth in SWAP_SHARES}
                    mixed = swap_taps([t[i:i + 1] for t in taps], patches)
                    for t, swapped in zip(taps, mixed):
                        t[i:i + 1] = swapped
        out = generate(w, taps, style, detail)
        terms = loss_terms(r, loss_network, photo, out, photo_taps, target, same, features, shallow, shallow_target)
        optimiser.zero_grad()
        sum(r[k] * v for k, v in terms.items()).backward()
        optimiser.step()
        keep = min(r["average"], (1 + step) / (10 + step))
        with torch.no_grad():
            for k in trained:
                average[k].lerp_(w[k].detach(), 1 - keep)
        for k, v in terms.items():
            running[k] = running.get(k, 0) + v.item() / 50
        if (step + 1) % 50 == 0:
            print("step %5d  %.2f s  rate %.6f  " % (step + 1, (time.time() - start) / (step + 1 - first), learning_rate(r, step)),
                  "  ".join("%s %.4f" % t for t in running.items()), flush=True)
            running = {}
        if (step + 1) % 1000 == 0 or step + 1 == r["steps"]:
            torch.save({"step": step + 1, "weights": {k: w[k].detach() for k in trained}, "average": average,
                        "optimiser": optimiser.state_dict()}, checkpoint + ".part")
            os.replace(checkpoint + ".part", checkpoint)
            safetensors.save(a.output, {k: v.numpy() for k, v in average.items()},
                             {"network": "pastiche-generator", "steps": step + 1})
            sheet(average, encoder, corpus, bank, "%s.%06d.jpg" % (a.output, step + 1))


if __name__ == "__main__":
    main()
