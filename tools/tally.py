#!/usr/bin/env python3
"""Counts what Meson's tests did: tally.py LOG...

A log is build/meson-logs/testlog.json.

A test that speaks TAP counts as its subtests, any other as one; a test that failed without a failed subtest, because
it crashed or ran out of time, is one failure more. The last line is `N passed, N failed, N skipped`.
"""
import json
import re
import sys

LINE = re.compile(r"\s*(not )?ok\b(?: +\d+)?(.*)$")
GOOD, SKIPPED = {"OK", "EXPECTEDFAIL"}, {"SKIP"}


def subtests(output):
    """(passed, failed, skipped) of a TAP output; lines that are indented belong to a subtest and are left out."""
    passed = failed = skipped = 0
    for line in output.splitlines():
        match = LINE.match(line)
        if not match or line[0].isspace():
            continue
        directive = re.search(r"#\s*(SKIP|TODO)", match[2], re.IGNORECASE)
        if directive and directive[1].upper() == "SKIP":
            skipped += 1
        elif match[1] and not directive:
            failed += 1
        else:
            passed += 1
    return passed, failed, skipped


def count(test):
    passed, failed, skipped = subtests(test.get("stdout") or "")
    if test["result"] in SKIPPED:
        return passed, failed, skipped or 1
    if test["result"] in GOOD:
        return (passed, failed, skipped) if passed + skipped else (1, 0, 0)
    return passed, failed or 1, skipped


def main():
    tests, missing = [], False
    for path in sys.argv[1:]:
        try:
            with open(path, encoding="utf-8") as log:
                tests += [json.loads(line) for line in log if line.strip()]
        except OSError as error:
            print(f"tally: {path}: {error.strerror}; no test was run", file=sys.stderr)
            missing = True
    totals = [sum(column) for column in zip((0, 0, 0), *map(count, tests))]
    print("{} passed, {} failed, {} skipped".format(*totals))
    return 1 if totals[1] or missing or not tests else 0


sys.exit(main())
