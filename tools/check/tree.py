"""The source tree as the checks see it: which files there are, their code without comments, who includes whom."""

import os
import pathlib
import re

SOURCE_FOLDERS = ("core", "tcp_server", "tcp_agent", "tcp_client", "udp", "cast", "testing", "sdk")
COMPONENTS = ("tcp_server", "tcp_agent", "tcp_client", "udp", "cast")
PREFIX = "hpsocket/"  # every include of ours starts with it; see hp_cc_library

_SKIPPED = re.compile(
    r'R"(?P<tag>[^()\\ ]{0,16})\(.*?\)(?P=tag)"'  # raw string
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'"  # not the ' in 1'000
    r"|//[^\n]*"
    r"|/\*.*?\*/", re.DOTALL)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+([<"])([^>"\n]+)[>"]', re.MULTILINE)


class Skip(Exception):
    """A check cannot run here; the message says why."""


def strip(text):
    """The code alone: comments blank, literals empty, every line where it was."""

    def blank(match):
        token = match.group(0)
        empty = "" if token.startswith(("//", "/*")) else '""'
        return empty + "\n" * token.count("\n")

    return _SKIPPED.sub(blank, text)


class Source:
    """One file: `path` relative to the root (with /), `text`, `code` (no comments), `includes` [(line, name)]."""

    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.code = strip(text)
        self.package = path.rpartition("/")[0]
        self.is_header = path.endswith(".h")
        stem = path.rpartition("/")[2].rpartition(".")[0]
        self.is_test = stem.endswith("_test") or stem == "conformance_main" or path.startswith("testing/")
        commented = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group(0).count("\n"), text, flags=re.DOTALL)
        self.includes = [(commented.count("\n", 0, m.start()) + 1, m.group(2)) for m in _INCLUDE.finditer(commented)]

    def line_of(self, offset):
        return self.code.count("\n", 0, offset) + 1

    @property
    def banner(self):
        """The first comment, without its slashes."""
        lines = []
        for line in self.text.splitlines():
            if not line.startswith("//"):
                break
            lines.append(line[2:].strip())
        return lines

    @property
    def is_public(self):
        """Is it a header that applications include? (core/io and core/memory are public, too, but C++20.)"""
        return (self.is_header and bool(self.banner) and self.banner[0].endswith("Public.") and
                not self.path.startswith(("core/io/", "core/memory/", "testing/")))


class Tree:
    """All C and C++ sources under `root`; `scripts`: path -> text of the tests in Python."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.sources = {}
        self.scripts = {}
        for folder in SOURCE_FOLDERS:
            for directory, folders, names in os.walk(self.root / folder):
                folders[:] = sorted(name for name in folders if not name.startswith((".", "bazel-")))
                for name in sorted(names):
                    path = pathlib.Path(directory, name)
                    relative = path.relative_to(self.root).as_posix()
                    if name.endswith((".h", ".cc", ".c")):
                        self.sources[relative] = Source(relative, path.read_text(encoding="utf-8"))
                    elif name.endswith("_test.py"):
                        self.scripts[relative] = path.read_text(encoding="utf-8")

    def __iter__(self):
        return iter(self.sources.values())

    def headers(self):
        return [source for source in self if source.is_header]

    def resolve(self, include):
        """The path that an include of ours names, or None if it is not ours."""
        if include.startswith(PREFIX):
            return include[len(PREFIX):]
        return "sdk/" + include if "sdk/" + include in self.sources else None

    def closure(self, path, seen=None):
        """`path` and every file of ours that it includes, however far down."""
        seen = set() if seen is None else seen
        if path in self.sources and path not in seen:
            seen.add(path)
            for _, include in self.sources[path].includes:
                target = self.resolve(include)
                if target:
                    self.closure(target, seen)
        return seen
