#!/usr/bin/python3
"""Steadiness and speed of painted videos, on clips made of one of the program's own samples.

    video.py PASTICHE SAMPLE [--styles great-wave,kiss] [--only flicker,pan,speed] [--frames N] [--keep FOLDER]

still   one view with the noise of a sensor, 2 of 255. Flicker is the mean difference of neighbouring frames.
pan     the view moves by 2.5 pixels a frame over a larger picture. The warping error is the mean difference of a frame
        and the one before, moved as the view did.
speed   1920x1080, on two cores; the cost of another frame, ffmpeg's work among it, the median of three turns.
        Processor time is of all processes, so it tells less of what else the machine does.

The peer is the same program painting each frame by itself, in the same run. Needs ffmpeg, Debian's python3-numpy and
python3-pil.
"""
import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
from PIL import Image

from floors import judge

STEP = 2.5  # pixels a frame
NOISE = 2   # of 255
TURNS = 3   # of measuring speed: medians


def still(sample, frames, size, random):
    picture = np.asarray(sample.resize(size, Image.LANCZOS), np.float32)
    return [picture + random.normal(0, NOISE, picture.shape) for _ in range(frames)]


def pan(sample, frames, size, random):
    wide = sample.resize((size[0] + int(STEP * frames) + 8, size[1]), Image.LANCZOS)
    result = []
    for i in range(frames):
        left = STEP * i
        view = wide.transform(size, Image.AFFINE, (1, 0, left, 0, 1, 0), Image.BICUBIC)
        picture = np.asarray(view, np.float32)
        result.append(picture + random.normal(0, NOISE, picture.shape))
    return result


def moved(frame):
    """The frame as the next one sees it, and where that is known."""
    whole, part = int(STEP), STEP - int(STEP)
    result = (1 - part) * frame[:, whole:-1] + part * frame[:, whole + 1:]
    return result[:, :frame.shape[1] - 16]


def flicker(frames):
    return np.mean([np.abs(b - a).mean() for a, b in zip(frames, frames[1:])])


def warping(frames):
    return np.mean([np.abs(b[:, :b.shape[1] - 16] - moved(a)).mean() for a, b in zip(frames, frames[1:])])


def run(*words):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


def write_clip(frames, path, crf="4"):
    height, width = frames[0].shape[:2]
    data = b"".join(np.clip(np.rint(frame), 0, 255).astype(np.uint8).tobytes() for frame in frames)
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r",
                    "25", "-i", "-", "-c:v", "libx264", "-crf", crf, "-preset", "veryfast", "-pix_fmt", "yuv420p", path],
                   input=data, check=True)
    return width, height


def read_clip(path, size):
    data = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"], check=True,
                          capture_output=True).stdout
    return list(np.frombuffer(data, np.uint8).reshape(-1, size[1], size[0], 3).astype(np.float32))


def frame_by_frame(program, clip, style, folder):
    """What painting each frame by itself gives, encoded as the video is."""
    stills, painted = os.path.join(folder, "stills"), os.path.join(folder, "painted-" + style)
    if not os.path.isdir(stills):
        os.mkdir(stills)
        run("ffmpeg", "-v", "error", "-i", clip, os.path.join(stills, "%04d.png"))
    run(program, "stylize", stills, "--style", style, "-o", painted + "/")
    result = os.path.join(folder, "peer.mkv")
    run("ffmpeg", "-v", "error", "-y", "-r", "25", "-pattern_type", "glob", "-i", os.path.join(painted, "*.png"),
        "-c:v", "libx264", "-crf", "18", "-preset", "veryfast", "-pix_fmt", "yuv420p", result)
    return result


def compare(program, name, clip, size, measure, styles, folder, floor):
    met = True
    for style in styles:
        ours, loose = (os.path.join(folder, f"{name}-{style}-{end}.mkv") for end in ("steady", "loose"))
        run(program, "video", clip, "--style", style, "-o", ours)
        run(program, "video", clip, "--style", style, "-o", loose, "--steadiness", "0")
        peer = measure(read_clip(frame_by_frame(program, clip, style, folder), size))
        values = [measure(read_clip(path, size)) for path in (ours, loose)]
        print(f"  {name}, {style}: of 255, frame by frame {peer:.3f}, fixed statistics and grain {values[1]:.3f}, "
              f"steady {values[0]:.3f}", flush=True)
        met &= judge(f"{name}, {style}: share of frame by frame", values[0] / peer, floor, most=True)
    return met


def seconds(program, clip, style, folder, name):
    """Wall time, and processor time of all processes over two cores."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    run(program, "video", clip, "--style", style, "-o", os.path.join(folder, name), "--threads", "2")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - begun, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / 2


def speed(program, sample, style, folder):
    random, size, counts, turns = np.random.default_rng(1), (1920, 1080), (15, 60), []
    clips = [os.path.join(folder, f"speed{count}.mp4") for count in counts]
    for clip, count in zip(clips, counts):
        # some 16 Mbit/s, as telephones write: at 124, decoding alone would take a tenth of the time
        write_clip(pan(sample, count, size, random), clip, crf="15")
    for turn in range(TURNS):
        taken = [seconds(program, clip, style, folder, f"out{turn}-{i}.mp4") for i, clip in enumerate(clips)]
        turns.append([(b - a) / (counts[1] - counts[0]) for a, b in zip(*taken)])
    wall, processor = (statistics.median(values) for values in zip(*turns))
    megabits = os.path.getsize(clips[1]) * 8 * 25 / counts[1] / 1e6
    print(f"  1920x1080, {megabits:.0f} Mbit/s: processor time {processor:.3f} s a frame on each of two cores", flush=True)
    return judge("1920x1080: seconds a frame", wall, 0.25, most=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("sample")
    parser.add_argument("--styles", default="great-wave,kiss")
    parser.add_argument("--only", default="still,pan,speed")
    parser.add_argument("--frames", type=int, default=16)
    parser.add_argument("--keep")
    options = parser.parse_args()
    sample, styles, only = Image.open(options.sample).convert("RGB"), options.styles.split(","), options.only.split(",")
    size, met = (1280, 720), True
    with tempfile.TemporaryDirectory() as temporary:
        for name, make, measure, floor in ("still", still, flicker, 1 / 3), ("pan", pan, warping, 1 / 2):
            if name in only:
                folder = os.path.join(options.keep or temporary, name)
                os.makedirs(folder)
                clip = os.path.join(folder, "clip.mp4")
                write_clip(make(sample, options.frames, size, np.random.default_rng(0)), clip)
                met &= compare(options.program, name, clip, size, measure, styles, folder, floor)
        if "speed" in only:
            met &= speed(options.program, sample, styles[0], temporary)
    return 0 if met else 1


sys.exit(main())
