"""The networks of the project in PyTorch, and the teachers they learn from."""
import os

import numpy as np
import torch
import torch.nn.functional as F

import safetensors

# (name, input channels, output channels); None is a 2x2 max pooling
ENCODER = [("conv1_1", 3, 16), ("conv1_2", 16, 16), None,
           ("conv2_1", 16, 32), ("conv2_2", 32, 32), None,
           ("conv3_1", 32, 64), ("conv3_2", 64, 64), ("conv3_3", 64, 64), ("conv3_4", 64, 64), None,
           ("conv4_1", 64, 128), ("conv4_2", 128, 128), ("conv4_3", 128, 128), ("conv4_4", 128, 128), None,
           ("conv5_1", 128, 128)]
TAPS = ("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1")
TEACHER_CHANNELS = (64, 128, 256, 512, 512)


def conv3x3(weights, name, x):
    """3x3 convolution with reflection padding of one pixel, no activation."""
    return F.conv2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), weights[name + ".weight"], weights[name + ".bias"])


def encode(weights, x, last="conv5_1"):
    """relu1_1 .. relu5_1 (or up to `last`) of RGB pictures in 0..1, NCHW."""
    taps = []
    for layer in ENCODER:
        if layer is None:
            x = F.max_pool2d(x, 2)
            continue
        x = F.relu(conv3x3(weights, layer[0], x))
        if layer[0] in TAPS:
            taps.append(x)
        if layer[0] == last:
            break
    return taps


def kaiming(rng, out, inp, side, gain=2.0):
    w = rng.standard_normal((out, inp, side, side)) * np.sqrt(gain / (inp * side * side))
    return torch.from_numpy(w.astype(np.float32))


def new_encoder(seed):
    """Random weights of an encoder and of the 1x1 maps from its taps to the teachers' features."""
    rng, w = np.random.default_rng(seed), {}
    for layer in filter(None, ENCODER):
        w[layer[0] + ".weight"] = kaiming(rng, layer[2], layer[1], 3)
        w[layer[0] + ".bias"] = torch.zeros(layer[2])
    for tap, channels in zip(TAPS, TEACHER_CHANNELS):
        width = next(l[2] for l in ENCODER if l and l[0] == tap)
        w[tap + "_up.weight"] = kaiming(rng, channels, width, 1, 1.0)
        w[tap + "_up.bias"] = torch.ones(channels)
    return w


def load_weights(path):
    return {k: torch.from_numpy(v) for k, v in safetensors.load(path)[0].items()}


class Teacher:
    """relu1_1, 2_1, 3_1 of the exact normalised VGG-19; relu4_1, 5_1 of its distilled net through its 1x1 maps."""

    def __init__(self, folder):
        read = lambda name: {k: torch.from_numpy(v) for k, v in np.load(os.path.join(folder, name)).items()}
        self.exact = read("vgg19_normalised_to_conv3_4.npz")
        self.thin = read("vgg19norm_16x_distilled_to_conv5_1.npz")
        self.mean = torch.tensor([103.939, 116.779, 123.68]).view(1, 3, 1, 1)

    def exact_features(self, x):
        t, taps = x.flip(1) * 255 - self.mean, []
        for name in ("conv1_1", "conv1_2", None, "conv2_1", "conv2_2", None, "conv3_1"):
            t = F.max_pool2d(t, 2) if name is None else F.relu(conv3x3(self.exact, name, t))
            if name in TAPS:
                taps.append(t)
        return taps

    def thin_features(self, x):
        return encode(self.thin, F.conv2d(x, self.thin["conv0.weight"], self.thin["conv0.bias"]))

    def lift(self, taps, first=0):
        """The distilled net's taps as normalised VGG-19 features."""
        return [F.relu(F.conv2d(t, self.thin[n + "_up.weight"], self.thin[n + "_up.bias"]))
                for t, n in zip(taps[first:], TAPS[first:])]

    @torch.no_grad()
    def features(self, x):
        return self.exact_features(x) + self.lift(self.thin_features(x), 3)
