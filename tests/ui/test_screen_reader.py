"""What a screen reader is told of the window, over the bus that it listens to (AT-SPI)."""
import os
import subprocess
import time
import unittest

try:
    import pyatspi
    from gi.repository import GLib
except ImportError:
    pyatspi = None

PROGRAM = os.environ["PASTICHE"]
SAMPLE = os.path.join(os.environ["PASTICHE_DATA"], "samples", "lake.jpg")
PATIENCE = 300  # seconds; machines may be busy
# What can be reached and does something.
CONTROLS = {"push button", "toggle button", "check box", "slider", "entry", "text", "page tab", "table cell",
            "list item", "combo box", "spin button", "switch"}


def wait_for(what, condition):
    end = time.time() + PATIENCE
    while time.time() < end:
        # What has changed meanwhile is told in the main loop.
        while GLib.MainContext.default().iteration(False):
            pass
        value = condition()
        if value:
            return value
        time.sleep(0.2)
    raise AssertionError(f"waited in vain for {what}")


def walk(node):
    try:
        yield node
        children = list(node)
    except Exception:  # it is gone by now
        return
    for child in children:
        if child is not None:
            yield from walk(child)


def is_visible(node):
    while node is not None and node.getRoleName() != "frame":
        if not node.getState().contains(pyatspi.STATE_VISIBLE):
            return False
        node = node.parent
    return True


@unittest.skipIf(pyatspi is None, "python3-pyatspi is not installed")
class ScreenReader(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # A program that starts before there is anyone to hear it stays silent.
        wait_for("the registry", lambda: pyatspi.Registry.getDesktop(0) is not None)
        list(pyatspi.Registry.getDesktop(0))
        cls.process = subprocess.Popen([PROGRAM, SAMPLE], stderr=subprocess.DEVNULL)
        cls.application = wait_for("the application", cls.find_application)
        wait_for("the photo", lambda: cls.find("frame", "lake.jpg"))

    @classmethod
    def tearDownClass(cls):
        cls.process.terminate()
        cls.process.wait()

    @classmethod
    def find_application(cls):
        for application in pyatspi.Registry.getDesktop(0):
            if application is not None and application.get_process_id() == cls.process.pid:
                return application
        return None

    @classmethod
    def find(cls, role, name):
        for node in walk(cls.application):
            if node.getRoleName() == role and node.name == name:
                return node
        return None

    @staticmethod
    def xdotool(*words):
        subprocess.run(["xdotool", *map(str, words)], check=True, stdout=subprocess.DEVNULL)

    def test_controls_have_names(self):
        nameless = []
        controls = 0
        for node in walk(self.application):
            if node.getRoleName() in CONTROLS and is_visible(node):
                controls += 1
                # Without a name of its own, a control is called as its class is; some are said twice.
                words = node.name.split()
                if not words or words[0].startswith(("Gtk", "Pst")) or "_" in node.name or (
                        len(words) % 2 == 0 and words[:len(words) // 2] == words[len(words) // 2:]):
                    nameless.append((node.getRoleName(), node.name, node.parent.name))
        self.assertEqual(nameless, [])
        self.assertGreater(controls, 40)

    def test_main_controls(self):
        for role, name in [("push button", "Open"), ("push button", "Export"), ("push button", "Menu (F10)"),
                           ("push button", "Undo (Ctrl+Z)"), ("push button", "Zoom in (Ctrl++)"),
                           ("push button", "Masterpiece"), ("push button", "Balanced"),
                           ("push button", "Paint only parts, each in its own style (Ctrl+R)"),
                           ("entry", "Search styles"), ("table", "Styles"), ("table cell", "The Great Wave"),
                           ("slider", "Strength"), ("slider", "Stroke size"), ("slider", "Likeness"),
                           ("push button", "More settings"), ("image", "lake.jpg")]:
            with self.subTest(role=role, name=name):
                self.assertIsNotNone(self.find(role, name))

    def test_descriptions(self):
        self.assertEqual(self.find("table cell", "The Great Wave").description, "Katsushika Hokusai, 1831")
        self.assertEqual(self.find("image", "lake.jpg").description, "1200 × 800")

    def test_values(self):
        value = self.find("slider", "Strength").queryValue()
        self.assertEqual((value.minimumValue, value.maximumValue, value.currentValue), (0, 1, 1))

    def test_the_picked_style_is_said(self):
        window = wait_for("the window", lambda: subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid)],
            capture_output=True).stdout.split()[:1])
        self.xdotool("windowfocus", "--sync", window[0].decode())
        self.xdotool("key", "ctrl+f")
        self.xdotool("type", "--delay", 40, "great wave")
        self.xdotool("key", "Return")
        wait_for("the picked style", lambda: self.find("table cell", "The Great Wave").getState().contains(
            pyatspi.STATE_SELECTED))
        wait_for("its name beside the photo's", lambda: "The Great Wave" in self.find("image", "lake.jpg").description)
