#!/usr/bin/python3
"""Hold paintings of every CPU path against the same network in float64 (PyTorch).

    accuracy.py PROGRAM DATA LEVELS [PHOTO...]

PROGRAM is accuracy.c, DATA the data folder, LEVELS the kernels to use, as in "reference,avx2". Photographs are painted
beside the samples, in a flat style and in one with grain, and a sample in the style of another, with its patches. In
units of 1/255, no value may be off by more than 2, nor all by more than 0.1 on average. Where patches are as near as each other, it is chance which is
taken: with patches one value in two hundred may be off by more.
"""
import os
import subprocess
import sys
import tempfile

import numpy as np
import torch
import torch.nn.functional as F

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools", "pytorch"))
import safetensors
from networks import SWAP_SHARES, encode, generate, load_weight_delta, load_weights, statistics, swap_taps

from grain import deviation_for, grain

LARGEST, MEAN = 2.0, 0.1
CASES = [("lake", "great-wave", 603, 401), ("street", "composition-vii", 320, 500), ("still_life", "de-stijl", 480, 480),
         ("lake", "starry-night", 333, 251), ("street", "still_life", 325, 243)]
# Plain C is slow: small pictures.
SMALL_CASES = [("street", "great-wave", 100, 75), ("lake", "starry-night", 75, 100), ("street", "lake", 75, 60)]


def target(generator, content, style):
    """Statistics between those of the photograph and the style: as pst_generator_target() at full strength."""
    deviations = style.shape[1] // 2
    standardised = ((style - generator["style.mean"]) / generator["style.std"]).clamp(-8, 8)
    share = (standardised[:, deviations:].clamp(min=0).square().mean().sqrt() - 1.1) / 0.5
    way = 0.906 + 0.149 * share.clamp(0, 1)
    moved = content + way * (style - content)
    if way > 1:
        moved[:, deviations:] = moved[:, deviations:].maximum(0.1 * style[:, deviations:])
    return moved


def load_patches(path):
    """The patches of a style file (engine/style/style_patches.h), standardised."""
    tensors, patches, at, first = safetensors.load(path)[0], {}, 0, 0
    for (depth, channels), count in zip(((3, 64), (4, 128)), tensors["patches.counts"].astype(int)):
        values = tensors["patches.values"][at:at + count * 9 * channels].astype(np.float64) - 128
        values = values.reshape(count, 9, channels) * tensors["patches.scales"][first:first + count, None, None]
        patches[depth] = torch.from_numpy(values.transpose(0, 2, 1).reshape(count, -1))
        at, first = at + count * 9 * channels, first + count
    return patches


def load_correction(path):
    """The correction of a style file (engine/style/calibration.h); None: it has none."""
    correction = safetensors.load(path)[0].get("correction")
    return None if correction is None else torch.from_numpy(correction.astype(np.float64))


@torch.no_grad()
def reference(encoder, generator, delta, photo, style, patches, correction):
    generator = {name: value + delta[name].double() if name in delta else value for name, value in generator.items()}
    height, width = photo.shape[:2]
    x = torch.from_numpy(photo.astype(np.float64)).permute(2, 0, 1)[None]
    x = F.pad(x, (0, -width % 8, 0, -height % 8), mode="reflect")
    x = x + torch.from_numpy(grain(photo.astype(np.float64), deviation_for(style), *x.shape[2:]))
    taps = swap_taps(encode(encoder, x, "conv4_1"), patches)
    moved = target(generator, statistics(taps), torch.from_numpy(style.astype(np.float64))[None])
    out = generate(generator, taps, moved, torch.ones(1, dtype=torch.float64), correction)
    return out[0, :, :height, :width].permute(1, 2, 0).clamp(0, 1).numpy()


def main():
    program, data, levels, *photos = sys.argv[1:]
    samples = {name: os.path.join(data, "samples", name + ".jpg") for name in ("lake", "street", "still_life")}
    large = CASES + [(photo, style, 480, 360) for photo in photos for style in ("great-wave", "starry-night")]
    cases = [(cpu, *case) for cpu in levels.split(",") for case in (SMALL_CASES if cpu == "reference" else large)]
    torch.set_num_threads(1)
    paths = [os.path.join(data, name) for name in ("encoder.safetensors", "base.safetensors")]
    encoder, generator = ({k: v.double() for k, v in load_weights(path).items()} for path in paths)
    known, failed = {}, False
    print("1..%d" % len(cases))
    for i, (cpu, picture, style, width, height) in enumerate(cases):
        own = os.path.join(data, "styles", style + ".style")
        with tempfile.TemporaryDirectory() as folder:
            output = os.path.join(folder, "painting")
            subprocess.run([program, *paths, samples.get(picture, picture),
                            samples.get(style, own), str(width), str(height), output],
                           check=True, env={**os.environ, "PASTICHE_CPU": cpu})
            values = np.fromfile(output, np.float32, offset=8)
            delta, patches = ({}, load_patches(output + ".style")) if style in samples else (load_weight_delta(own), {})
            correction = load_correction(output + ".style" if style in samples else own)
        n = 3 * width * height
        photo, painted = (v.reshape(height, width, 3) for v in (values[:n], values[n + 480:]))
        key = (picture, style, width, height)
        if key not in known:
            known[key] = reference(encoder, generator, delta, photo, values[n:n + 480], patches,
                                   correction)
        error = np.abs(painted - known[key]) * 255
        largest = np.quantile(error, 0.995) if style in samples else error.max()
        good = largest <= LARGEST and error.mean() <= MEAN
        failed |= not good
        print("%sok %d %s %s %s %dx%d # largest %.3f, mean %.4f of 1/255" % ("" if good else "not ", i + 1, cpu, picture,
              style, width, height, largest, error.mean()), flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
