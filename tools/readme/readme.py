"""What the READMEs show: their code blocks, by the words that the first line of each has."""

import pathlib
import re

# Through Bazel's links to the real tree: the tests look at what a clone holds.
ROOT = pathlib.Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.zh.md")

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(path):
    """All code blocks of a page, [(language, text)]."""
    return _BLOCK.findall((ROOT / path).read_text(encoding="utf-8"))


def block(path, mark):
    """The one block of a page whose first line contains `mark`."""
    found = [text for _, text in blocks(path) if mark in text.partition("\n")[0]]
    if len(found) != 1:
        raise ValueError("%s has %d code blocks that begin with %s" % (path, len(found), mark))
    return found[0]
