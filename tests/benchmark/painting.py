#!/usr/bin/python3
"""Time a whole painting beside PyTorch on the same network and weights, in one run.

    painting.py PROGRAM ENCODER GENERATOR [--command PASTICHE MAKER] [--sides 512,1024,2048] [--threads 2] [--repeats 5]

PROGRAM is painting.c. For each side the two take turns; medians and the ratio of the medians are printed, with
the rate in direct-convolution GFLOP/s; and the same of processor seconds, all threads together, which a busy machine
disturbs less. Then a painting is given as a picture, whose patches are swapped in, by both. The style is already
encoded, pictures are in memory. Needs python3-torch.

Then, without the peer: threads against one thread, beside what the machine itself has to give, which is as many
programs of one thread as there are threads, each on a processor of its own, against one of them; AVX2 against AVX-512;
a preview of 512 pixels from kept features; and, with --command (the command line and memory.c), its start to the end of a
painting of 64 pixels.
"""
import argparse
import os
import statistics as stats
import subprocess
import sys
import tempfile
import time

import torch

from floors import judge

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools", "pytorch"))
from networks import (ENCODER, GENERATOR, SKIPS, SWAP_PATCHES, SWAP_SHARES, encode, generate, load_weights, statistics,
                      swap_taps, take_patches)


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
# Of PyTorch's time, and in GFLOP/s.
TIMES_FLOORS = {1024: 10, 2048: 15}
RATE_FLOORS = {2048: 400}
# Seconds a megapixel with AVX-512; twice as many without.
PATCHES_FLOOR = 0.25
# Paintings in a row where no peer takes turns: a lone one is over before its threads have found a processor each.
ROW = 4


def has_avx512():
    with open("/proc/cpuinfo") as info:
        return " avx512f " in info.read().replace("\n", " ")


class Pytorch:
    def __init__(self, encoder, generator):
        self.e, self.g = load_weights(encoder), load_weights(generator)
        taps = encode(self.e, torch.rand(1, 3, 256, 256), "conv4_1")
        self.style = statistics(taps)
        self.patches = {depth: take_patches(taps[depth - 1], SWAP_PATCHES) for depth in SWAP_SHARES}

    @torch.no_grad()
    def seconds(self, side, patches=False):
        x = torch.rand(1, 3, side, side)
        start, spent = time.perf_counter(), time.process_time()
        taps = encode(self.e, x, "conv4_1")
        if patches:
            taps = swap_taps(taps, self.patches, lambda queries, candidates: (queries @ candidates.t()).argmax(1))
        generate(self.g, taps, self.style, torch.ones(1))
        return time.perf_counter() - start, time.process_time() - spent


