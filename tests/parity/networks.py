#!/usr/bin/python3
"""Make the fixture of networks.c: what PyTorch says of the shipped encoder, generator and shallow loss network.

    networks.py ENCODER GENERATOR SHALLOW_LOSS_NETWORK OUTPUT

Inputs are smooth random pictures, so the fixture depends on nothing but the weights.
"""
import os
import sys

import torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools", "pytorch"))
import safetensors
from networks import SHALLOW_STUDENT, STYLE_CHANNELS, encode, generate, load_weights, statistics
from pictures import channels_last, picture


@torch.no_grad()
def main():
    encoder, generator, shallow, output = sys.argv[1:]
    torch.set_num_threads(1)
    e, g = load_weights(encoder), load_weights(generator)
    photo, painting = picture(1, 72, 104), picture(2, 96, 64)
    taps, style = encode(e, photo, "conv4_1"), statistics(encode(e, painting, "conv4_1"))
    fixture = {"photo": channels_last(photo), "painting": channels_last(painting), "style": style[0].numpy(),
               "content": statistics(taps)[0].numpy()}
    for i, t in enumerate(taps):
        fixture["relu%d_1" % (i + 1)] = channels_last(t)
    for name, detail in (("painted", 1.0), ("painted_half_detail", 0.5)):
        fixture[name] = channels_last(generate(g, taps, style, torch.tensor([detail])))
    fixture["correction"] = 0.2 * style[0, STYLE_CHANNELS:].flip(0)
    fixture["painted_corrected"] = channels_last(generate(g, taps, style, torch.ones(1), fixture["correction"]))
    fixture["correction"] = fixture["correction"].numpy()
    fixture["shallow.relu3_1"] = channels_last(encode(load_weights(shallow), painting, "conv3_1", SHALLOW_STUDENT)[-1])
    safetensors.save(output, fixture)


if __name__ == "__main__":
    main()
