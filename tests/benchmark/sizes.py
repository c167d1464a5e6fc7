#!/usr/bin/python3
"""Time and peak memory of painting by rows, from one megapixel up.

    sizes.py PROGRAM ENCODER GENERATOR [--threads 2] [--huge]

PROGRAM is sizes.c; each size runs in a process of its own, so that its peak memory (all of the program's, as the system
counts it) is its own. Without --huge it ends at 25 megapixels; with it, at a gigapixel, which takes minutes.
"""
import argparse
import subprocess

# width, height, budget in MiB, and the memory that the program may take in all, in MB
SIZES = [(1000, 1000, 1024, None), (4000, 3000, 1024, None), (4000, 3000, 150, 250), (5000, 5000, 150, None)]
HUGE = [(10000, 10000, 250, 500), (40000, 25000, 850, 1000)]


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("program"), ap.add_argument("encoder"), ap.add_argument("generator")
    ap.add_argument("--threads", type=int, default=2)
    ap.add_argument("--huge", action="store_true")
    a = ap.parse_args()
    print("%14s  %8s  %10s  %16s  %22s  %s" % ("size", "features", "s a MP", "processor s a MP", "peak memory (floor)", "budget"))
    for width, height, budget, floor in SIZES + (HUGE if a.huge else []):
        out = subprocess.run([a.program, a.encoder, a.generator, str(a.threads), str(budget << 20), str(width), str(height)],
                             check=True, stdout=subprocess.PIPE, text=True).stdout.split()
        print("%6d x %5d  %8s  %10.3f  %16.3f  %9.0f MB%11s  %d MiB" % (
            width, height, "kept" if int(out[3]) else "twice", float(out[0]), float(out[1]), float(out[2]) * 1.048576,
            " (%d)" % floor if floor else "", budget), flush=True)


if __name__ == "__main__":
    main()
