#!/usr/bin/python3
"""Make the fixture of refine.c: what PyTorch makes of a few steps of refinement (engine/refine/refine.h).

    refine.py ENCODER OUTPUT

Every place of the painting is a style vector, so nothing is drawn at random.
"""
import os
import sys

import torch
import torch.nn.functional as F

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools", "pytorch"))
import safetensors
from networks import layers, load_weights, nearest
from pictures import channels_last, picture

EPSILON = 1e-5
CONTENTS = {4: 1, 8: 0.6, 11: 0.3}  # weights of relu3_1, relu4_1, relu4_4


def halved(x):
    return F.avg_pool2d(x, 2)


def doubled(x):
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)


def pyramid(x):
    levels = []
    while min(x.shape[2:]) >= 8:
        small = halved(x)
        levels.append(x - doubled(small))
        x = small
    return levels + [x]


def collapsed(levels):
    x = levels[-1]
    for level in reversed(levels[:-1]):
        x = level + doubled(x)
    return x


def rows(f):
    return f.permute(0, 2, 3, 1).reshape(-1, f.shape[1])


def unit(a):
    return a / a.norm(dim=1, keepdim=True).clamp(min=1e-3)


def normalised(f):
    return (f - f.mean((2, 3), keepdim=True)) / (f.var((2, 3), keepdim=True, unbiased=False) + EPSILON).sqrt()


def deviation(a):
    return (a.var(0, unbiased=False) + EPSILON).sqrt()


def box(x, reach):
    """Means over places of 2x2 pixels and `reach` pixels around them, of what there is there."""
    side = 2 + 2 * reach
    sums = [F.avg_pool2d(F.pad(v, (reach,) * 4), side, 2, divisor_override=1) for v in (x, torch.ones_like(x))]
    return sums[0] / sums[1]


def saliency(f):
    """Of relu3_1: centre against surround (engine/refine/saliency.h)."""
    sums = [F.avg_pool2d(F.pad(v, (1,) * 4), 3, 1, divisor_override=1) for v in (f, torch.ones_like(f))]
    energy = (f - sums[0] / sums[1]).square().sum(1, keepdim=True).sqrt()
    ratio = (box(energy, 2) / (box(energy, 12) + energy.mean() / 4)).square()
    return ratio / ratio.mean()


def layer_terms(seen, style, content, shares):
    near = apart = moments = 0
    for number, (f, s) in enumerate(zip(seen, style)):
        share = 1.3 if number < 8 else 1  # strokes are seen in the first three blocks
        a, centre = rows(f), s.mean(0)
        u, v = unit(a - centre), unit(s - centre)
        found = nearest(u, v)
        variance = (deviation(s) ** 2).sum()
        near = near + share * (1 - (u * v[found]).sum(1)).mean()
        apart = apart + ((a - s[found]) ** 2).sum(1).mean() / variance
        moments = moments + (((a.mean(0) - centre) ** 2).sum() + ((deviation(a) - deviation(s)) ** 2).sum()) / variance
    kept = sum(w * (s * (normalised(seen[n]) - c).square()).mean()
               for (n, w), s, c in zip(CONTENTS.items(), shares, content))
    return near, apart, moments, kept


def refined(encoder, now, photo, painting, weights, steps, rate):
    with torch.no_grad():
        style = [rows(f) for f in layers(encoder, painting)]
        seen = layers(encoder, collapsed(photo))
        content, coarse = [normalised(seen[n]) for n in CONTENTS], saliency(seen[4])
        shares = [F.interpolate(coarse, seen[n].shape[2:], mode="nearest") for n in CONTENTS]
    variables = [level.clone().requires_grad_() for level in now]
    adam = torch.optim.Adam(variables, lr=rate)
    for _ in range(steps):
        adam.zero_grad()
        terms = layer_terms(layers(encoder, collapsed(variables)), style, content, shares)
        sum(w * t for w, t in zip(weights, terms)).backward()
        adam.step()
    return [level.detach() for level in variables]


def main():
    path, output = sys.argv[1:]
    torch.set_num_threads(1)
    encoder = load_weights(path)
    photo, painting, start = picture(1, 64, 96), picture(2, 48, 32), picture(3, 64, 96)
    of_photo, now = pyramid(photo), pyramid(start)
    weights = (1, 0.1, 0.3, 0.5)
    now[1:] = refined(encoder, now[1:], of_photo[1:], halved(painting), weights, 3, 4e-3)
    now = refined(encoder, now, of_photo, painting, weights, 3, 4e-3)
    safetensors.save(output, {"photo": channels_last(photo), "painting": channels_last(painting), "start": channels_last(start),
                              "refined": channels_last(collapsed(now))})


if __name__ == "__main__":
    main()
