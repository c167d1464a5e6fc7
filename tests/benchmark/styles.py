#!/usr/bin/python3
"""The floors of the space of styles, on artworks that were held out of everything (every fifth of the bank).

    styles.py PASTICHE BENCHMARK-STYLES [--rows ROWS --pretrain PASTICHE-PRETRAIN] [--paintings N]

Reconstruction: the error of the autoencoder and of as many principal components, in standardised statistics, and between
pictures painted in the reconstructed style and in the artwork's own. Samples: how well classifiers that have not seen them
tell invented styles from artworks; with style rows (docs/training.md) also for a space trained without the adversary. Words:
captions, names, and colour words on three photographs. Needs Debian's python3-torch, python3-numpy and python3-pil.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import torch
from PIL import Image

from floors import judge

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "tools", "pytorch"))
import safetensors
from style_space import Space

DATA = os.path.join(ROOT, "data")
PHOTOS = ("lake.jpg", "still_life.jpg", "street.jpg")
COLOURS = {"red": (208, 32, 32), "orange": (232, 120, 24), "yellow": (240, 208, 32), "gold": (208, 160, 48),
           "green": (48, 144, 64), "olive": (112, 112, 44), "turquoise": (32, 176, 176), "blue": (40, 88, 192),
           "navy": (24, 40, 96), "violet": (120, 56, 168), "pink": (232, 136, 168), "brown": (120, 74, 40)}
SIZE = "320"
DRAWS = 5  # of samples and classifiers, over which accuracies are averaged


class Principal:
    """Principal components of rows; without a count all of them."""

    def __init__(self, rows, count=None):
        self.mean = rows.mean(0)
        _, values, axes = np.linalg.svd(rows - self.mean, full_matrices=False)
        self.axes, self.deviations = axes[:count], values[:count] / np.sqrt(len(rows))

    def reconstruct(self, x):
        return ((x - self.mean) @ self.axes.T @ self.axes + self.mean).astype(np.float32)

    def draw(self, n, seed):
        rng = np.random.default_rng(seed)
        return (self.mean + rng.standard_normal((n, len(self.axes))) * self.deviations @ self.axes).astype(np.float32)


def nearest_neighbour(real, drawn):
    """Leave-one-out accuracy of the nearest neighbour on both together (Lopez-Paz and Oquab, ICLR 2017)."""
    x = np.concatenate([real, drawn])
    squares = (x ** 2).sum(1)
    distances = squares[:, None] + squares[None] - 2 * x @ x.T
    np.fill_diagonal(distances, np.inf)
    label = np.arange(len(x)) >= len(real)
    return (label == label[distances.argmin(1)]).mean()


def classifier(real, drawn, other_real, other_drawn, seed):
    """Accuracy on the second pair of a small network trained on the first."""
    torch.manual_seed(seed)
    x = torch.from_numpy(np.concatenate([real, drawn]))
    y = torch.cat([torch.zeros(len(real)), torch.ones(len(drawn))])
    net = torch.nn.Sequential(torch.nn.Linear(x.shape[1], 32), torch.nn.SiLU(), torch.nn.Linear(32, 1))
    adam = torch.optim.AdamW(net.parameters(), 1e-3, weight_decay=0.1)
    for _ in range(300):
        batch = torch.randint(0, len(x), (128,))
        loss = torch.nn.functional.binary_cross_entropy_with_logits(net(x[batch])[:, 0], y[batch])
        adam.zero_grad()
        loss.backward()
        adam.step()
    with torch.no_grad():
        right = (net(torch.from_numpy(other_real)) < 0).float().mean() + (net(torch.from_numpy(other_drawn)) > 0).float().mean()
    return right.item() / 2


def tell_apart(draw, trained, held_out):
    """(nearest neighbour, network), each averaged over draws."""
    results = []
    for seed in range(DRAWS):
        learn, test = draw(len(trained), 2 * seed + 1), draw(len(held_out), 2 * seed + 2)
        results.append((nearest_neighbour(held_out, test), classifier(trained, learn, held_out, test, seed)))
    return tuple(np.mean(results, 0))


def paint(program, photo, words, output):
    subprocess.run([program, "stylize", photo, "--size", SIZE, "-o", output, "--on-conflict", "overwrite", *words], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def write_style(path, statistics):
    safetensors.save(path, {"statistics": statistics.astype(np.float32)}, {"format": "pastiche-style-1", "name": "x"})


def statistics_of(program, picture, folder):
    path = os.path.join(folder, "made.style")
    subprocess.run([program, "style", "make", picture, "--no-thumbnail", "-o", path, "--on-conflict", "overwrite"], check=True,
                   stdout=subprocess.DEVNULL)
    return safetensors.load(path)[0]["statistics"]


def painted_errors(program, space, x, reconstructions):
    """Mean squared differences of standardised statistics to the picture painted in the artwork's own style."""
    errors = np.zeros(len(reconstructions))
    photo = os.path.join(DATA, "samples", PHOTOS[0])
    with tempfile.TemporaryDirectory() as folder:
        style, picture = os.path.join(folder, "x.style"), os.path.join(folder, "x.png")
        for i in range(len(x)):
            seen = []
            for row in (x, *reconstructions):
                write_style(style, space.restore(row[i:i + 1])[0])
                paint(program, photo, ["--style", style], picture)
                seen.append(space.standardise(statistics_of(program, picture, folder)[None])[0])
            errors += [((s - seen[0]) ** 2).mean() for s in seen[1:]]
    return errors / len(x)


