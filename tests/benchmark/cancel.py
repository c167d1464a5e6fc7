#!/usr/bin/python3
"""Print how long work goes on after it was cancelled; exits with 1 where that is ever more than 200 ms.

    cancel.py PROGRAM PICTURES CALLS [CASE...] [--times N] [--folder F]

PROGRAM is pastiche, which gets Ctrl-C; PICTURES is cancel_pictures.c, which makes the pictures (deleted afterwards); CALLS is
cancel.c, which cancels calls of the library. Each case runs once to its end, then N times, stopped at random moments that
are spread over that time. Beside the seconds stand those of the processors, which tell more on a busy machine. A temporary
file that a stopped program leaves is an error. Cases are named as in the table.
"""
import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time

LIMIT = 0.2  # seconds
TRAINED = 10  # seconds of a training in which it is stopped

PICTURES = {
    "jpeg-100.jpg": ("jpeg", 10000, 10000), "jpeg-24.jpg": ("jpeg", 6000, 4000),
    "progressive-24.jpg": ("progressive", 6000, 4000), "turned-24.jpg": ("turned", 6000, 4000),
    "cmyk-24.jpg": ("cmyk", 6000, 4000), "interlaced-24.png": ("interlaced", 6000, 4000),
    "deep-24.png": ("deep", 6000, 4000), "wide.png": ("png", 1000000, 24), "high.png": ("png", 24, 1000000),
    "deep-wide.png": ("deep", 1000000, 16),
    "small.jpg": ("jpeg", 1200, 900), "style-1.jpg": ("jpeg", 4000, 3000), "style-2.jpg": ("progressive", 4000, 3000),
}

WAVE = ("--style", "great-wave")

# What the program is stopped in: its pictures and its words.
PROGRAMS = {
    "100 MP JPEG": (["jpeg-100.jpg"], ["stylize", "jpeg-100.jpg", *WAVE]),
    "100 MP JPEG, --size 3000": (["jpeg-100.jpg"], ["stylize", "jpeg-100.jpg", *WAVE, "--size", "3000"]),
    "progressive JPEG": (["progressive-24.jpg"], ["stylize", "progressive-24.jpg", *WAVE]),
    "turned JPEG": (["turned-24.jpg"], ["stylize", "turned-24.jpg", *WAVE]),
    "interlaced PNG": (["interlaced-24.png"], ["stylize", "interlaced-24.png", *WAVE]),
    "16-bit PNG": (["deep-24.png"], ["stylize", "deep-24.png", *WAVE]),
    "a million wide": (["wide.png"], ["stylize", "wide.png", *WAVE]),
    "a million high": (["high.png"], ["stylize", "high.png", *WAVE]),
    "3-style mix": (["jpeg-24.jpg", "style-1.jpg", "style-2.jpg"],
                    ["stylize", "jpeg-24.jpg", "--style", "style-1.jpg", "--style", "style-2.jpg:2", *WAVE,
                     "--style-size", "2048"]),
    "batch": (["small.jpg"], ["stylize", "batch", *WAVE, "-o", "results"]),
    "style make": (["progressive-24.jpg"], ["style", "make", "progressive-24.jpg", "-o", "own.style", "--style-size", "4096"]),
    "train --check": (["style-1.jpg"], ["train", "--check", "style-1.jpg"]),
}

# Calls of the library and their pictures.
CALLS = {
    "read 100 MP JPEG": ("read", "jpeg-100.jpg"), "read progressive JPEG": ("read", "progressive-24.jpg"),
    "read CMYK JPEG": ("read", "cmyk-24.jpg"), "read interlaced PNG": ("read", "interlaced-24.png"),
    "read 16-bit PNG": ("read", "deep-24.png"), "read 16 bit a million wide": ("read", "deep-wide.png"),
    "style of 24 MP": ("style", "jpeg-24.jpg"), "calibration of it": ("calibrate", "jpeg-24.jpg"), "paint 24 MP": ("paint", "jpeg-24.jpg"),
    "write JPEG": ("jpeg", "jpeg-24.jpg"), "write PNG": ("png", "jpeg-24.jpg"), "train": ("train", "style-1.jpg"),
}


