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
STATES = os.path.join(HOME, ".local", "state", "pastiche")
PATIENCE = 300  # seconds; machines may be busy
NAME = "org.pastiche.Pastiche"  # on the bus


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


def engine(process):
    """Of all threads but the one that draws: their states, and what they took of the processors."""
    found = []
    for thread in os.listdir(f"/proc/{process.pid}/task"):
        if int(thread) != process.pid:
            try:
                with open(f"/proc/{process.pid}/task/{thread}/stat", encoding="ascii", errors="replace") as file:
                    words = file.read().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has ended since
            found.append((words[0], words[11], words[12]))
    return found


def is_free(name=NAME):
    """Whether no program has that name on the bus: one that has ended keeps it for a moment."""
    answer = subprocess.run(["gdbus", "call", "--session", "--dest", "org.freedesktop.DBus", "--object-path",
                             "/org/freedesktop/DBus", "--method", "org.freedesktop.DBus.NameHasOwner", name],
                            capture_output=True, text=True, check=True)
    return "false" in answer.stdout


class Window:
    started = []

    def __init__(self, *arguments):
        # It would be asked to open the window, and nobody would.
        wait_for("the end of the one before", is_free)
        self.process = subprocess.Popen([PROGRAM, *arguments], stderr=subprocess.PIPE, text=True)
        Window.started.append(self.process)
        self.id = wait_for("the window", self.windows_of_one_that_runs)[0]
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

    def windows_of_one_that_runs(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the program ended with {self.process.returncode}: {self.process.stderr.read()}")
        return self.windows()[:1]

    def titles(self):
        """Of its windows: {title: window}. A hint under the pointer is a window, too."""
        return {" ".join(xdotool("getwindowname", window)): window for window in self.windows()}

    def dialog(self, title):
        """Waits for a dialog and types into it from then on."""
        wait_for(title, lambda: title in self.titles())
        self.focus(self.titles()[title])

    def kill(self):
        self.process.kill()
        self.process.communicate()

    def focus(self, window):
        def focused():
            xdotool("windowfocus", window)
            return xdotool("getwindowfocus", "-f") == [window]

        wait_for("the focus", focused)

    def keys(self, *keys):
        for key in keys:
            xdotool("key", key)
            self.heed()

    def type(self, text):
        xdotool("type", "--delay", 40, text)
        self.heed()

    def heed(self):
        """Waits until the program has answered on the bus: its main loop has then seen what came before."""
        subprocess.run(["gdbus", "call", "--session", "--timeout", str(PATIENCE), "--dest", NAME, "--object-path",
                        "/org/pastiche/Pastiche", "--method", "org.gtk.Actions.List"], capture_output=True)

    def picture(self):
        """Of the canvas: the window without its bar and its side panel."""
        self.heed()
        words = xdotool("getwindowgeometry", "--shell", self.id)
        x, y, width, height = (int(next(w for w in words if w.startswith(k)).split("=")[1])
                               for k in ("X=", "Y=", "WIDTH=", "HEIGHT="))
        self.x, self.y, self.width, self.height = x, y, width, height
        return ImageGrab.grab(xdisplay="").crop((x + 30, y + 130, x + width - 460, y + height - 140))

    def settled_picture(self):
        """The canvas once it has not changed for a second in which the program went on answering, nor has anything been
        painted meanwhile."""
        end = time.time() + PATIENCE
        last, before, since, answers = self.picture(), engine(self.process), time.time(), 0
        while time.time() - since < 1 or answers < 4:
            time.sleep(0.2)
            now, work = self.picture(), engine(self.process)
            answers += 1
            if difference(last, now) > 0 or work != before or any(state != "S" for state, _, _ in work):
                last, before, since, answers = now, work, time.time(), 0
            if time.time() > end:
                raise AssertionError("waited in vain for the painting")
        return last

    def until(self, what, condition):
        """Waits for a picture of the canvas that meets a condition."""
        wait_for(what, lambda: condition(self.picture()))

    def until_like(self, wanted):
        self.until("a picture seen before", lambda picture: difference(wanted, picture) < 0.5)

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

    def setUp(self):
        # A window that was closed is offered at the next start.
        shutil.rmtree(STATES, ignore_errors=True)

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
        window.until("the painting", lambda picture: difference(original, picture) > 5)
        painted = window.settled_picture()

        # The original as long as a key is held.
        xdotool("keydown", "backslash")
        window.keys("Escape", "Escape")

        # Undo brings back the photo, redo the painting.
        xdotool("keyup", "backslash")
        xdotool("mousemove", window.x + 200, window.y + 200, "click", 1)
        window.keys("ctrl+z")
        window.until_like(original)
        window.keys("ctrl+shift+z")
        window.until_like(painted)

        # Beside each other.
        window.keys("ctrl+b")
        window.until("both", lambda picture: min(difference(picture, painted), difference(picture, original)) > 1)
        window.keys("ctrl+b")
        window.until_like(painted)

        # A stroke of the brush: the style is there only.
        window.keys("ctrl+r")
        x, y = window.x + 200, window.y + 300
        xdotool("mousemove", x, y, "mousedown", 1)
        for i in range(12):
            xdotool("mousemove", x + 20 * i, y + 4 * i)
        xdotool("mouseup", 1)
        window.keys("ctrl+r")
        masked = window.settled_picture()
        self.assertGreater(difference(masked, painted), 1)
        self.assertGreater(difference(masked, original), 0.5)
        window.keys("ctrl+z")
        window.until_like(painted)

        # Out with it.
        window.keys("ctrl+e")
        window.dialog("Export")
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
        wait_for("the title", lambda: "lake.jpg" in window.titles())
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
            wait_for("a window for each", lambda: {"lake.jpg", "other lake.jpg"} <= set(window.titles()))
            self.assertEqual(window.end(), (0, []))

    @unittest.skipIf(shutil.which("openbox") is None, "openbox is not installed")
    def test_full_screen(self):
        manager = subprocess.Popen(["openbox"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for("the window manager", lambda: xdotool("get_num_desktops"))
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
        window.settled_picture()
        window.keys("ctrl+f")
        window.type("kiss")
        window.keys("Return")
        window.settled_picture()
        wait_for("the session", lambda: os.path.isdir(STATES) and os.listdir(STATES))
        window.kill()
        self.assertTrue([name for name in os.listdir(STATES) if name.endswith(".session")])
        window = Window()
        self.assertEqual(window.end(), (0, []))

    def test_quitting_finishes_the_export(self):
        window = Window(SAMPLE)
        window.settled_picture()
        window.keys("ctrl+f")
        window.type("great wave")
        window.keys("Return")
        window.settled_picture()
        target = os.path.join(HOME, "lake-great-wave.jpg")
        if os.path.exists(target):
            os.remove(target)
        window.keys("ctrl+e")
        window.dialog("Export")
        window.keys("Return")
        self.assertEqual(window.end(), (0, []))
        with Image.open(target) as result, Image.open(SAMPLE) as photo:
            self.assertEqual(result.size, photo.size)

    def test_a_killed_training_goes_on(self):
        """One that was asked for is begun by the program, killed with it, and goes on at the next start."""
        request = os.path.join(STATES, "lake.training")
        checkpoint = request + ".checkpoint"
        style = os.path.join(HOME, ".local", "share", "pastiche", "styles", "lake.style")
        os.makedirs(STATES, exist_ok=True)
        with open(request, "w") as file:
            file.write(f"[training]\nname=Lake\npictures={SAMPLE};\nsettings=steps=100000;seconds=0;size=64;batch=1;"
                       "smallest_window=64;largest_window=96;style_side=96;synthetic=0;validations=1000;patience=1000;"
                       "content=0;content_limit=10;rate=0.002;average=0.5;\n")

        def written():
            return os.stat(checkpoint).st_mtime_ns if os.path.exists(checkpoint) else 0

        def go_on(window):
            """Until it has learnt something more."""
            before = written()
            window.keys("ctrl+t")
            window.dialog("Train a Style")
            window.keys("alt+g")
            wait_for("a checkpoint", lambda: written() > before)

        window = Window()
        go_on(window)
        window.kill()
        killed = tensors(checkpoint)["curve"]["shape"][0]

        # Closing the window is no end either: what was learnt is kept.
        window = Window()
        go_on(window)
        self.assertEqual(window.end(), (0, []))
        closed = tensors(checkpoint)["curve"]["shape"][0]
        self.assertGreaterEqual(closed, killed)

        window = Window()
        go_on(window)

        window.dialog("Lake")
        window.keys("alt+k")
        wait_for("the style", lambda: os.path.exists(style) and not os.path.exists(request))
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
            window.settled_picture()
            self.assertIsNone(window.process.poll())
            self.assertEqual(window.end(), (0, []))
