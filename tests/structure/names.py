"""Names that stand for two things: names.py [ROOT]

Prints each type or function that two headers declare, each type of ours (Pst...) that two sources define, and each file
name that two headers of the program share; ends with status 1 if there is one.
"""
import collections
import os
import re
import sys

from sources import STRING, read, sources

# Where headers' names are the program's; those of the samples' painters and of the tests are their own.
PROGRAM = ("engine/", "app/", "ui/")

DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)
DECLARE_TYPE = re.compile(r"\bG_DECLARE_\w+\s*\(\s*(\w+)")
FUNCTION_POINTER = re.compile(r"\(\s*\*\s*(\w+)\s*\)\s*\(")
PER_ISA = re.compile(r"\bPST_ISA\s*\(\s*(\w+)\s*\)")
NO_FUNCTION = {"if", "for", "while", "switch", "return", "sizeof", "enum", "struct", "union"}


def statements(text):
    """What a header says at its outermost level, one declaration after the other; what stands in braces is left out."""
    text = re.sub(r'extern\s*"C"\s*\{', " ", text)
    text = STRING.sub('""', DIRECTIVE.sub(" ", text))
    text = re.sub(r"\bG_(BEGIN|END)_DECLS\b", " ", PER_ISA.sub(r"\1_isa", text))
    depth, statement = 0, ""
    for i, sign in enumerate(text):
        if sign == "{":
            depth += 1
            if depth == 1:
                statement += "{}"
        elif sign == "}":
            depth -= 1
            # The body of a function ends its declaration; that of a type does not.
            if depth == 0 and re.search(r"\)\s*\{\}$", statement.strip()):
                yield statement.strip()
                statement = ""
        elif depth == 0 and sign == ";":
            yield statement.strip()
            statement = ""
        elif depth == 0:
            statement += sign


def without_macros(statement):
    """A statement without the macros before it that stand for declarations and take no semicolon."""
    return re.sub(r"^(?:\s*G_DE\w+\s*\([^()]*(?:\([^()]*\)[^()]*)*\))+", "", statement).strip()


def declared(statement):
    """(kind, name) of what a statement declares; kind is "type" or "function"."""
    for name in DECLARE_TYPE.findall(statement):
        yield "type", name
    statement = re.sub(r"__attribute__\s*\(\([^()]*(?:\([^()]*\))?[^()]*\)\)", " ", without_macros(statement))
    if re.match(r"typedef\b", statement):
        pointer = FUNCTION_POINTER.search(statement)
        name = pointer or re.search(r"(\w+)\s*(?:\[[^\]]*\]\s*)*$", statement)
        if name:
            yield "type", name[1]
        return
    tag = re.match(r"(?:struct|union|enum)\s+(\w+)\s*\{\}", statement)
    if tag:
        yield "tag", tag[1]
        return
    function = re.match(r"[\w\s*]*?\b(\w+)\s*\(", statement)
    if function and function[1] not in NO_FUNCTION and "=" not in statement[:function.end()]:
        # A macro that is called like a function says no type before its name.
        if re.search(r"\w[\s*]+$", statement[:function.start(1)]):
            yield "function", function[1]


def doubles(root):
    """One line for each name that stands for two things."""
    places = collections.defaultdict(set)
    files = collections.defaultdict(set)
    for path in sources(root):
        text = read(root, path)
        if path.endswith(".h"):
            if path.startswith(PROGRAM):
                files[os.path.basename(path)].add(path)
            for statement in statements(text):
                for kind, name in declared(statement):
                    places[kind, name].add(path)
        else:
            # A source may define what its header names; a type of its own must have a name of its own.
            for name in re.findall(r"^\}\s*(Pst\w+);", text, re.MULTILINE):
                places["type", name].add(path)
    for (kind, name), paths in sorted(places.items()):
        if len(paths) > 1:
            yield f"{kind} {name}: {', '.join(sorted(paths))}"
    for name, paths in sorted(files.items()):
        if len(paths) > 1:
            yield f"header {name}: {', '.join(sorted(paths))}"


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    found = list(doubles(root))
    print("\n".join(found) or "every name stands for one thing")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
