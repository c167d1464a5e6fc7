#!/usr/bin/python3
"""Time refinement beside PyTorch, in one run.

    refine.py PROGRAM ENCODER [--sizes 768x512,1224x816] [--threads 2] [--steps 6] [--speed-only]

PROGRAM is refine.c. The peer takes the same kind of steps as engine/refine/layer_loss.h on the same network and picture, written as one
would for a paper: at each step 4,096 places of each layer against 4,096 of the painting's, means and deviations, content, Adam
on a Laplacian pyramid. Steps of both are timed in processor seconds, all threads together, which a busy machine disturbs less;
then a whole painting by the default settings, against its floor. Needs python3-torch, python3-pil.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile
import time

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools", "pytorch"))
from networks import layers, load_weights

# Of PyTorch's processor seconds for the same steps; and seconds of a whole painting on two processors with AVX-512.
TIMES_FLOOR = 8
SECONDS_FLOORS = {"768x512": 10, "1224x816": 25}


def picture(seed, width, height):
    """Smooth blobs with edges and some noise."""
    rng = np.random.default_rng(seed)
    layers = [F.interpolate(torch.from_numpy(rng.random((1, 3, n, n), np.float32)), (height, width), mode="bicubic",
                            align_corners=False) for n in (3, 9, 65)]
    x = 0.5 * layers[0] + 0.3 * (layers[1] > 0.5) + 0.2 * layers[2]
    return x.clamp(0, 1)


def save(x, path):
    Image.fromarray((x[0].permute(1, 2, 0).numpy() * 255 + 0.5).astype("uint8")).save(path)


class Pytorch:
    def __init__(self, encoder, photo, painting):
        self.encoder = load_weights(encoder)
        self.g = torch.Generator().manual_seed(0)
        with torch.no_grad():
            self.style = [self.rows(f) for f in layers(self.encoder, painting)]
            self.content = layers(self.encoder, photo)
        self.means, self.deviations = [s.mean(0) for s in self.style], [s.std(0) for s in self.style]
        self.variables = [t.clone().requires_grad_() for t in self.pyramid(photo)]
        self.adam = torch.optim.Adam(self.variables, lr=4e-3)

    @staticmethod
    def rows(f):
        return f.permute(0, 2, 3, 1).reshape(-1, f.shape[1])

    @staticmethod
    def pyramid(x):
        out = []
        while min(x.shape[2:]) >= 8:
            small = F.avg_pool2d(x, 2)
            out.append(x - F.interpolate(small, x.shape[2:], mode="bilinear", align_corners=False))
            x = small
        return out + [x]

    def near(self, f, style, centre):
        a, b = self.rows(f), style
        a = a[torch.randperm(len(a), generator=self.g)[:4096]]
        b = b[torch.randperm(len(b), generator=self.g)[:4096]]
        return (1 - (F.normalize(a - centre, dim=1) @ F.normalize(b - centre, dim=1).t()).max(1)[0]).mean()

    def step(self):
        normalised = lambda f: (f - f.mean((2, 3), keepdim=True)) / (f.var((2, 3), keepdim=True) + 1e-5).sqrt()
        self.adam.zero_grad()
        x = self.variables[-1]
        for level in reversed(self.variables[:-1]):
            x = level + F.interpolate(x, level.shape[2:], mode="bilinear", align_corners=False)
        seen, loss = layers(self.encoder, x), 0
        for f, s, m, d in zip(seen, self.style, self.means, self.deviations):
            a = self.rows(f)
            loss = loss + self.near(f, s, m)
            loss = loss + 0.3 * (((a.mean(0) - m) ** 2).mean() + ((a.std(0) - d) ** 2).mean()) / (d ** 2).mean()
        for layer, weight in ((8, 0.5), (11, 0.25)):
            loss = loss + weight * F.mse_loss(normalised(seen[layer]), normalised(self.content[layer]))
        loss.backward()
        self.adam.step()

    def seconds(self, steps):
        self.step()
        spent = time.process_time()
        for _ in range(steps):
            self.step()
        return (time.process_time() - spent) / steps


def ours(program, encoder, paths, size, threads, more):
    command = [program, "--encoder", encoder, "--size", str(min(size)), "--threads", str(threads)] + more + paths
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    match = re.search(r"refinement ([0-9.]+) s of a processor  ([0-9.]+) s in all", out)
    return float(match[1]), float(match[2])


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("program")
    ap.add_argument("encoder")
    ap.add_argument("--sizes", default="768x512,1224x816")
    ap.add_argument("--threads", type=int, default=os.cpu_count())
    ap.add_argument("--steps", type=int, default=6)
    ap.add_argument("--speed-only", action="store_true")
    a = ap.parse_args()
    torch.set_num_threads(1)
    failed = False
    for name in a.sizes.split(","):
        size = [int(n) for n in name.split("x")]
        photo, painting = picture(1, *size), picture(2, *size)
        with tempfile.TemporaryDirectory() as folder:
            paths = [os.path.join(folder, n) for n in ("photo.png", "photo.png", "painting.png", "out.png")]
            save(photo, paths[0])
            save(painting, paths[2])
            peer = Pytorch(a.encoder, photo, painting).seconds(max(1, a.steps // 3))
            # What is not a step, the first search among it, is in both and falls out.
            few, many = (ours(a.program, a.encoder, paths, size, 1, ["--steps", str(n)])[0]
                         for n in (1, 1 + a.steps))
            step = (many - few) / a.steps
            floor = "" if peer / step >= TIMES_FLOOR else "  BELOW %d" % TIMES_FLOOR
            print("%-10s a step: %.3f s of a processor, PyTorch %.3f s, %.1f times%s" % (name, step, peer, peer / step, floor),
                  flush=True)
            failed |= bool(floor)
            if not a.speed_only:
                spent, wall = ours(a.program, a.encoder, paths, size, a.threads, [])
                limit = SECONDS_FLOORS.get(name)
                print("%-10s a painting: %.1f s, %.1f s of a processor%s" %
                      (name, wall, spent, "; on two with AVX-512 at most %d s" % limit if limit else ""), flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
