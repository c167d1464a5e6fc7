"""The graph of includes between folders, drawn from the sources: graph.py [--dot FILE] [ROOT]

Prints which folder includes how many headers of which, then what is wrong: an arrow that plan.py does not know, a circle, a
private header that is read elsewhere, an exception that nobody needs any more. Ends with status 1 if anything is.
"""
import argparse
import collections
import os
import sys

import plan
from sources import includes, sources


def arrows(root):
    """{(source, header)} of all includes between folders, the tests' included."""
    found = set()
    for path in sources(root):
        for header in includes(root, path):
            if os.path.dirname(path) != os.path.dirname(header):
                found.add((path, header))
    return found


def graph(found):
    """{(folder, folder): number of includes} of the program; tests may include all of it, and nothing includes them."""
    counts = collections.Counter((os.path.dirname(path), os.path.dirname(header)) for path, header in found)
    return {arrow: count for arrow, count in sorted(counts.items()) if not arrow[0].startswith("tests")}


def circle(edges):
    """The folders of one circle, the first also last; or an empty list."""
    following = collections.defaultdict(list)
    for start, end in edges:
        following[start].append(end)
    done, way = set(), []

    def visit(folder):
        if folder in way:
            return way[way.index(folder):] + [folder]
        if folder in done:
            return []
        way.append(folder)
        for end in following[folder]:
            found = visit(end)
            if found:
                return found
        done.add(way.pop())
        return []

    for folder in list(following):
        found = visit(folder)
        if found:
            return found
    return []


def reach(rooms, starts):
    """All folders that may be included from those, themselves among them."""
    found = set()
    for start in starts:
        found |= {start} | reach(rooms, rooms.get(start, []))
    return found


def part(path, parts):
    """The longest of the parts that the path lies in."""
    return max((p for p in parts if path.startswith(p + "/")), key=len, default=os.path.dirname(path))


def faults(found, rules=plan):
    """One line for each thing that is wrong."""
    needed = set()
    for path, header in sorted(found):
        folder, target = os.path.dirname(path), os.path.dirname(header)
        own, theirs = part(path, rules.PARTS), part(header, rules.PARTS)
        if header.endswith("_private.h") and own != theirs and not (own == "tests" and theirs in rules.OPEN_TO_TESTS):
            yield f"{path} includes {header}, which is private to {theirs}"
        if folder.startswith("tests"):
            continue
        if folder not in rules.PLAN:
            yield f"{path}: {folder} has no place in the plan"
        elif target not in reach(rules.PLAN, [folder]):
            if target in reach(rules.PLAN, rules.SOURCES.get(path, [])):
                needed.add(path)
            else:
                yield f"{path} includes {header}: {folder} may not include {target}"
        for (few, prefix), headers in rules.FEW.items():
            if folder == few and header.startswith(prefix):
                needed.add((few, header))
                if header not in headers:
                    yield f"{path} includes {header}, which is not among those that {few} may include"
    for path in rules.SOURCES:
        if path not in needed:
            yield f"plan.py lets {path} include more than it does"
    for (few, _), headers in rules.FEW.items():
        for header in headers:
            if (few, header) not in needed:
                yield f"plan.py lets {few} include {header}, which it does not"
    ring = circle(graph(found))
    if ring:
        yield "a circle: " + " -> ".join(ring)


def text(edges):
    """The graph for people."""
    lines = []
    for folder in sorted({start for start, _ in edges}):
        targets = ", ".join(f"{end} {count}" for (start, end), count in edges.items() if start == folder)
        lines.append(f"{folder} -> {targets}")
    return "\n".join(lines)


def dot(edges):
    """The graph for Graphviz."""
    lines = [f'  "{start}" -> "{end}" [label={count}];' for (start, end), count in edges.items()]
    return "digraph includes {\n  rankdir=BT;\n" + "\n".join(lines) + "\n}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--dot", help="the graph is written there for Graphviz")
    parser.add_argument("root", nargs="?", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
    options = parser.parse_args()
    found = arrows(options.root)
    edges = graph(found)
    print(text(edges))
    if options.dot:
        with open(options.dot, "w", encoding="utf-8") as file:
            file.write(dot(edges))
    wrong = list(faults(found))
    print("\n".join(wrong) or "every arrow is in the plan, and none goes in a circle")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
