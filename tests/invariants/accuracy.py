#!/usr/bin/python3
"""Hold paintings of every CPU path against the same network in float64 (PyTorch).

    accuracy.py PROGRAM DATA LEVELS [PHOTO...]

PROGRAM is accuracy.c, DATA the data folder, LEVELS the kernels to use, as in "reference,avx2". Photographs are painted
beside the samples, in a flat style and in one with grain. In units of 1/255, no value may be off by more than 2, nor all by
more than 0.1 on average.
"""
import os
import subprocess
import sys
import tempfile

import numpy as np
import torch
import torch.nn.functional as F

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools", "pytorch"))
from networks import encode, generate, load_weight_delta, load_weights, statistics

from grain import deviation_for, grain

LARGEST, MEAN = 2.0, 0.1
CASES = [("lake", "great-wave", 603, 401), ("street", "composition-vii", 320, 500), ("still_life", "de-stijl", 480, 480),
         ("lake", "starry-night", 333, 251)]
# Plain C is slow: small pictures.
SMALL_CASES = [("street", "great-wave", 100, 75), ("lake", "starry-night", 75, 100)]


def target(generator, content, style):
    """Statistics between those of the photograph and the style: as pst_generator_target() at full strength."""
    deviations = style.shape[1] // 2
    standardised = ((style - generator["style.mean"]) / generator["style.std"]).clamp(-8, 8)
    share = (standardised[:, deviations:].mean() - 0.6).clamp(0, 1)
    return content + (0.94 + 0.06 * share) * (style - content)


@torch.no_grad()
def reference(encoder, generator, delta, photo, style):
    generator = {name: value + delta[name].double() if name in delta else value for name, value in generator.items()}
    height, width = photo.shape[:2]
    x = torch.from_numpy(photo.astype(np.float64)).permute(2, 0, 1)[None]
    x = F.pad(x, (0, -width % 8, 0, -height % 8), mode="reflect")
    x = x + torch.from_numpy(grain(photo.astype(np.float64), deviation_for(style), *x.shape[2:]))
    taps = encode(encoder, x, "conv4_1")
    moved = target(generator, statistics(taps), torch.from_numpy(style.astype(np.float64))[None])
    out = generate(generator, taps, moved, torch.ones(1, dtype=torch.float64))
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
        style_file = os.path.join(data, "styles", style + ".style")
        with tempfile.TemporaryDirectory() as folder:
            output = os.path.join(folder, "painting")
            subprocess.run([program, *paths, samples.get(picture, picture),
                            style_file, str(width), str(height), output],
                           check=True, env={**os.environ, "PASTICHE_CPU": cpu})
            values = np.fromfile(output, np.float32, offset=8)
        n = 3 * width * height
        photo, painted = (v.reshape(height, width, 3) for v in (values[:n], values[n + 480:]))
        key = (picture, style, width, height)
        if key not in known:
            known[key] = reference(encoder, generator, load_weight_delta(style_file), photo, values[n:n + 480])
        error = np.abs(painted - known[key]) * 255
        good = error.max() <= LARGEST and error.mean() <= MEAN
        failed |= not good
        print("%sok %d %s %s %s %dx%d # largest %.3f, mean %.4f of 1/255" % ("" if good else "not ", i + 1, cpu, picture,
              style, width, height, error.max(), error.mean()), flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
