"""The program as it is started, driven by keys and pointer: open, pick, adjust, compare, mask, undo, export."""
import json
import os
import shutil
import subprocess
import tempfile
import time
import unittest

from PIL import Image, ImageChops, ImageGrab, ImageStat

PROGRAM = os.environ["PASTICHE"]
SAMPLE = os.path.join(os.environ["PASTICHE_DATA"], "samples", "lake.jpg")
HOME = os.environ["HOME"]
PATIENCE = 60  # seconds


def xdotool(*words):
    return subprocess.run(["xdotool", *map(str, words)], capture_output=True, text=True).stdout.split()


def wait_for(what, condition):
    end = time.time() + PATIENCE
    while time.time() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.1)
    raise AssertionError(f"waited in vain for {what}")


class Window:
    started = []

    def __init__(self, *arguments):
        self.process = subprocess.Popen([PROGRAM, *arguments], stderr=subprocess.PIPE, text=True)
        Window.started.append(self.process)
        self.id = wait_for("the window", lambda: self.windows()[:1])[0]
        time.sleep(0.5)
        self.focus(self.id)

    @classmethod
    def kill_all(cls):
        for process in cls.started:
            if process.poll() is None:
                process.kill()
                process.communicate()
        cls.started.clear()

    def windows(self):
        return xdotool("search", "--onlyvisible", "--pid", self.process.pid)

    def focus(self, window):
        xdotool("windowfocus", "--sync", window)
        time.sleep(0.2)

    def keys(self, *keys):
        for key in keys:
            xdotool("key", key)
            time.sleep(0.15)

    def type(self, text):
        xdotool("type", "--delay", 40, text)
        time.sleep(0.4)

    def picture(self):
        """Of the canvas: the window without its bar and its side panel."""
        time.sleep(0.3)
        words = xdotool("getwindowgeometry", "--shell", self.id)
        x, y, width, height = (int(next(w for w in words if w.startswith(k)).split("=")[1])
                               for k in ("X=", "Y=", "WIDTH=", "HEIGHT="))
        self.x, self.y, self.width, self.height = x, y, width, height
        return ImageGrab.grab(xdisplay="").crop((x + 30, y + 80, x + width - 360, y + height - 120))

    def settled_picture(self):
        """The canvas once it has not changed for a second."""
        last, since = self.picture(), time.time()
        while time.time() - since < 1:
            now = self.picture()
            if difference(last, now) > 0:
                last, since = now, time.time()
        return last

    def end(self):
        self.focus(self.id)
        self.keys("ctrl+q")
        errors = self.process.communicate(timeout=PATIENCE)[1]
        # There is nobody here to send notifications to.
        return self.process.returncode, [e for e in errors.splitlines() if ("WARNING" in e or "CRITICAL" in e)
                                         and "org.freedesktop.Notifications" not in e]


def difference(a, b):
    return sum(ImageStat.Stat(ImageChops.difference(a.convert("RGB"), b.convert("RGB"))).mean)


def tensors(path):
    """The header of a safetensors file."""
    with open(path, "rb") as file:
        return json.loads(file.read(int.from_bytes(file.read(8), "little")))