class Ours:
    """painting.c on so many threads, at an instruction set, on one processor only."""

    def __init__(self, a, threads, level=None, processor=None):
        self.process = subprocess.Popen(
            [a.program, a.encoder, a.generator, str(threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=dict(os.environ, **({"PASTICHE_CPU": level} if level else {})))
        if processor is not None:
            os.sched_setaffinity(self.process.pid, {processor})

    def start(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()

    def finish(self):
        """Seconds, and those of all processors."""
        return tuple(map(float, self.process.stdout.readline().split()))

    def seconds(self, side, *words):
        self.start(side, 1, *words)
        return self.finish()

    def in_a_row(self, side, *words):
        """Seconds of each of ROW paintings."""
        self.start(side, ROW, *words)
        return [self.finish()[0] for _ in range(ROW)]


def beside_pytorch(a):
    peer, ours = Pytorch(a.encoder, a.generator), Ours(a, a.threads)

    def seconds(side):
        time.sleep(PAUSE)
        return ours.seconds(side)

    print("%6s  %22s  %22s  %6s  %22s  %6s" % ("side", "pastiche s (GFLOP/s)", "PyTorch s (GFLOP/s)", "ratio",
                                               "processor s of both", "ratio"))
    for side in map(int, a.sides.split(",")):
        seconds(side), peer.seconds(side)
        pairs = [(seconds(side), peer.seconds(side)) for _ in range(a.repeats)]
        (x, y), (u, v) = ([stats.median(p[i][k] for p in pairs) for i in (0, 1)] for k in (0, 1))
        flop = 2e-9 * work() * side * side
        print("%6d  %12.3f (%7.1f)  %12.3f (%7.1f)  %6.2f  %10.3f  %10.3f  %6.2f" % (
            side, x, flop / x, y, flop / y, y / x, u, v, v / u), flush=True)
        if side in TIMES_FLOORS:
            judge("times as fast as PyTorch at %d" % side, y / x, TIMES_FLOORS[side])
        if side in RATE_FLOORS:
            judge("GFLOP/s at %d" % side, flop / x, RATE_FLOORS[side])


def with_patches(a, side=1024):
    peer, ours = Pytorch(a.encoder, a.generator), Ours(a, a.threads)

    def turn():
        time.sleep(PAUSE)
        return ours.seconds(side, "patches"), ours.seconds(side), peer.seconds(side, patches=True)

    turns = [turn() for _ in range(a.repeats + 1)][1:]
    swapped, plain, other = (stats.median(t[i][0] for t in turns) for i in range(3))
    print("%6d  with patches %.3f s, without %.3f s, PyTorch with patches %.3f s, %.2f times as long" % (
        side, swapped, plain, other, other / swapped))
    floor = PATCHES_FLOOR * (1 if has_avx512() else 2)
    judge("s a megapixel with patches", swapped * 1e6 / side ** 2, floor, most=True)


def side_by_side(programs, side):
    """Seconds a painting, of the slowest program."""
    for program in programs:
        program.start(side, ROW)
    return max(stats.mean(program.finish()[0] for _ in range(ROW)) for program in programs)


def threads_and_levels(a):
    cores = sorted(os.sched_getaffinity(0))[:a.threads]
    one, all_threads, older = Ours(a, 1), Ours(a, a.threads), Ours(a, a.threads, "avx2")
    copies = [Ours(a, 1, None, core) for core in cores]
    for side in (int(side) for side in a.sides.split(",") if int(side) >= 1024):
        turns = [(one.in_a_row(side), all_threads.in_a_row(side), older.in_a_row(side), [side_by_side(copies, side)])
                 for _ in range(a.repeats + 1)][1:]
        single, both, avx2, copied = (stats.median(sum((turn[i] for turn in turns), [])) for i in range(4))
        print("%6d  one thread %.3f s, %d threads %.3f s, AVX2 %.3f s; %d programs of one thread side by side %.3f s" % (
            side, single, a.threads, both, avx2, len(copies), copied))
        judge("%d threads over 1 at %d (the machine gives %.2f)" % (a.threads, side, len(copies) * single / copied),
              single / both, 1.85)
        judge("AVX2 over the best at %d" % side, both / avx2, 0.5)
    times = [all_threads.in_a_row(512, "preview") for _ in range(a.repeats)]
    judge("ms for a preview at 512 after a slider moved", 1e3 * stats.median(sum(times, [])), 50, most=True)


def cold_start(a):
    pastiche, maker = a.command
    with tempfile.TemporaryDirectory() as folder:
        photo, times = os.path.join(folder, "photo.png"), []
        subprocess.run([maker, "64", "64", photo], check=True)
        for turn in range(2 * a.repeats):
            start = time.perf_counter()
            subprocess.run([pastiche, "stylize", photo, "--style", "wave", "-o", os.path.join(folder, "%d.png" % turn)],
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            times.append(time.perf_counter() - start)
    judge("ms from the start of the command to the end of 64 pixels", 1e3 * stats.median(times), 100, most=True)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("program"), ap.add_argument("encoder"), ap.add_argument("generator")
    ap.add_argument("--command", nargs=2)
    ap.add_argument("--sides", default="512,1024,2048")
    ap.add_argument("--threads", type=int, default=2)
    ap.add_argument("--repeats", type=int, default=5)
    a = ap.parse_args()
    torch.set_num_threads(a.threads)
    beside_pytorch(a)
    with_patches(a)
    time.sleep(PAUSE)
    threads_and_levels(a)
    if a.command:
        cold_start(a)


if __name__ == "__main__":
    main()
