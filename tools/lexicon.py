#!/usr/bin/python3
"""Makes data/words/lexicon.tsv out of data/words/concepts.tsv and WordNet (Debian's wordnet-base).

    tools/lexicon.py > data/words/lexicon.tsv

Each line is a word, a concept and how surely the word means it: 1 for the words of concepts.tsv, less for what WordNet
adds: synonyms in a word's two most frequent senses, similar adjectives, hyponyms of subjects. A word that several
concepts could have goes to the surest one, and never away from concepts.tsv.
"""
import collections
import os
import sys

WORDNET = "/usr/share/wordnet"
HERE = os.path.dirname(os.path.abspath(__file__))
PARTS = {"colour": "an", "tone": "a", "texture": "a", "mood": "a", "subject": "n"}
SENSES = 2
SYNONYM, SIMILAR, HYPONYM = 0.8, 0.6, 0.5
FILES = {"n": "noun", "a": "adj"}


def entries(kind, part):
    """Lines of a file of WordNet; what begins with a space is its licence."""
    with open(f"{WORDNET}/{kind}.{FILES[part]}", encoding="ascii") as lines:
        yield from (line for line in lines if not line.startswith(" "))


def read_index(part):
    """Word -> offsets of its senses, the most frequent first."""
    index = {}
    for line in entries("index", part):
        fields = line.split()
        pointers = int(fields[3])
        index[fields[0]] = fields[6 + pointers:]
    return index


def read_synsets(part):
    """Offset -> its words and its pointers by kind."""
    synsets = {}
    for line in entries("data", part):
        fields = line.split("|")[0].split()
        count = int(fields[3], 16)
        words = [word.split("(")[0].lower() for word in fields[4:4 + 2 * count:2]]
        pointers = collections.defaultdict(list)
        at = 5 + 2 * count
        for i in range(int(fields[4 + 2 * count])):
            kind, offset, target = fields[at + 4 * i:at + 4 * i + 3]
            if target in ("n", part, "s"):
                pointers[kind].append(offset)
        synsets[fields[0]] = (words, pointers)
    return synsets


def plain(word):
    return "_" not in word and "." not in word and not any(c.isdigit() for c in word) and 3 <= len(word) <= 24


def related(word, part, index, synsets):
    """Words that WordNet puts near, with a weight each."""
    for offset in index.get(word, [])[:SENSES]:
        words, pointers = synsets[offset]
        for other in words:
            yield other, SYNONYM
        for near in pointers["&"] if part == "a" else []:
            for other in synsets[near][0]:
                yield other, SIMILAR
    for offset in index.get(word, [])[:1] if part == "n" else []:
        for below in synsets[offset][1]["~"]:
            for other in synsets[below][0]:
                yield other, HYPONYM


def main():
    wordnet = {part: (read_index(part), read_synsets(part)) for part in FILES}
    own, found = {}, {}
    with open(f"{HERE}/../data/words/concepts.tsv", encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines if not line.startswith("#")]
    for concept, _, _, _, english, german in rows:
        for word in [concept] + english.split() + german.split():
            own.setdefault(word, concept)
    for concept, kind, _, _, english, _ in rows:
        for part in PARTS.get(kind, ""):
            index, synsets = wordnet[part]
            for seed in english.split():
                for word, weight in related(seed, part, index, synsets):
                    if plain(word) and word not in own and weight > found.get(word, ("", 0))[1]:
                        found[word] = (concept, weight)
    print("# Made by tools/lexicon.py; WordNet 3.0, Princeton University.")
    table = {word: (concept, 1.0) for word, concept in own.items()} | found
    for word, (concept, weight) in sorted(table.items()):
        print(f"{word}\t{concept}\t{weight:g}")
    print(f"{len(own)} words of concepts, {len(found)} of WordNet", file=sys.stderr)


if __name__ == "__main__":
    main()
