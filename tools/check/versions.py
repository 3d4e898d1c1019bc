#!/usr/bin/env python3
"""Versions and public headers: versions.py PACKAGE ... writes down the headers of a release.

PACKAGE/public_headers.sum holds the version that was released last and a hash of each public header in it. A package
without one has not been released yet, and its headers may change as they like.
"""

import hashlib
import pathlib
import re
import sys

from tree import COMPONENTS, Tree

PACKAGES = ("core", *COMPONENTS, "sdk")
SUM = "public_headers.sum"
_HASH = re.compile(r"^([0-9a-f]{64})  (\S+)$", re.MULTILINE)


def _read(tree, *path):
    file = tree.root.joinpath(*path)
    return file.read_text(encoding="utf-8") if file.exists() else ""


def version_in(text):
    """What a version.bzl says; "" if it says nothing."""
    match = re.search(r'^VERSION = "(\d+(?:\.\d+)*)"$', text, re.MULTILINE)
    return match.group(1) if match else ""


def newest_entry(text):
    """(version, is it unreleased?) of a CHANGELOG's first entry; None if it has none."""
    entry = re.search(r"^## (\S+)( \(unreleased\))?$", text, re.MULTILINE)
    return (entry.group(1), bool(entry.group(2))) if entry else None


def number(version):
    """Something to compare versions by."""
    return [int(part) for part in version.split(".")]


def promises(source):
    """Is it a header that says it is public?"""
    return source.is_header and bool(source.banner) and source.banner[0].endswith("Public.")


def _version(tree, package):
    return version_in(_read(tree, package, "version.bzl"))


def _headers(tree, package):
    """{path: hash} of the headers that say they are public, contracts included: a comment is part of the promise."""
    return {source.path: hashlib.sha256(source.text.encode("utf-8")).hexdigest()
            for source in tree.headers()
            if source.path.startswith(package + "/") and promises(source)}


def version(tree):
    """What was released is written down, and a public header that has changed since comes with a new version."""
    for package in PACKAGES:
        current = _version(tree, package)
        if not current:
            continue
        entry = newest_entry(_read(tree, package, "CHANGELOG.md"))
        if not entry or entry[0] != current:
            yield "%s/CHANGELOG.md:1: the first entry must be ## %s, the version in version.bzl" % (package, current)
            continue
        path = "%s/%s" % (package, SUM)
        released = _read(tree, package, SUM)
        if not entry[1] and not released.startswith("version %s\n" % current):
            yield "%s:1: %s is released, but its headers are not written down; run: tools/check/versions.py %s" % (
                path, current, package)
            continue
        if not released:
            continue
        last = re.match(r"version (\S+)\n", released)
        if not last or number(last.group(1)) > number(current):
            yield "%s:1: it must begin with a released version, at most %s" % (path, current)
        elif last.group(1) == current:
            then = {name: value for value, name in _HASH.findall(released)}
            now = _headers(tree, package)
            for name in sorted(then.keys() | now.keys()):
                if then.get(name) != now.get(name):
                    yield "%s:1: %s since %s %s was released; bump its version.bzl, with an entry in its CHANGELOG" % (
                        name, "changed" if name in now and name in then else "new" if name in now else "gone", package,
                        current)


def main(packages):
    tree = Tree(pathlib.Path(__file__).resolve().parents[2])
    for package in packages:
        if package not in PACKAGES or not _version(tree, package):
            sys.exit("%s has no version; packages: %s" % (package, ", ".join(PACKAGES)))
        lines = ["version " + _version(tree, package)]
        lines += ["%s  %s" % (value, name) for name, value in sorted(_headers(tree, package).items())]
        (tree.root / package / SUM).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0 if packages else print(__doc__) or 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