class Program(unittest.TestCase):
    maxDiff = None

    def tearDown(self):
        # One that a failed test leaves would take the next ones' photos.
        Window.kill_all()

    def test_a_photo_becomes_a_painting(self):
        window = Window(SAMPLE)
        original = window.settled_picture()

        # A style by its name.
        window.keys("ctrl+f")
        window.type("great wave")
        window.keys("Return")
        wait_for("the painting", lambda: difference(original, window.picture()) > 5)
        painted = window.settled_picture()

        # The original as long as a key is held.
        xdotool("keydown", "backslash")
        window.keys("Escape", "Escape")

        # Undo brings back the photo, redo the painting.
        xdotool("keyup", "backslash")
        xdotool("mousemove", window.x + 200, window.y + 200, "click", 1)
        window.keys("ctrl+z")
        self.assertLess(difference(original, window.settled_picture()), 0.5)
        window.keys("ctrl+shift+z")
        self.assertLess(difference(painted, window.settled_picture()), 0.5)

        # Beside each other.
        window.keys("ctrl+b")
        split = window.settled_picture()
        self.assertGreater(difference(split, painted), 1)
        self.assertGreater(difference(split, original), 1)
        window.keys("ctrl+b")

        # A stroke of the brush: the style is there only.
        window.keys("alt+3")
        x, y = window.x + 200, window.y + 300
        xdotool("mousemove", x, y, "mousedown", 1)
        for i in range(12):
            xdotool("mousemove", x + 20 * i, y + 4 * i)
        xdotool("mouseup", 1)
        window.keys("alt+1")
        wait_for("the results", lambda: difference(painted, window.settled_picture()) > 20)
        window.keys("ctrl+h")  # their strip makes the canvas smaller
        masked = window.settled_picture()
        self.assertGreater(difference(masked, painted), 1)
        self.assertGreater(difference(masked, original), 0.5)
        window.keys("ctrl+z")
        self.assertLess(difference(painted, window.settled_picture()), 0.5)

        # Out with it.
        window.keys("ctrl+e")
        dialog = wait_for("the dialog", lambda: [w for w in window.windows() if w != window.id])
        window.focus(dialog[0])
        window.keys("Return")
        target = os.path.join(HOME, "lake-great-wave.jpg")
        wait_for("the file", lambda: os.path.exists(target))
        with Image.open(target) as result, Image.open(SAMPLE) as photo:
            self.assertEqual(result.size, photo.size)
            self.assertGreater(difference(result, photo), 10)
        status, complaints = window.end()
        self.assertEqual((status, complaints), (0, []))

    def test_a_second_start_joins_the_first(self):
        window = Window()
        second = subprocess.run([PROGRAM, SAMPLE], capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(second.returncode, 0)
        wait_for("the title", lambda: b"lake.jpg" in subprocess.run(
            ["xdotool", "getwindowname", window.id], capture_output=True).stdout)
        self.assertEqual(window.end(), (0, []))

    def test_a_second_photo_gets_a_window(self):
        with tempfile.TemporaryDirectory() as folder:
            other = os.path.join(folder, "other lake.jpg")
            shutil.copy(SAMPLE, other)
            window = Window(SAMPLE)
            window.settled_picture()
            # As a file manager starts it.
            second = subprocess.run([PROGRAM, other], capture_output=True, text=True, timeout=PATIENCE)
            self.assertEqual((second.returncode, second.stderr), (0, ""))
            # A hint under the pointer is a window, too.
            titles = lambda: {subprocess.run(["xdotool", "getwindowname", w], capture_output=True, text=True).stdout.strip()
                              for w in window.windows()}
            wait_for("a window for each", lambda: {"lake.jpg", "other lake.jpg"} <= titles())
            self.assertEqual(window.end(), (0, []))

    @unittest.skipIf(shutil.which("openbox") is None, "openbox is not installed")
    def test_full_screen(self):
        manager = subprocess.Popen(["openbox"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            time.sleep(1)
            window = Window(SAMPLE)
            window.settled_picture()
            screen = tuple(map(int, xdotool("getdisplaygeometry")))
            before = (window.width, window.height)
            self.assertNotEqual(before, screen)
            for leave in ("F11", "Escape"):
                window.keys("F11")
                wait_for("the full screen", lambda: window.picture() and (window.width, window.height) == screen)
                folder = os.environ.get("PST_SCREENSHOTS")
                if folder:
                    os.makedirs(folder, exist_ok=True)
                    ImageGrab.grab(xdisplay="").save(os.path.join(folder, "full-screen.png"))
                window.keys(leave)
                wait_for("the window", lambda: window.picture() and (window.width, window.height) == before)
            self.assertEqual(window.end(), (0, []))
        finally:
            manager.terminate()
            manager.wait()

    def test_a_killed_program_offers_to_go_on(self):
        window = Window(SAMPLE)
        window.keys("ctrl+f")
        window.type("kiss")
        window.keys("Return")
        window.settled_picture()
        window.process.kill()
        window.process.communicate()
        states = os.path.join(HOME, ".local", "state", "pastiche")
        self.assertEqual(len(os.listdir(states)), 1)
        time.sleep(0.5)  # the bus has to notice that the first is gone
        window = Window()
        self.assertEqual(window.end(), (0, []))

    def test_a_killed_training_goes_on(self):
        """One that was asked for is begun by the program, killed with it, and goes on where it was at the next start."""
        states = os.path.join(HOME, ".local", "state", "pastiche")
        request = os.path.join(states, "lake.training")
        checkpoint = request + ".checkpoint"
        style = os.path.join(HOME, ".local", "share", "pastiche", "styles", "lake.style")
        os.makedirs(states, exist_ok=True)
        with open(request, "w") as file:
            file.write(f"[training]\nname=Lake\npictures={SAMPLE};\nsettings=steps=100000;seconds=0;size=64;batch=1;"
                       "smallest_window=64;largest_window=96;style_side=96;synthetic=0;validations=1000;"
                       "patience=1000;content=0;content_limit=10;rate=0.002;average=0.5;\n")

        def go_on(window):
            window.keys("ctrl+t")
            dialog = wait_for("the dialog", lambda: [w for w in window.windows() if w != window.id])
            window.focus(dialog[0])
            window.keys("alt+g")

        window = Window()
        go_on(window)
        wait_for("a checkpoint", lambda: os.path.exists(checkpoint))
        window.process.kill()
        window.process.communicate()
        killed = tensors(checkpoint)["curve"]["shape"][0]
        time.sleep(0.5)

        # Closing the window is no end either: what was learnt is kept.
        window = Window()
        go_on(window)
        time.sleep(6)  # it reads the pictures, and practises for some steps
        self.assertEqual(window.end(), (0, []))
        closed = tensors(checkpoint)["curve"]["shape"][0]
        self.assertGreaterEqual(closed, killed)

        window = Window()
        go_on(window)

        def kept():
            # There is something to keep once it has practised; the dialog says so by taking the key.
            dialog = [w for w in window.windows() if w != window.id]
            if dialog:
                window.focus(dialog[0])
                window.keys("alt+k")
            return os.path.exists(style) and not os.path.exists(request)

        wait_for("the style", kept)
        steps = json.loads(tensors(style)["__metadata__"]["curve"])["step"]
        self.assertGreater(steps[-1], closed)
        self.assertFalse(os.path.exists(checkpoint))
        self.assertEqual(window.end(), (0, []))
        os.remove(style)

    def test_a_broken_file_is_told_of(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "broken.jpg")
            with open(path, "wb") as file:
                file.write(b"\xff\xd8\xff\xe0 and then nothing")
            window = Window(path)
            time.sleep(1)
            self.assertIsNone(window.process.poll())
            self.assertEqual(window.end(), (0, []))
