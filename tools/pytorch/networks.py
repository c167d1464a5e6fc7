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
# the first layers of VGG-19 itself
SHALLOW_TEACHER = [("conv1_1", 3, 64), ("conv1_2", 64, 64), None,
                   ("conv2_1", 64, 128), ("conv2_2", 128, 128), None,
                   ("conv3_1", 128, 256)]
# what ships: relu3_1 of VGG-19 by a narrower net of ours (engine/pretrain/distillation.h)
SHALLOW_STUDENT = [("conv1_1", 3, 32), ("conv1_2", 32, 32), None,
                   ("conv2_1", 32, 64), ("conv2_2", 64, 96), None,
                   ("conv3_1", 96, 256)]
SHALLOW_CHANNELS = (64, 128, 256)
TAPS = ("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1")
TEACHER_CHANNELS = (64, 128, 256, 512, 512)


def conv3x3(weights, name, x):
    """3x3 convolution with reflection padding of one pixel, no activation."""
    return F.conv2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), weights[name + ".weight"], weights[name + ".bias"])


def walk(weights, x, last, network):
    """The name of each layer up to `last`, and what it makes of RGB pictures in 0..1 after its ReLU, NCHW."""
    for layer in network:
        if layer is None:
            x = F.max_pool2d(x, 2)
            continue
        x = F.relu(conv3x3(weights, layer[0], x))
        yield layer[0], x
        if layer[0] == last:
            return


def encode(weights, x, last="conv5_1", network=ENCODER):
    """relu1_1 .. relu5_1 (or up to `last`)."""
    return [y for name, y in walk(weights, x, last, network) if name in TAPS]


def layers(weights, x, last="conv4_4"):
    """Every layer of an encoder, conv1_1 .. `last`."""
    return [y for _, y in walk(weights, x, last, ENCODER)]


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
    return {k: torch.from_numpy(v).float() for k, v in safetensors.load(path)[0].items()}


def load_weight_delta(path):
    """What a style file adds to the generator's tensors (engine/network/weight_delta.h); empty if it adds nothing."""
    tensors = safetensors.load(path)[0]
    delta = {}
    for key, value in tensors.items():
        if key.startswith("change.") and not key.endswith(".step"):
            step = tensors.get(key + ".step")
            if step is not None:
                value = (value.astype(np.float32) - 128) * step.reshape(-1, *[1] * (value.ndim - 1))
            delta[key.removeprefix("change.")] = torch.from_numpy(value)
    return delta


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


def nearest(queries, candidates):
    """Of unit vectors, rounded as engine/kernel/nearest.h does."""
    whole = lambda t, one: (t.detach() * one).round().double()
    return (whole(queries, 2047) @ whole(candidates, 1023).t()).argmax(1)


# ---- the generator -------------------------------------------------------------------------------------------------

# (name, input channels, output channels) in order; what happens between them is in generate()
GENERATOR = [("conv4_1", 128, 128), ("conv4_2", 128, 128), ("conv4_3", 128, 128), ("conv4_4", 128, 64),
             ("conv3_1", 64, 64), ("conv3_2", 64, 64), ("conv3_3", 64, 32),
             ("conv2_1", 32, 32), ("conv2_2", 32, 16),
             ("conv1_1", 16, 16), ("conv1_2", 16, 3)]
SKIPS = [("skip3", 64), ("skip2", 32)]
STYLE_CHANNELS = 16 + 32 + 64 + 128  # relu1_1 .. relu4_1
CODE = 128
KERNELS = 8
MIXED = ("conv3_1", "conv3_2", "conv3_3", "conv2_1", "conv2_2", "conv1_1", "conv1_2")  # whose kernels the style mixes
REACH = 8.0  # standardised styles are cut off here
EPSILON = 1e-5


def moments(f):
    """Per-channel means and standard deviations [batch][channels] of a map NCHW."""
    var, mean = torch.var_mean(f, dim=(2, 3), unbiased=False)
    return mean, (var + EPSILON).sqrt()


def statistics(taps):
    """A style: [batch][2 * STYLE_CHANNELS], all means of relu1_1 .. relu4_1, then all standard deviations."""
    pairs = [moments(t) for t in taps[:4]]
    return torch.cat([m for m, _ in pairs] + [s for _, s in pairs], 1)


def at_depth(style, depth):
    """Means and standard deviations of relu<depth>_1 out of a style."""
    widths = (16, 32, 64, 128)
    a, n = sum(widths[: depth - 1]), widths[depth - 1]
    return style[:, a:a + n], style[:, STYLE_CHANNELS + a:STYLE_CHANNELS + a + n]


def adain(f, style, depth):
    """Adaptive instance normalisation (Huang and Belongie, ICCV 2017)."""
    mean, std = moments(f)
    to_mean, to_std = at_depth(style, depth)
    scale = to_std / std
    return f * scale[:, :, None, None] + (to_mean - mean * scale)[:, :, None, None]


