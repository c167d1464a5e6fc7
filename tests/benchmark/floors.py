"""What the benchmarks ask for, and whether it was reached."""


def judge(what, value, floor, most=False):
    """Print a line: `value` has to be at least the floor, or at most where `most`."""
    met = value <= floor if most else value >= floor
    print("  %-58s %9.3f   %s %g: %s" % (what, value, "at most" if most else "at least", floor, "met" if met else "NOT MET"),
          flush=True)
    return met
