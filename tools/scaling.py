#!/usr/bin/python3
"""How long a masterpiece takes by many processes: pastiche-mpi, simulated.

    scaling.py [--width 40000] [--height 25000] [--tile 3.0] [--small 50] [--read 35] [--encode 100] [--disk 2] [--alone]

Each process reads the photograph for the small part, which the first one makes, and again for its tiles, which it paints
band by band, with the program's own division of tiles. When all are painted, whoever writes reads the photograph once
more: parts of the result, two bands each, are encoded by all and joined by the first; with --alone that one encodes
everything, as it does where the result is no tiled TIFF. Seconds on one thread: of a tile, of the small part, of reading
and of encoding the whole. The disk has so many GB a second for all together; a tile is kept as floats.
"""
import argparse
import random

TILE, MARGIN, STRIDE = 512, 48, 7919
PART = 2            # bands
COPIES_LEFT = 0.021 # of encoding: the copies of an eighth of the size and smaller, which the first one makes
COMPRESSED = 2      # bytes a pixel


def writes(rank, count, band, bands, alone):
    """Whether a process needs the tiles of the band: parts reach 16 rows into the next band."""
    if alone:
        return rank == 0
    return any(0 <= near < bands and near // PART % count == rank for near in (band - 1, band, band + 1))


def simulate(options, count):
    columns, bands = (-(-side // TILE) for side in (options.width, options.height))
    random.seed(0)  # tiles differ by a tenth, as pictures and machines do
    tile_bytes = (TILE + 2 * MARGIN) ** 2 * 12
    disk = options.disk * 1e9
    # Everybody reads the photograph; beyond what the disk gives, they wait for each other.
    reading = max(options.read, count * options.width * options.height * 1.5 / disk)
    now = [reading + options.small / options.threads] * count
    for rank in range(count):
        for band in range(bands):
            mine = sum((band * STRIDE + column) % count == rank for column in range(columns))
            now[rank] += reading / bands
            now[rank] += -(-mine // options.threads) * options.tile * random.uniform(0.9, 1.1)
            now[rank] += mine * tile_bytes / disk * min(count, columns) / options.threads if mine else 0
    painted = max(now)
    end = 0
    writers = 1 if options.alone else min(count, -(-bands // PART))
    again = max(options.read, writers * options.width * options.height * 1.5 / disk)
    for rank in range(writers):
        needed = sum(writes(rank, count, band, bands, options.alone) for band in range(bands))
        own = bands if options.alone else sum(band // PART % count == rank for band in range(bands))
        # Rows come from the photograph again, tiles from the disk.
        end = max(end, painted + again + needed * columns * tile_bytes / disk * writers + options.encode * own / bands)
    if not options.alone:
        end += options.encode * COPIES_LEFT + 2 * COMPRESSED * options.width * options.height / disk
    return end, columns * bands * options.tile / options.threads / end / count


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name, usual in ("width", 40000), ("height", 25000), ("threads", 2):
        parser.add_argument("--" + name, type=int, default=usual)
    for name, usual in ("tile", 3.0), ("small", 50.0), ("read", 35.0), ("encode", 100.0), ("disk", 2.0):
        parser.add_argument("--" + name, type=float, default=usual)
    parser.add_argument("--alone", action="store_true")
    options = parser.parse_args()
    alone = simulate(options, 1)[0]
    print("processes  seconds  times faster  busy with tiles")
    for count in 1, 2, 4, 16, 64, 128, 256, 1000:
        seconds, share = simulate(options, count)
        print(f"{count:9d} {seconds:8.0f} {alone / seconds:13.1f} {100 * share:14.0f} %")


main()