def chroma(rgb):
    """OKLab a and b of sRGB in 0..1; Ottosson 2020."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    lms = np.cbrt(linear @ np.array([[0.4122214708, 0.2119034982, 0.0883024619], [0.5363325363, 0.6806995451, 0.2817188376],
                                     [0.0514459929, 0.1073969566, 0.6299787005]]))
    return lms @ np.array([[1.9779984951, 0.0259040371], [-2.4285922050, 0.7827717662], [0.4505937099, -0.8086757660]])


def hues(program):
    """The share of colour words and photographs in which the painting's mean colour lies further in the word's direction than
    the photograph's, and those in which it doesn't."""
    missed = []
    with tempfile.TemporaryDirectory() as folder:
        for name in PHOTOS:
            photo, picture = os.path.join(DATA, "samples", name), os.path.join(folder, "x.png")
            before = chroma(np.asarray(Image.open(photo).convert("RGB"), np.float64).reshape(-1, 3) / 255).mean(0)
            for word, colour in COLOURS.items():
                paint(program, photo, ["--words", word], picture)
                after = chroma(np.asarray(Image.open(picture).convert("RGB"), np.float64).reshape(-1, 3) / 255).mean(0)
                if (after - before) @ chroma(np.array(colour) / 255) <= 0:
                    missed.append(f"{word} {name}")
    total = len(PHOTOS) * len(COLOURS)
    return 100 * (total - len(missed)) / total, missed


def without_adversary(rows, pretrain):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "space.safetensors")
        subprocess.run([pretrain, "space", "--rows", rows, "--adversary", "0", "-o", path], check=True,
                       stdout=subprocess.DEVNULL)
        return Space(path)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("words")
    parser.add_argument("--rows")
    parser.add_argument("--pretrain")
    parser.add_argument("--paintings", type=int, default=12)
    arguments = parser.parse_args()
    os.environ["PASTICHE_DATA"] = DATA
    torch.set_num_threads(1)

    space = Space(os.path.join(DATA, "space.safetensors"))
    x = space.standardise(safetensors.load(os.path.join(DATA, "bank.safetensors"))[0]["statistics"].astype(np.float64))
    held = np.arange(len(x)) % 5 == 4
    trained, held_out = x[~held], x[held]
    principal, everything = Principal(trained, space.latent), Principal(trained, space.latent + len(space.tensors["rest"]))
    met = True

    ours, linear = (space.reconstruct(held_out), principal.reconstruct(held_out))
    errors = [((y - held_out) ** 2).mean() for y in (ours, linear)]
    print(f"{len(held_out)} artworks held out, codes of {space.latent} numbers")
    print(f"error of statistics: {errors[0]:.4f}, of principal components {errors[1]:.4f}")
    met &= judge("less than principal components, %", 100 * (1 - errors[0] / errors[1]), 10)
    some = np.linspace(0, len(held_out) - 1, arguments.paintings).astype(int)
    painted = painted_errors(arguments.program, space, held_out[some], [ours[some], linear[some]])
    print(f"error of pictures painted in {len(some)} of them: {painted[0]:.4f}, of principal components {painted[1]:.4f}")
    met &= judge("less than principal components, %", 100 * (1 - painted[0] / painted[1]), 10)

    models = {"the space": space.draw, "principal components, normal": principal.draw,
              "the same with a rest": everything.draw}
    if arguments.rows and arguments.pretrain:
        models["the space without the adversary"] = without_adversary(arguments.rows, arguments.pretrain).draw
    for name, draw in models.items():
        accuracies = tell_apart(draw, trained, held_out)
        print(f"told from artworks, {name}: nearest neighbour {100 * accuracies[0]:.1f} %, network {100 * accuracies[1]:.1f} %")
        if draw == space.draw:
            met &= judge("nearest neighbour, %", 100 * accuracies[0], 60, most=True)
            met &= judge("network, %", 100 * accuracies[1], 60, most=True)

    words = json.loads(subprocess.run([arguments.words], check=True, capture_output=True, text=True).stdout)
    print(f"{words['captions']} captions; of the nearest artwork {words['of the nearest artwork']:.1f}, "
          f"of the mean of all artworks {words['of the mean of all']:.1f}")
    met &= judge("percentile of captions", words["percentile"], 85)
    print("not found:", ", ".join(words["not found"]) or "none")
    met &= judge("names found, %", 100 * words["found"] / words["names"], 90)
    share, missed = hues(arguments.program)
    print("not moved:", ", ".join(missed) or "none")
    met &= judge("colour words, %", share, 95)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