class Folder:
    """A folder with pictures, made when they are needed."""

    def __init__(self, path, maker):
        self.path, self.maker = path, maker

    def need(self, name):
        kind, width, height = PICTURES[name]
        if not os.path.exists(os.path.join(self.path, name)):
            subprocess.run([self.maker, kind, str(width), str(height), os.path.join(self.path, name)], check=True)

    def make_batch(self):
        os.makedirs(os.path.join(self.path, "batch"), exist_ok=True)
        self.need("small.jpg")
        for i in range(8):
            link = os.path.join(self.path, "batch", f"{i}.jpg")
            if not os.path.exists(link):
                os.link(os.path.join(self.path, "small.jpg"), link)

    def results(self):
        """Files that are no pictures of ours, hidden ones too."""
        found = []
        for folder, _, names in os.walk(self.path):
            found += [os.path.join(folder, name) for name in names
                      if name not in PICTURES and os.path.basename(folder) not in ("batch", "styles")]
        return found

    def clear(self):
        for path in self.results():
            os.remove(path)


def processor_time(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
        return sum(map(int, file.read().rpartition(")")[2].split()[11:13])) / os.sysconf("SC_CLK_TCK")


def catches_interrupt(pid):
    """Or has ended."""
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
        status = dict(line.split(":", 1) for line in file)
    return status["State"].split()[0] == "Z" or int(status["SigCgt"], 16) >> (signal.SIGINT - 1) & 1


def run_program(program, folder, words, after):
    """Seconds until the program was gone after Ctrl-C, and of the processors, or None when it had ended before."""
    environment = {**os.environ, "XDG_CACHE_HOME": os.path.join(folder.path, "cache")}
    with subprocess.Popen([program, *words], cwd=folder.path, env=environment, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        try:
            process.wait(after)
            if process.returncode:
                sys.exit("cancel.py: %s failed" % " ".join(words))
            return None
        except subprocess.TimeoutExpired:
            pass
        while not catches_interrupt(process.pid): # in its first milliseconds the system would end it
            time.sleep(0.001)
        used, begun = processor_time(process.pid), time.perf_counter()
        process.send_signal(signal.SIGINT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun, max(0, usage.ru_utime + usage.ru_stime - used)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode == 0: # the result was there already
        return None
    if process.returncode != 128 + signal.SIGINT:
        sys.exit("cancel.py: %s ended with %d" % (" ".join(words), process.returncode))
    # Whole results may be there: of a batch, or where the signal came just after one.
    left = [path for path in folder.results() if os.path.basename(path).startswith(".")]
    if left:
        sys.exit("cancel.py: %s left %s" % (" ".join(words), ", ".join(left)))
    return seconds


def stop_program(program, folder, words, times):
    """[(seconds, of the processors, moment)] of stopping it so often."""
    begun = time.perf_counter()
    run_program(program, folder, words, None)
    whole = time.perf_counter() - begun
    found = []
    for i in range(times):
        folder.clear()
        moment, begun = whole * (i + random.random()) / times, time.perf_counter()
        seconds = run_program(program, folder, words, moment)
        if seconds:
            found.append((*seconds, moment))
        else:
            whole = min(whole, time.perf_counter() - begun)
    folder.clear()
    return found


def stop_call(calls, folder, call, picture, times):
    output = subprocess.run([calls, call, str(times), picture], cwd=folder.path, check=True, stdout=subprocess.PIPE).stdout
    return [tuple(map(float, line.split())) for line in output.decode().splitlines()]


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("program"), ap.add_argument("pictures"), ap.add_argument("calls")
    ap.add_argument("cases", nargs="*", help="default: all")
    ap.add_argument("--times", type=int, default=8)
    ap.add_argument("--folder")
    a = ap.parse_args()
    # In the background a shell has it ignored, and so would the program.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    late = False
    print("%-30s %6s %8s %8s %10s   %s" % ("", "times", "median", "worst", "processor", "worst stopped after"), flush=True)
    with tempfile.TemporaryDirectory(dir=a.folder) as path:
        folder = Folder(path, os.path.abspath(a.pictures))
        for name in a.cases or [*PROGRAMS, *CALLS]:
            if name in PROGRAMS:
                pictures, words = PROGRAMS[name]
                for picture in pictures:
                    folder.need(picture)
                folder.make_batch()
                found = stop_program(os.path.abspath(a.program), folder, words, a.times)
            else:
                call, picture = CALLS[name]
                folder.need(picture)
                found = stop_call(os.path.abspath(a.calls), folder, call, picture, a.times)
            if not found:
                sys.exit("cancel.py: %s: was always faster than its end" % name)
            worst = max(found)
            late |= worst[0] > LIMIT
            print("%-30s %6d %8.3f %8.3f %10.3f   %.2f s%s" % (
                name, len(found), statistics.median(f[0] for f in found), worst[0], max(f[1] for f in found), worst[2],
                "  LATE" if worst[0] > LIMIT else ""), flush=True)
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
