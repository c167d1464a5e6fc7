#!/usr/bin/python3
"""How long a masterpiece takes by many processes: pastiche-mpi, simulated.

    scaling.py [--width 40000] [--height 25000] [--tile 3.0] [--small 50] [--read 35] [--encode 100] [--disk 2]

Each process reads the photograph twice, once for the small part and once on its way through the bands, and paints its
tiles band by band, with the program's own division of tiles; the first one makes the small part, waits in each band
for everybody's tiles, and encodes. Seconds on one thread: of a tile, of the small part, of reading and of encoding the
whole. The disk has so many GB a second for all together; a tile is kept as floats.
"""
import argparse
import random

TILE, MARGIN, STRIDE = 512, 48, 7919


def simulate(options, count):
    columns, bands = (-(-side // TILE) for side in (options.width, options.height))
    random.seed(0)  # tiles differ by a tenth, as pictures and machines do
    tile_bytes = (TILE + 2 * MARGIN) ** 2 * 12
    disk = options.disk * 1e9
    # Everybody reads the photograph; beyond what the disk gives, they wait for each other.
    reading = max(options.read, count * options.width * options.height * 1.5 / disk)
    ready = [reading + options.small / options.threads] * count
    done = [[0.0] * bands for _ in range(count)]
    for rank in range(count):
        now = ready[rank]
        for band in range(bands):
            mine = sum((band * STRIDE + column) % count == rank for column in range(columns))
            now += reading / bands
            now += -(-mine // options.threads) * options.tile * random.uniform(0.9, 1.1)
            now += mine * tile_bytes / disk * min(count, columns) / options.threads if mine else 0
            done[rank][band] = now
    now = 0.0
    for band in range(bands):
        now = max(now, max(ranks[band] for ranks in done))
        now += columns * tile_bytes / disk + options.encode / bands
    busy = columns * bands * options.tile / options.threads
    return now, busy / now / count


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name, usual in ("width", 40000), ("height", 25000), ("threads", 2):
        parser.add_argument("--" + name, type=int, default=usual)
    for name, usual in ("tile", 3.0), ("small", 50.0), ("read", 35.0), ("encode", 100.0), ("disk", 2.0):
        parser.add_argument("--" + name, type=float, default=usual)
    options = parser.parse_args()
    alone = simulate(options, 1)[0]
    print("processes  seconds  times faster  busy with tiles")
    for count in 1, 2, 4, 16, 64, 128, 256, 1000:
        seconds, share = simulate(options, count)
        print(f"{count:9d} {seconds:8.0f} {alone / seconds:13.1f} {100 * share:14.0f} %")


main()
