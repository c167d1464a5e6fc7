"""The grain of photographs in double precision, as engine/network/flow.h, grain.h and engine/kernel/line_noise.h have it."""
import numpy as np

CELL, QUARTER, REACH = 16, 4, 4
LATTICE, STEP, TAPS = 4, 2, 8
BINOMIAL = np.array([1, 8, 28, 56, 70, 56, 28, 8, 1]) / 256


def deviation_for(style):
    """Of the grain that suits a style, [480]."""
    means, deviations = style[:240].astype(np.float64), style[240:].astype(np.float64)
    steady, strong = (means / np.maximum(deviations, 1e-6))[48:112].mean(), np.linalg.norm(deviations[16:48])
    rise = lambda value, low, high: np.clip((value - low) / (high - low), 0, 1)
    return 4.5 / 255 * max(rise(strong, 2.5, 4) * rise(steady, 0.80, 0.88), 0.4 * rise(strong, 13, 15))


def blocks(picture, side, reduce):
    """Means or sums over squares; those at the edges may be smaller."""
    height, width = picture.shape
    padded = np.full((-(-height // side) * side, -(-width // side) * side), np.nan)
    padded[:height, :width] = picture
    return reduce(padded.reshape(padded.shape[0] // side, side, -1, side), axis=(1, 3))


def smoothed(cells):
    for _ in range(2):
        padded = np.pad(cells, ((REACH, REACH), (0, 0)), mode="edge")
        cells = sum(k * padded[i:i + len(cells)] for i, k in enumerate(BINOMIAL)).T
    return cells


def flow(photo):
    """[height][width][3] -> cosines and sines of twice the angle that strokes have, a pair a cell, in 1/127."""
    quarters = blocks(photo @ [0.299, 0.587, 0.114], QUARTER, np.nanmean)
    padded = np.pad(quarters, 1, mode="edge")
    down, right = (padded[2:, 1:-1] - padded[:-2, 1:-1]) / 2, (padded[1:-1, 2:] - padded[1:-1, :-2]) / 2
    weight = (right ** 2 + down ** 2 + 1e-8) ** -0.25
    even, odd = (smoothed(blocks(weight * v, CELL // QUARTER, np.nansum))
                 for v in (down ** 2 - right ** 2, -2 * right * down))
    even = even + 1e-5
    length = np.hypot(even, odd)
    return np.rint(127 * even / length), np.rint(127 * odd / length)


def interpolated(cells, rows, columns):
    """At pixels: cells stand for their middles; beyond the outer ones nothing changes."""
    def between(places, count):
        at = np.clip((places + 0.5) / CELL - 0.5, 0, count - 1)
        first = np.minimum(at.astype(int), max(0, count - 2))
        return first, np.minimum(first + 1, count - 1), at - first
    (y, below, down), (x, beside, right) = between(rows, cells.shape[0]), between(columns, cells.shape[1])
    cells = cells[y] + down[:, None] * (cells[below] - cells[y])
    return cells[:, x] + right * (cells[:, beside] - cells[:, x])


def numbers(rows, columns):
    h = rows.astype(np.uint32) * np.uint32(0x9E3779B1) ^ columns.astype(np.uint32) * np.uint32(0x85EBCA77)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)):
        h = (h ^ h >> np.uint32(shift)) * np.uint32(factor)
    return h.astype(np.int32) / 2 ** 31


def grain(photo, deviation, height, width):
    """[height][width]: what is added to the canvas of a photograph [..][..][3]."""
    even, odd = flow(photo)
    rows, columns = STEP * np.arange(height // STEP + 1), STEP * np.arange(width // STEP + 1)
    even, odd = interpolated(even, rows, columns), interpolated(odd, rows, columns)
    cosine = even / np.sqrt(even ** 2 + odd ** 2 + 1e-6)
    # ways are whole numbers of 1/256 of a pixel
    right = np.floor(256 * STEP * np.sqrt((1 + cosine) / 2) + 0.5) / 256
    down = np.copysign(np.floor(256 * STEP * np.sqrt((1 - cosine) / 2) + 0.5), odd) / 256
    sums = 0
    for k in range(-TAPS, TAPS + 1):
        y, x = rows[:, None] + k * down, columns + k * right
        turned = [np.floor(v / 256 / LATTICE + 0.5) % 2 ** 14 for v in (211 * y + 145 * x, 211 * x - 145 * y)]
        sums = sums + (1 + np.cos(np.pi * k / (TAPS + 1))) / 2 * numbers(*turned)
    y, x = np.arange(height), np.arange(width)
    below = np.minimum(y // STEP + 1, len(rows) - 1)  # where there is none, y lies on the lattice
    sums = sums[y // STEP] + (y % STEP / STEP)[:, None] * (sums[below] - sums[y // STEP])
    beside = np.minimum(x // STEP + 1, len(columns) - 1)
    sums = sums[:, x // STEP] + x % STEP / STEP * (sums[:, beside] - sums[:, x // STEP])
    return deviation / 2.05 * sums
