"""ONNX files, written by hand: as much of the format as a convolutional network needs.

A file is one protocol buffer message (https://protobuf.dev/programming-guides/encoding/) of the fields in onnx.proto
(https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), whose numbers stand below.
"""
import struct

import numpy as np

OPSET = 17
FLOAT, INT64 = 1, 7


def varint(value):
    out = bytearray()
    while True:
        out.append(value & 127 | (128 if value > 127 else 0))
        value >>= 7
        if not value:
            return bytes(out)


def number(field, value):
    return varint(field << 3) + varint(value & (1 << 64) - 1)


def block(field, content):
    content = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(content)) + content


def tensor(name, array):
    array = np.ascontiguousarray(array)
    kind = {"float32": FLOAT, "int64": INT64}[array.dtype.name]
    return b"".join(number(1, side) for side in array.shape) + number(2, kind) + block(8, name) + \
        block(9, array.tobytes())


def attribute(name, value):
    if isinstance(value, float):
        return block(1, name) + varint(2 << 3 | 5) + struct.pack("<f", value) + number(20, 1)
    if isinstance(value, int):
        return block(1, name) + number(3, value) + number(20, 2)
    if isinstance(value, str):
        return block(1, name) + block(4, value) + number(20, 3)
    return block(1, name) + b"".join(number(8, i) for i in value) + number(20, 7)


def value_info(name, shape):
    dims = b"".join(block(1, number(1, side) if isinstance(side, int) else block(2, side)) for side in shape)
    return block(1, name) + block(2, block(1, number(1, FLOAT) + block(2, dims)))


class Graph:
    """Nodes in the order they are added; each returns the name of its result."""

    def __init__(self):
        self.nodes, self.tensors, self.count, self.known = [], [], 0, {}

    def new_name(self, kind):
        self.count += 1
        return "%s_%d" % (kind, self.count)

    def constant(self, array):
        array = np.asarray(array)
        key = array.dtype.name, array.shape, array.tobytes()
        if key not in self.known:
            self.known[key] = self.new_name("constant")
            self.tensors.append(tensor(self.known[key], array))
        return self.known[key]

    def node(self, kind, *inputs, **attributes):
        output = self.new_name(kind)
        self.nodes.append(b"".join(block(1, name) for name in inputs) + block(2, output) + block(3, output) +
                          block(4, kind) + b"".join(block(5, attribute(*item)) for item in attributes.items()))
        return output

    def save(self, path, inputs, outputs):
        """`inputs` and `outputs` are lists of (name, shape)."""
        graph = b"".join(block(1, node) for node in self.nodes) + block(2, "pastiche")
        graph += b"".join(block(5, item) for item in self.tensors)
        graph += b"".join(block(11, value_info(*item)) for item in inputs)
        graph += b"".join(block(12, value_info(*item)) for item in outputs)
        model = number(1, 8) + block(2, "pastiche benchmark") + block(7, graph)
        model += block(8, block(1, "") + number(2, OPSET))
        with open(path, "wb") as file:
            file.write(model)
