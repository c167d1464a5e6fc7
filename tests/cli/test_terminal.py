"""Progress on a terminal, signals, and readers that go away."""
import json
import os
import pty
import signal
import subprocess

import numpy as np

from bench import Bench, TIMEOUT, is_watching
from pictures import encode
from test_styles import read_style


def large(width, height):
    """A PNG that takes a while to paint and no time to make."""
    row = (np.arange(width)[:, None] * 7 + np.arange(3) * 50).astype(np.uint8)
    return encode(np.broadcast_to(row, (height, width, 3)))


class Terminal(Bench):
    def on_terminal(self, *words, environment=None, typed=None):
        """Standard output, and what a terminal on standard error got, which has the keyboard if something is typed."""
        try:
            master, slave = pty.openpty()
        except OSError as error:
            self.skipTest(f"there are no terminals here: {error}")
        if typed:
            os.write(master, typed)
        with self.start(*words, here=self.here, stdin=slave if typed else subprocess.DEVNULL,
                        stdout=subprocess.PIPE, stderr=slave,
                        environment={"TERM": "xterm", **(environment or {})}) as process:
            os.close(slave)
            shown = b""
            while True:
                try:
                    part = os.read(master, 65536)
                except OSError:
                    break
                if not part:
                    break
                shown += part
            out = process.stdout.read()
        os.close(master)
        return process.returncode, out.decode(), shown.decode()

    def test_progress(self):
        self.put("photo.png", large(1500, 1500))
        status, out, shown = self.on_terminal("stylize", "photo.png", "--style", "red-one")
        self.assertEqual((status, out), (0, "photo-red-one.png\n"))
        self.assertRegex(shown, r"\rphoto\.png  \[#*\.*\]  +\d+%")
        self.assertTrue(shown.endswith("\r\x1b[K"), "the line is removed at the end")

    def test_summary_of_a_batch(self):
        self.put("b.png", b"no picture")
        status, _, shown = self.on_terminal("stylize", "photo.png", "b.png", "--style", "red-one", "-o", "out")
        self.assertEqual(status, 1)
        self.assertIn("2/2  b.png", shown)
        self.assertRegex(shown, r"1 painted, 1 failed, in 0:\d\d")

    def test_dumb_terminal(self):
        _, _, shown = self.on_terminal("stylize", "photo.png", "--style", "red-one", environment={"TERM": "dumb"})
        self.assertEqual(shown, "")

    def test_rights_are_asked(self):
        """Once, before a training; the answer is the licence of the style."""
        words = ("train", "photo.png", "--name", "Whose", "--steps", "1", "--set", "size=64", "--set", "style_side=96",
                 "--set", "synthetic=0", "-o")
        for number, (typed, more, licence) in enumerate((
                (b"2\n", (), "public domain"), (b"\n", (), "rights not known"), (b"5\n", (), "rights not known"),
                (b"2\n", ("--rights", "permission"), "by permission of the artist"),
                (b"2\n", ("--licence", "CC0"), "CC0"))):
            style = f"{number}.style"
            status, out, shown = self.on_terminal(*words, style, *more, typed=typed)
            self.assertEqual((status, out), (0, style + "\n"), shown)
            self.assertEqual(shown.count("Whose pictures are these?"), 0 if more else 1)
            self.assertEqual(read_style(self.path(style))[0]["licence"], licence)

    def test_json_on_terminal(self):
        _, out, shown = self.on_terminal("stylize", "photo.png", "--style", "red-one", "--json")
        self.assertEqual(shown, "")
        for line in out.splitlines():
            json.loads(line)

    def interrupt(self, number):
        """Signals the program while it paints the second photograph, and returns its exit status and events."""
        self.put("big.png", large(6000, 4000))
        events = []
        with self.start("stylize", "photo.png", "big.png", "--style", "red-one", "--json", "-o", "out",
                        here=self.here, stdout=subprocess.PIPE) as process:
            for line in process.stdout:
                events.append(json.loads(line))
                if events[-1].get("number") == 2 and events[-1].get("share", 0) > 0.05:
                    process.send_signal(number)
                    break
            events += [json.loads(line) for line in process.stdout]
            process.wait(TIMEOUT)
        return process.returncode, events

    def test_interrupt(self):
        for number in signal.SIGINT, signal.SIGTERM:
            status, events = self.interrupt(number)
            self.assertEqual(status, 128 + number)
            self.assertEqual((events[-1]["event"], events[-1]["interrupted"], events[-1]["painted"]), ("summary", True, 1))
            self.assertEqual(len(self.files("out")), 1 if number == signal.SIGINT else 2)
            self.assertFalse([name for name in self.files("out") if not name.startswith("photo-red-one")])

    def test_interrupt_style_make(self):
        self.put("big.png", large(8000, 8000))
        with self.start("style", "make", "big.png", "-o", "big.style", "--style-size", "8192", here=self.here,
                        stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            self.until(process, lambda: is_watching(process))
            process.send_signal(signal.SIGINT)
            _, text = process.communicate(timeout=TIMEOUT)
        self.assertEqual((process.returncode, text), (130, b"pastiche: stopped; nothing was written\n"))
        self.assertEqual(self.files(), ["big.png", "photo.png"])

    def test_reader_goes_away(self):
        for name in "a.png", "b.png", "c.png":
            self.put(name)
        read, write = os.pipe()
        os.close(read)
        for words in [], ["--json"]:
            with self.start("stylize", "a.png", "b.png", "c.png", "--style", "red-one", "-o", "out", *words,
                            here=self.here, stdout=write, stderr=subprocess.PIPE) as process:
                text = process.communicate(timeout=TIMEOUT)[1].decode()
            self.assertEqual(process.returncode, 1)
            self.assertIn("standard output: Broken pipe", text)
        os.close(write)
