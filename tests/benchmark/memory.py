#!/usr/bin/python3
"""Print how much memory and time painting takes from a megapixel to a gigapixel, from file to file.

    memory.py PROGRAM MAKER STYLE [--sizes 1,12,100] [--formats jpg] [--budgets 0] [--threads N] [--folder F]

PROGRAM is pastiche, MAKER is memory.c, which makes the pictures (deleted afterwards). Sizes are in megapixels; 1000 is a
gigapixel, 40,000 x 25,000. Budgets are the MB of --memory, 0 being the default. The peak is
the kernel's count of the process's resident memory; the floors are 250 MB for 12, 500 for 100 and 1,000 for 1,000
megapixels, and a time per megapixel within 1.6 times that of the smallest.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

from floors import judge

SIDES = {1: (1000, 1000), 12: (4000, 3000), 100: (10000, 10000), 1000: (40000, 25000)}
FLOORS = {12: 250, 100: 500, 1000: 1000}


def measure(words):
    """Seconds, peak MB and the JSON events of a command."""
    start = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(words, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - start
        if process.returncode:
            sys.exit("memory.py: %s failed" % " ".join(words))
        output.seek(0)
        events = [json.loads(line) for line in output.read().decode().splitlines()]
    return seconds, usage.ru_maxrss / 1024, {event["event"]: event for event in events}


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("program"), ap.add_argument("maker"), ap.add_argument("style")
    ap.add_argument("--sizes", default="1,12,100")
    ap.add_argument("--formats", default="jpg")
    ap.add_argument("--budgets", default="0")
    ap.add_argument("--threads", type=int, default=0)
    ap.add_argument("--folder", default=None)
    a = ap.parse_args()
    print("%6s %-4s %7s %9s  %8s %8s %7s  %6s %6s %6s %6s  %8s %8s" % (
        "MP", "", "budget", "features", "seconds", "s/MP", "curve", "read", "gather", "paint", "write", "plan MB", "peak MB"),
        flush=True)
    first, verdicts = {}, []
    with tempfile.TemporaryDirectory(dir=a.folder) as folder:
        for size in map(int, a.sizes.split(",")):
            width, height = SIDES.get(size) or (int((size * 1e6) ** 0.5),) * 2
            for suffix in a.formats.split(","):
                photo, result = (os.path.join(folder, name + "." + suffix) for name in ("photo", "result"))
                subprocess.run([a.maker, str(width), str(height), photo], check=True)
                for budget in map(int, a.budgets.split(",")):
                    words = [a.program, "stylize", photo, "--style", a.style, "-o", result, "--json"]
                    words += ["--memory", str(budget)] if budget else []
                    words += ["--threads", str(a.threads)] if a.threads else []
                    seconds, peak, events = measure(words)
                    plan, done = events["plan"], events["done"]
                    rate = seconds / (width * height / 1e6)
                    curve = rate / first.setdefault((suffix, budget), rate)
                    what = "%d megapixels, %s, budget %s" % (size, suffix, budget or "default")
                    if size in FLOORS:
                        verdicts.append(("MB at most for " + what, peak, FLOORS[size]))
                        verdicts.append(("times the seconds a megapixel, " + what, curve, 1.6))
                    print("%6d %-4s %7s %9s  %8.2f %8.3f %7.2f  %6.2f %6.2f %6.2f %6.2f  %8d %8.0f" % (
                        size, suffix, budget or "default", "kept" if plan["keeps_features"] else "twice", seconds, rate,
                        curve, done["reading_seconds"], done["gathering_seconds"], done["painting_seconds"],
                        done["writing_seconds"], plan["memory_megabytes"], peak), flush=True)
                    os.remove(result)
                os.remove(photo)
    for verdict in verdicts:
        judge(*verdict, most=True)


if __name__ == "__main__":
    main()
