#!/usr/bin/python3
"""Hold paintings of every CPU path against the same network in float64 (PyTorch).

    accuracy.py PROGRAM DATA [PHOTO...]

PROGRAM is accuracy.c, DATA the data folder. Photographs are painted beside the samples, in a flat style and in one with grain. In units of 1/255, no value may be off by more than 2, nor all by more than
0.1 on average.
"""
import os
import subprocess
import sys
import tempfile

import numpy as np
import torch
import torch.nn.functional as F

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "engine", "training", "pytorch"))
from networks import encode, generate, load_weights

LARGEST, MEAN = 2.0, 0.1
# Plain C is slow: one small picture.
CASES = [(cpu, *case) for cpu in ("avx512", "avx2") for case in (("lake", "great-wave", 603, 401),
                                                                 ("street", "composition-vii", 320, 500),
                                                                 ("still_life", "de-stijl", 480, 480),
                                                                 ("lake", "starry-night", 333, 251))]
CASES.append(("reference", "street", "great-wave", 100, 75))


def grain(style, height, width):
    """[height][width]: what is added to a photograph for a style, see engine/transfer/grain.h."""
    means, deviations = style[:240].astype(np.float64), style[240:].astype(np.float64)
    steady, strong = (means / np.maximum(deviations, 1e-6))[48:112].mean(), np.linalg.norm(deviations[16:48])
    most, step = 3 / 255 * np.clip((steady - 0.80) / 0.08, 0, 1) * np.clip((strong - 2.5) / 3.5, 0, 1), 4
    row, column = (np.arange(n, dtype=np.uint32) for n in (height // step + 2, width // step + 2))
    h = row[:, None] * np.uint32(0x9E3779B1) ^ column[None] * np.uint32(0x85EBCA77)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)):
        h = (h ^ h >> np.uint32(shift)) * np.uint32(factor)
    numbers = h.astype(np.int32) / 2 ** 31
    (y, ty), (x, tx) = ((np.arange(n) // step, np.arange(n) % step / step) for n in (height, width))
    ty, tx = (t * t * (3 - 2 * t) for t in (ty[:, None], tx[None]))
    above, below = ((1 - tx) * numbers[rows][:, x] + tx * numbers[rows][:, x + 1] for rows in (y, y + 1))
    return most * 3 ** 0.5 * 35 / 26 * ((1 - ty) * above + ty * below)


@torch.no_grad()
def reference(encoder, generator, photo, style):
    height, width = photo.shape[:2]
    x = torch.from_numpy(photo.astype(np.float64)).permute(2, 0, 1)[None]
    x = F.pad(x, (0, -width % 8, 0, -height % 8), mode="reflect")
    x = x + torch.from_numpy(grain(style, *x.shape[2:]))
    out = generate(generator, encode(encoder, x, "conv4_1"), torch.from_numpy(style.astype(np.float64))[None],
                   torch.ones(1, dtype=torch.float64))
    return out[0, :, :height, :width].permute(1, 2, 0).clamp(0, 1).numpy()


def main():
    program, data, *photos = sys.argv[1:]
    samples = {name: os.path.join(data, "samples", name + ".jpg") for name in ("lake", "street", "still_life")}
    cases = CASES + [(cpu, photo, style, 480, 360) for photo in photos for style in ("great-wave", "starry-night")
                     for cpu in ("avx512", "avx2")]
    torch.set_num_threads(1)
    paths = [os.path.join(data, name) for name in ("encoder.safetensors", "base.safetensors")]
    encoder, generator = ({k: v.double() for k, v in load_weights(path).items()} for path in paths)
    known, failed = {}, False
    print("1..%d" % len(cases))
    for i, (cpu, picture, style, width, height) in enumerate(cases):
        with tempfile.TemporaryDirectory() as folder:
            output = os.path.join(folder, "painting")
            subprocess.run([program, *paths, samples.get(picture, picture),
                            os.path.join(data, "styles", style + ".style"), str(width), str(height), output],
                           check=True, env={**os.environ, "PASTICHE_CPU": cpu})
            values = np.fromfile(output, np.float32, offset=8)
        n = 3 * width * height
        photo, painted = (v.reshape(height, width, 3) for v in (values[:n], values[n + 480:]))
        key = (picture, style, width, height)
        if key not in known:
            known[key] = reference(encoder, generator, photo, values[n:n + 480])
        error = np.abs(painted - known[key]) * 255
        good = error.max() <= LARGEST and error.mean() <= MEAN
        failed |= not good
        print("%sok %d %s %s %s %dx%d # largest %.3f, mean %.4f of 1/255" % ("" if good else "not ", i + 1, cpu, picture,
              style, width, height, error.max(), error.mean()), flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