# how much of relu3_1 and relu4_1 a painting's patches become, and how many are kept (engine/network/patch_swap.h)
SWAP_SHARES = {3: 0.7, 4: 0.8}
SWAP_PATCHES = 256


def take_patches(f, most, places=None):
    """Patches of one map NCHW, standardised: [most][9 * C], of these places of its interior or of random ones."""
    mean, std = moments(f)
    patches = F.unfold((f - mean[:, :, None, None]) / std[:, :, None, None], 3)[0].t()
    return patches[torch.randperm(len(patches))[:most] if places is None else places]


def swap_patches(f, patches, share, nearest=nearest):
    """One map NCHW whose patches are, by `share`, the most similar of `patches` [n][9 * C]."""
    mean, std = (m[:, :, None, None] for m in moments(f))
    own = F.unfold(F.pad((f - mean) / std, (1, 1, 1, 1), mode="reflect"), 3)[0].t()
    found = nearest(F.normalize(own, dim=1), F.normalize(patches, dim=1))
    height, width = f.shape[2:]
    paste = lambda p: F.fold(p.t()[None], (height + 2, width + 2), 3)[:, :, 1:-1, 1:-1]
    pasted = paste(patches[found]) / paste(torch.ones_like(own))
    return F.relu((1 - share) * f + share * (pasted * std + mean))


def swap_taps(taps, patches, nearest=nearest):
    """Taps relu1_1 .. relu4_1 of one photograph with patches {depth: [n][9 * C]} of a style in them."""
    return [swap_patches(t, patches[depth], SWAP_SHARES[depth], nearest) if depth in patches else t
            for depth, t in enumerate(taps, 1)]


def new_generator(seed):
    rng, w = np.random.default_rng(seed), {}
    for name, inp, out in GENERATOR:
        w[name + ".weight"] = kaiming(rng, out, inp, 3, 0.01 if out == 3 else 2.0)
        w[name + ".bias"] = torch.full((out,), 0.5 if out == 3 else 0.0)
    for name, width in SKIPS:
        w[name + ".weight"] = kaiming(rng, width, width, 1, 1.0)
        w[name + ".bias"] = torch.zeros(width)
    w["code.weight"] = kaiming(rng, CODE, 2 * STYLE_CHANNELS, 1)[:, :, 0, 0]
    w["code.bias"] = torch.zeros(CODE)
    for name, _, out in GENERATOR:
        w[name + ".modulation.weight"] = torch.zeros(2 * out, CODE)
        w[name + ".modulation.bias"] = torch.zeros(2 * out)
    for name, inp, out in GENERATOR:
        if name in MIXED:
            w[name + ".kernels"] = kaiming(rng, KERNELS * out, inp, 3, 0.5)
            w[name + ".mixture.weight"] = torch.zeros(KERNELS, CODE)
            w[name + ".mixture.bias"] = torch.zeros(KERNELS)
    # means and spreads of the styles seen in training; set from the style bank, not trained
    w["style.mean"] = torch.zeros(2 * STYLE_CHANNELS)
    w["style.std"] = torch.ones(2 * STYLE_CHANNELS)
    return w


def style_code(w, style):
    z = ((style - w["style.mean"]) / w["style.std"]).clamp(-REACH, REACH)
    return F.relu(F.linear(z, w["code.weight"], w["code.bias"]))


def generate(w, taps, style, detail, correction=None):
    """Paint: taps relu1_1 .. relu4_1 of the photograph, a style [batch][2 * STYLE_CHANNELS] and the gain [batch] of
    the relu2_1 skip (1 keeps fine detail, 0 drops it) give RGB, mostly in 0..1. A correction [STYLE_CHANNELS] is added
    to the deviations that the style code is made of (engine/style/calibration.h)."""
    code = style_code(w, style if correction is None else style + F.pad(correction, (STYLE_CHANNELS, 0)))

    def convolve(name, x):
        if name not in MIXED:
            return conv3x3(w, name, x)
        # a family of convolutions, summed by shares (dynamic convolution; Chen et al., CVPR 2020): one kernel a picture
        share = (F.linear(code, w[name + ".mixture.weight"], w[name + ".mixture.bias"]) / CODE ** 0.5).tanh()
        own, family = w[name + ".weight"], w[name + ".kernels"].unflatten(0, (KERNELS, -1))
        kernels = own + torch.einsum("nk,koiyx->noiyx", share, family)
        y = F.conv2d(F.pad(x, (1, 1, 1, 1), mode="reflect").flatten(0, 1)[None], kernels.flatten(0, 1), groups=len(x))
        return y[0].unflatten(0, (len(x), -1)) + w[name + ".bias"][:, None, None]

    def modulated(name, x, relu=True):
        # scale and shift of each output channel by the style: the same as modulated weights
        scale, shift = F.linear(code, w[name + ".modulation.weight"], w[name + ".modulation.bias"]).chunk(2, 1)
        y = convolve(name, x) * (1 + scale[:, :, None, None]) + shift[:, :, None, None]
        return F.relu(y) if relu else y

    def skip(name, depth):
        return F.conv2d(adain(taps[depth - 1], style, depth), w[name + ".weight"], w[name + ".bias"])

    up = lambda x: F.interpolate(x, scale_factor=2, mode="nearest")
    entry = modulated("conv4_1", adain(taps[3], style, 4))
    x = modulated("conv4_3", modulated("conv4_2", entry))
    x = modulated("conv4_4", x + entry)
    x = up(x) + skip("skip3", 3)
    x = modulated("conv3_3", modulated("conv3_2", modulated("conv3_1", x)))
    x = up(x) + skip("skip2", 2) * detail[:, None, None, None]
    x = modulated("conv2_2", modulated("conv2_1", x))
    return modulated("conv1_2", modulated("conv1_1", up(x)), relu=False)


