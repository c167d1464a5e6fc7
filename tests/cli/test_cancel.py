"""Ctrl-C wherever the program is: it ends as stopped and leaves nothing behind. How soon is measured by a benchmark, cancel.py."""
import fcntl
import os
import signal
import struct
import subprocess
import termios
import threading
import time

from bench import Bench, TIMEOUT, is_watching, landscape, red_waves
from pictures import draw
from test_terminal import large

SHORT = ("--set", "size=64", "--set", "smallest_window=64", "--set", "largest_window=96", "--set", "batch=2")


def begun(descriptor):
    """Reads what is there; whether it tells of progress."""
    try:
        return b"progress" in os.read(descriptor, 65536)
    except BlockingIOError:
        return False


def fill(descriptor):
    """Leaves no room in a pipe."""
    own = os.open(f"/proc/self/fd/{descriptor}", os.O_WRONLY | os.O_NONBLOCK) # the program's goes on to wait
    for size in 4096, 1:
        try:
            while True:
                os.write(own, b" " * size)
        except BlockingIOError:
            pass
    os.close(own)


def threads(process):
    """What the system says of each thread: its state, and what it took of the processors."""
    found = []
    for thread in os.listdir(f"/proc/{process.pid}/task"):
        with open(f"/proc/{process.pid}/task/{thread}/stat", encoding="ascii", errors="replace") as file:
            words = file.read().rpartition(")")[2].split()
        found.append((words[0], words[11], words[12]))
    return found


def is_stuck(process):
    """Whether all threads sleep, and go on to."""
    before = threads(process)
    time.sleep(0.2)
    return before == threads(process) and all(state == "S" for state, _, _ in before)


def waiting(descriptor):
    """Bytes that wait in a pipe."""
    return struct.unpack("i", fcntl.ioctl(descriptor, termios.FIONREAD, b"\0" * 4))[0]


class Cancel(Bench):
    def interrupt(self, words, reached=lambda process: True):
        """Starts the program, sends SIGINT once it has come that far, and checks that it stopped and left nothing."""
        before = self.files()
        with self.start(*words, here=self.here, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            self.until(process, lambda: is_watching(process) and reached(process))
            process.send_signal(signal.SIGINT)
            try:
                out, err = process.communicate(timeout=TIMEOUT)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        self.assertEqual((process.returncode, out), (128 + signal.SIGINT, b""), err)
        self.assertEqual(self.files(), before)

    def test_waiting_for_a_pipe(self):
        os.mkfifo(self.path("pipe"))
        commands = (["stylize", "pipe", "--style", "red-one", "-o", "a.png"],
                    ["stylize", "photo.png", "--style", "pipe", "-o", "a.png"],
                    ["style", "make", "pipe", "-o", "a.style"])
        for words in commands: # which nobody opens
            self.interrupt(words)
        picture = large(3000, 3000)
        for words in commands: # which ends in the middle of the pixels, without an end
            for share in 0, 0.5, 0.99:
                self.interrupt(words, self.feed(picture[:int(share * len(picture))]))

    def feed(self, data):
        """Writes to the pipe and keeps it open; what was sent is to be read before the interrupt."""
        opened = []

        def write():
            descriptor = os.open(self.path("pipe"), os.O_WRONLY)
            done = 0
            while done < len(data):
                done += os.write(descriptor, data[done:done + 65536])
            opened.append(descriptor)

        thread = threading.Thread(target=write, daemon=True)
        thread.start()
        self.addCleanup(lambda: [os.close(descriptor) for descriptor in opened])
        return lambda process: opened and waiting(opened[0]) == 0

    def test_many_moments(self):
        """Reading, both passes, writing: spread over all of a run."""
        self.put("big.png", large(1600, 1200))
        words = ["stylize", "big.png", "--style", self.at("red.png"), "--style", "blue-one", "-o", "a.png"]
        begun = time.monotonic()
        self.pastiche(*words)
        whole = time.monotonic() - begun
        os.remove(self.path("a.png"))
        for i in range(12):
            with self.start(*words, here=self.here, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
                self.until(process, lambda: is_watching(process) or process.poll() is not None)
                time.sleep(whole * i / 12)
                process.send_signal(signal.SIGINT)
                _, err = process.communicate(timeout=TIMEOUT)
            self.assertIn(process.returncode, (0, 128 + signal.SIGINT), err)
            self.assertFalse([name for name in self.files() if name not in ("big.png", "photo.png", "a.png")])
            there = "a.png" in self.files()
            self.assertTrue(there or process.returncode)
            if there: # then it is whole, even where the signal came just after it
                self.assertEqual(self.picture("a.png").shape[1], 1600)
                os.remove(self.path("a.png"))

    def test_training_that_has_nothing_yet(self):
        self.put("large.png", draw(700, 600, red_waves))
        self.put("photos/a.png", draw(700, 600, landscape))
        for lines in 0, 1, 2: # reading, looking, looking
            self.interrupt(["train", "large.png", "--name", "x", "-o", "x.style", "--photos", "photos", "--log", f"../log{lines}", *SHORT],
                           lambda process, lines=lines: self.logged(f"log{lines}") >= lines)

    def logged(self, name):
        path = os.path.join(self.home, name)
        if not os.path.exists(path):
            return 0
        with open(path, "rb") as file:
            return file.read().count(b"\n")

    def test_second_interrupt(self):
        """It ends at once what the first could not: here nobody reads what is printed."""
        self.put("big.png", large(6000, 4000))
        os.mkdir(self.path("out"))
        read, write = os.pipe()
        self.addCleanup(os.close, read)
        with self.start("stylize", "big.png", "--style", "red-one", "--json", "-o", "out", here=self.here, stdout=write,
                        stderr=subprocess.DEVNULL) as process:
            os.set_blocking(read, False)
            self.until(process, lambda: begun(read))
            fill(write)
            os.close(write)
            self.until(process, lambda: is_stuck(process))
            process.send_signal(signal.SIGINT)
            self.until(process, lambda: not is_watching(process) and is_stuck(process))
            process.send_signal(signal.SIGINT)
            process.wait(TIMEOUT)
        self.assertEqual(process.returncode, -signal.SIGINT)
        self.assertFalse([name for name in self.files("out") if not name.startswith(".")])
