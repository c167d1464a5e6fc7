"""Runs the tests of a module and tells of them in TAP: tap.py MODULE"""
import importlib
import os
import signal
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))


class Result(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.number, self.broken_subtests = 0, []

    def line(self, good, test, directive=""):
        self.number += 1
        print(f"{'ok' if good else 'not ok'} {self.number} {test.id()}{directive}", flush=True)

    def trouble(self, test, error):
        for line in self._exc_info_to_string(error, test).splitlines():
            print("#", line)
            print(line, file=sys.stderr)  # Meson shows what is said here of a test that failed
        self.line(False, test)

    def startTest(self, test):
        super().startTest(test)
        self.broken_subtests = []

    def addSuccess(self, test):
        if not self.broken_subtests:
            self.line(True, test)

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.trouble(test, error)

    def addError(self, test, error):
        super().addError(test, error)
        self.trouble(test, error)

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error:
            self.broken_subtests.append(subtest)
            self.trouble(subtest, error)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.line(True, test, f" # SKIP {reason}")


def main():
    # In the background a shell has SIGINT ignored, and so would programs that are started here.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    suite = unittest.defaultTestLoader.loadTestsFromModule(importlib.import_module(sys.argv[1]))
    result = Result()
    suite.run(result)
    print(f"1..{result.number}")
    return 0 if result.wasSuccessful() else 1


sys.exit(main())