def style_distance(a, b, widths, first=0):
    """Sum over depths `first` .. of MSE of means + MSE of standard deviations; per picture."""
    total, at = 0, 0
    for _ in range(2):
        for depth, width in enumerate(widths):
            if depth >= first:
                total = total + (a[:, at:at + width] - b[:, at:at + width]).square().mean(1)
            at += width
    return total


# ---- loss networks --------------------------------------------------------------------------------------------------


class LossNetwork:
    """The features that training losses compare: of an encoder-shaped network, mapped linearly to those of VGG-19."""

    def __init__(self, weights):
        self.w = weights
        self.up = [(weights[n + "_up.weight"][:, :, 0, 0], weights[n + "_up.bias"]) for n in TAPS]

    @staticmethod
    def of_teacher(folder):
        """The distilled net with its 1x1 input map folded into conv1_1 (exact, since padding is by reflection)."""
        w = dict(Teacher(folder).thin)
        w["conv1_1.bias"] = w["conv1_1.bias"] + w["conv1_1.weight"].sum((2, 3)) @ w["conv0.bias"]
        w["conv1_1.weight"] = torch.einsum("omyx,mi->oiyx", w["conv1_1.weight"], w["conv0.weight"][:, :, 0, 0])
        return LossNetwork({k: v for k, v in w.items() if not k.startswith("conv0")})

    def features(self, x):
        return encode(self.w, x)

    def style(self, taps):
        """Means and standard deviations of the mapped features, [batch][2 * 1472]; only the taps' means and
        covariances are needed: with y = U f + b, mean(y) = U mean(f) + b and var(y) = diag(U cov(f) U')."""
        means, stds = [], []
        for f, (u, b) in zip(taps, self.up):
            f = f.flatten(2)
            mean = f.mean(2)
            centred = f - mean[:, :, None]
            cov = centred @ centred.transpose(1, 2) / f.shape[2]
            means.append(mean @ u.T + b)
            stds.append(((u @ cov * u).sum(2) + EPSILON).sqrt())
        return torch.cat(means + stds, 1)

    def style_loss(self, a, b, first=0):
        """Mean over depths of MSE of means + MSE of standard deviations; per picture. The share of the depths before
        `first` is left out."""
        return style_distance(a, b, [len(u) for u, _ in self.up], first) / len(self.up)

    def content_loss(self, a, b):
        """Mean over relu4_1, relu5_1 of the MSE of mapped features; per picture."""
        error = lambda i: ((self.up[i][0] @ (a[i] - b[i]).flatten(2)).square().mean((1, 2)))
        return (error(3) + error(4)) / 2


class ShallowLossNetwork:
    """The exact first layers of normalised VGG-19 to relu3_1, for RGB in 0..1: the style of shallow depths, of which
    the loss network tells half."""

    def __init__(self, weights):
        self.w = weights

    @staticmethod
    def of_teacher(folder):
        """With the input's BGR * 255 - mean folded into conv1_1 (exact, since padding is by reflection)."""
        teacher = Teacher(folder)
        w = {k: v for k, v in teacher.exact.items() if k.rsplit(".", 1) in
             [[layer[0], kind] for layer in filter(None, SHALLOW_TEACHER) for kind in ("weight", "bias")]}
        weight = w["conv1_1.weight"].double()
        w["conv1_1.bias"] = (w["conv1_1.bias"] - (weight * teacher.mean.double()).sum((1, 2, 3))).float()
        w["conv1_1.weight"] = (weight.flip(1) * 255).float().contiguous()
        return ShallowLossNetwork(w)

    def style(self, x):
        """Means of the channels of relu1_1 .. relu3_1, then their standard deviations: [batch][2 * 448]."""
        pairs = [moments(t) for t in encode(self.w, x, "conv3_1", SHALLOW_TEACHER)]
        return torch.cat([m for m, _ in pairs] + [s for _, s in pairs], 1)

    def style_loss(self, a, b):
        """The first depths of the loss network's style loss; per picture."""
        return style_distance(a, b, SHALLOW_CHANNELS) / len(TAPS)
