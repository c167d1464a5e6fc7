"""The program is built such that a fault of memory ends it, and hands nothing over."""
import shutil
import subprocess
import unittest

from bench import PROGRAM


@unittest.skipUnless(shutil.which("readelf"), "readelf is not installed")
class Hardening(unittest.TestCase):
    def readelf(self, what):
        return subprocess.run(["readelf", "-W", what, PROGRAM], capture_output=True, text=True, check=True).stdout

    def setUp(self):
        if "__asan_init" in self.readelf("--dyn-syms"):
            self.skipTest("sanitizers have their own ways")

    def test_positions(self):
        self.assertRegex(self.readelf("--file-header"), r"Type:\s+DYN")

    def test_relocations(self):
        self.assertIn("GNU_RELRO", self.readelf("--program-headers"))
        self.assertRegex(self.readelf("--dynamic"), "BIND_NOW|NOW")

    def test_stack(self):
        self.assertRegex(self.readelf("--program-headers"), r"GNU_STACK[^\n]* RW ")
        self.assertIn("__stack_chk_fail", self.readelf("--dyn-syms"))

    def test_fortify(self):
        self.assertRegex(self.readelf("--dyn-syms"), r"__\w+_chk@")
