"""The networks as ONNX files, from the same weights files.

What a style does to the generator is folded into its weights, as the engine does it, so a runtime sees plain
convolutions. Two files can be made of one style:

  whole   photograph -> encoder -> statistics -> AdaIN -> generator: all that painting a photograph is
  brush   the same with the statistics of one photograph folded in too, for that photograph only: no statistics, no AdaIN
"""
import os
import sys

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "tools", "pytorch"))
from networks import CODE, ENCODER, EPSILON, GENERATOR, KERNELS, MIXED, TAPS, at_depth, style_code

OPSET, IR_VERSION = 17, 8


@torch.no_grad()
def fold_style(w, style):
    """The generator's layers for one style [1][480]: name -> (weight, bias)."""
    code, layers = style_code(w, style), {}
    for name, _, out in GENERATOR:
        weight = w[name + ".weight"]
        if name in MIXED:
            share = (F.linear(code, w[name + ".mixture.weight"], w[name + ".mixture.bias"]) / CODE ** 0.5).tanh()
            weight = weight + torch.einsum("k,koiyx->oiyx", share[0], w[name + ".kernels"].unflatten(0, (KERNELS, -1)))
        scale, shift = F.linear(code, w[name + ".modulation.weight"], w[name + ".modulation.bias"])[0].chunk(2)
        layers[name] = weight * (1 + scale)[:, None, None, None], w[name + ".bias"] * (1 + scale) + shift
    for name in "skip3", "skip2":
        layers[name] = w[name + ".weight"], w[name + ".bias"]
    return layers


@torch.no_grad()
def fold_content(layers, content, style):
    """AdaIN from the statistics `content` to those of the style, folded into the layers that read features."""
    for name, depth in ("conv4_1", 4), ("skip3", 3), ("skip2", 2):
        (mean, std), (to_mean, to_std) = at_depth(content, depth), at_depth(style, depth)
        scale = (to_std / std)[0]
        shift = to_mean[0] - mean[0] * scale
        weight, bias = layers[name]
        layers[name] = weight * scale[None, :, None, None], bias + (weight.sum((2, 3)) * shift).sum(1)


class Network:
    """A graph in the making: each call adds nodes and returns the name of its result."""

    def __init__(self):
        self.nodes, self.constants = [], {}

    def constant(self, array):
        key = array.dtype.name, array.shape, array.tobytes()
        if key not in self.constants:
            self.constants[key] = numpy_helper.from_array(array, f"constant_{len(self.constants)}")
        return self.constants[key].name

    def node(self, kind, *inputs, **attributes):
        output = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def save(self, path, inputs, outputs):
        """`inputs` and `outputs` are lists of (name, shape)."""
        inputs, outputs = ([helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in values]
                           for values in (inputs, outputs))
        graph = helper.make_graph(self.nodes, "pastiche", inputs, outputs, list(self.constants.values()))
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
        onnx.checker.check_model(model)
        onnx.save(model, path)

    def convolve(self, x, weight, bias, relu=True):
        if weight.shape[-1] == 3:
            x = self.node("Pad", x, self.constant(np.array([0, 0, 1, 1, 0, 0, 1, 1])), mode="reflect")
        x = self.node("Conv", x, self.constant(weight.numpy()), self.constant(bias.numpy()),
                      kernel_shape=list(weight.shape[2:]))
        return self.node("Relu", x) if relu else x

    def double(self, x):
        return self.node("Resize", x, "", self.constant(np.array([1, 1, 2, 2], np.float32)), mode="nearest",
                         coordinate_transformation_mode="asymmetric", nearest_mode="floor")

    def encode(self, weights, x):
        taps = []
        for layer in ENCODER:
            if layer is None:
                x = self.node("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2])
                continue
            x = self.convolve(x, weights[layer[0] + ".weight"], weights[layer[0] + ".bias"])
            if layer[0] in TAPS:
                taps.append(x)
            if layer[0] == "conv4_1":
                return taps

    def adain(self, x, style, depth):
        to_mean, to_std = (self.constant(t.numpy()[:, :, None, None]) for t in at_depth(style, depth))
        mean = self.node("ReduceMean", x, axes=[2, 3], keepdims=1)
        centred = self.node("Sub", x, mean)
        variance = self.node("ReduceMean", self.node("Mul", centred, centred), axes=[2, 3], keepdims=1)
        std = self.node("Sqrt", self.node("Add", variance, self.constant(np.array(EPSILON, np.float32))))
        return self.node("Add", self.node("Mul", centred, self.node("Div", to_std, std)), to_mean)

    def generate(self, layers, features):
        """`features` are those of depths 2, 3, 4 as the generator reads them."""
        of = lambda name, x, relu=True: self.convolve(x, *layers[name], relu)
        entry = of("conv4_1", features[4])
        x = self.node("Add", of("conv4_3", of("conv4_2", entry)), entry)
        x = self.node("Add", self.double(of("conv4_4", x)), of("skip3", features[3], False))
        x = of("conv3_3", of("conv3_2", of("conv3_1", x)))
        x = self.node("Add", self.double(x), of("skip2", features[2], False))
        x = self.double(of("conv2_2", of("conv2_1", x)))
        return of("conv1_2", of("conv1_1", x), False)


def export(path, encoder, generator, style, content, side):
    """One file for square pictures; `content` is None for the whole network."""
    network = Network()
    taps = network.encode(encoder, "photo")
    layers = fold_style(generator, style)
    if content is None:
        features = {depth: network.adain(taps[depth - 1], style, depth) for depth in (2, 3, 4)}
    else:
        fold_content(layers, content, style)
        features = {depth: taps[depth - 1] for depth in (2, 3, 4)}
    painting = network.generate(layers, features)
    shape = [1, 3, side, side]
    network.save(path, [("photo", shape)], [(painting, shape)])
