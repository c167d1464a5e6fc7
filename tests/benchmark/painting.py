#!/usr/bin/python3
"""Time a whole painting beside PyTorch on the same network and weights, in one run.

    painting.py PROGRAM ENCODER GENERATOR [--sides 512,1024,2048] [--threads 2] [--repeats 5]

PROGRAM is painting.c. For each side the two take turns; medians and the ratio of the medians are printed, with
the rate in direct-convolution GFLOP/s; and the same of processor seconds, all threads together, which a busy machine
disturbs less. The style is already encoded, pictures are in memory. Needs python3-torch.
"""
import argparse
import os
import statistics as stats
import subprocess
import sys
import time

import torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "engine", "training", "pytorch"))
from networks import ENCODER, GENERATOR, SKIPS, encode, generate, load_weights, statistics


def work():
    """Multiply-accumulates per pixel: encoder to relu4_1 and generator."""
    area, total = 1.0, 0.0
    for layer in ENCODER:
        if layer is None:
            area /= 4
            continue
        total += 9 * area * layer[1] * layer[2]
        if layer[0] == "conv4_1":
            break
    size = {"4": 1 / 64, "3": 1 / 16, "2": 1 / 4, "1": 1.0}
    total += sum(9 * size[name[4]] * i * o for name, i, o in GENERATOR)
    return total + sum(size[name[4]] * n * n for name, n in SKIPS)


# Threads of the peer go on turning for a while after its work.
PAUSE = 0.5


class Pytorch:
    def __init__(self, encoder, generator):
        self.e, self.g = load_weights(encoder), load_weights(generator)
        self.style = statistics(encode(self.e, torch.rand(1, 3, 256, 256), "conv4_1"))

    @torch.no_grad()
    def seconds(self, side):
        x = torch.rand(1, 3, side, side)
        start, spent = time.perf_counter(), time.process_time()
        generate(self.g, encode(self.e, x, "conv4_1"), self.style, torch.ones(1))
        return time.perf_counter() - start, time.process_time() - spent


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("program"), ap.add_argument("encoder"), ap.add_argument("generator")
    ap.add_argument("--sides", default="512,1024,2048")
    ap.add_argument("--threads", type=int, default=2)
    ap.add_argument("--repeats", type=int, default=5)
    a = ap.parse_args()
    torch.set_num_threads(a.threads)
    peer = Pytorch(a.encoder, a.generator)
    ours = subprocess.Popen([a.program, a.encoder, a.generator, str(a.threads)], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, text=True)

    def seconds(side):
        time.sleep(PAUSE)
        ours.stdin.write("%d\n" % side)
        ours.stdin.flush()
        return tuple(map(float, ours.stdout.readline().split()))

    print("%6s  %22s  %22s  %6s  %22s  %6s" % ("side", "pastiche s (GFLOP/s)", "PyTorch s (GFLOP/s)", "ratio",
                                               "processor s of both", "ratio"))
    for side in map(int, a.sides.split(",")):
        seconds(side), peer.seconds(side)
        pairs = [(seconds(side), peer.seconds(side)) for _ in range(a.repeats)]
        (x, y), (u, v) = ([stats.median(p[i][k] for p in pairs) for i in (0, 1)] for k in (0, 1))
        flop = 2e-9 * work() * side * side
        print("%6d  %12.3f (%7.1f)  %12.3f (%7.1f)  %6.2f  %10.3f  %10.3f  %6.2f" % (
            side, x, flop / x, y, flop / y, y / x, u, v, v / u), flush=True)
    ours.stdin.close()
    ours.wait()


if __name__ == "__main__":
    main()
