"""The sources of the tree, and what can be told of them without compiling."""
import os
import re

COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
STRING = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'')
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.MULTILINE)


def sources(root, endings=(".c", ".h")):
    """The paths of all sources, relative to root, sorted; what was built is left out."""
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(("build", "."))]
        found += [os.path.relpath(os.path.join(folder, name), root) for name in names if name.endswith(endings)]
    return sorted(found)


def read(root, path):
    """The text of a source without its comments."""
    with open(os.path.join(root, path), encoding="utf-8") as file:
        return COMMENT.sub(" ", file.read())


def includes(root, path):
    """The paths that a source includes, relative to root; headers of other projects are left out."""
    with open(os.path.join(root, path), encoding="utf-8") as file:
        named = INCLUDE.findall(COMMENT.sub(" ", file.read()))
    found = []
    for name in named:
        for candidate in os.path.normpath(os.path.join(os.path.dirname(path), name)), os.path.normpath(name):
            if os.path.isfile(os.path.join(root, candidate)):
                found.append(candidate)
                break
    return found
