"""Prints the tag that each component's version asks for, and checks with git what the last tags promised.

A public header that has changed, come or gone since a component's last tag needs a higher version in its version.bzl; the
working tree counts, committed or not; --new refuses what is not committed, as a tag would not have it. A tag is

  tagged      there already
  unreleased  not to be made yet: the CHANGELOG calls the version unreleased
  new         to be made:  tools/release/release --new | xargs -r -n 1 git tag
"""

import argparse
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/check"))

from tree import Source  # noqa: E402
from versions import PACKAGES, newest_entry, number, promises, version_in  # noqa: E402


class Unusable(Exception):
    """There is nothing to compare with; the text says why."""


class Repository:
    """A clone with its tags, and what lies in its working tree."""

    def __init__(self, root):
        self.root = root
        if self._lines("rev-parse", "--is-shallow-repository") == ["true"]:
            raise Unusable("a shallow clone has no history to compare with: git fetch --unshallow --tags")
        self.tags = set(self._lines("tag", "--list"))
        self._merged = self._lines("tag", "--list", "--merged", "HEAD") if self.tags else []

    def _run(self, *arguments):
        done = subprocess.run(["git", "-C", str(self.root), *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode != 0:
            raise Unusable("git %s: %s" % (" ".join(arguments), done.stderr.decode().strip()))
        return done.stdout.decode()

    def _lines(self, *arguments):
        return self._run(*arguments).splitlines()

    def last(self, package):
        """The version of the package's newest tag in this history; None if there is none."""
        found = [tag.partition("/v")[2] for tag in self._merged if re.fullmatch(package + r"/v\d+(\.\d+)*", tag)]
        return max(found, key=number) if found else None

    def text(self, path, tag=None):
        """A file in the working tree or in a tag; "" if it is not there."""
        if tag:
            # Not `git show`: what is not there is no failure.
            return self._run("cat-file", "-p", "%s:%s" % (tag, path)) if self._lines("ls-tree", tag, path) else ""
        file = self.root / path
        return file.read_text(encoding="utf-8") if file.is_file() else ""

    def changed_headers(self, package, tag):
        """[(path, "changed", "new" or "gone")] of the public headers that differ from the tag."""
        below = [":(glob)%s/**/*.h" % package]
        paths = self._run("diff", "--name-only", "--no-renames", "-z", tag, "--", *below)
        paths += self._run("ls-files", "--others", "--exclude-standard", "-z", "--", *below)
        found = []
        for path in sorted({path for path in paths.split("\0") if path}):
            then, now = [promises(Source(path, text)) for text in (self.text(path, tag), self.text(path))]
            if then or now:
                found.append((path, "changed" if then and now else "new" if now else "gone"))
        return found

    def uncommitted(self, package):
        """The package's files that a tag made now would not have as they are."""
        listed = self._run("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", package)
        return sorted(entry[3:] for entry in listed.split("\0") if entry)


def look_at(repository, package):
    """(tag, its state, findings) of one package."""
    version = version_in(repository.text(package + "/version.bzl"))
    if not version:
        return "%s/v?" % package, "unknown", ["%s/version.bzl: no VERSION" % package]
    tag, findings = "%s/v%s" % (package, version), []
    entry = newest_entry(repository.text(package + "/CHANGELOG.md"))
    if not entry or entry[0] != version:
        findings.append("%s/CHANGELOG.md: the first entry must be ## %s, the version in version.bzl" % (package, version))
    last = repository.last(package)
    if tag in repository.tags:
        state = "tagged"
        if last is None or number(last) < number(version):
            findings.append("%s: the tag is there, but not in this history" % tag)
    else:
        state = "unreleased" if entry and entry[1] else "new"
    if last is not None:
        then = "%s/v%s" % (package, last)
        if number(last) > number(version):
            findings.append("%s/version.bzl: %s is lower than the last tag, %s" % (package, version, then))
        elif last == version:
            findings += ["%s: %s since %s; raise VERSION in %s/version.bzl, with an entry in its CHANGELOG" % (
                path, how, then, package) for path, how in repository.changed_headers(package, then)]
        else:
            state += ", last " + then
    return tag, state, findings


def main(arguments, root=ROOT):
    parser = argparse.ArgumentParser(prog="tools/release/release", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter,
                                     epilog="Exit codes: 0 all versions are right; 1 one is not, or git cannot tell; 2 a "
                                            "mistake on the command line.")
    parser.add_argument("--new", action="store_true", help="print the names of the tags to make and nothing else")
    options = parser.parse_args(arguments)
    try:
        repository = Repository(root)
        seen = [look_at(repository, package) for package in PACKAGES]
        findings = [finding for _, _, found in seen for finding in found]
        if options.new:
            findings += ["%s is not committed, so %s would not have it" % (path, tag)
                         for package, (tag, state, _) in zip(PACKAGES, seen) if state.startswith("new")
                         for path in repository.uncommitted(package)]
    except (Unusable, OSError) as failure:
        print("release: %s" % failure, file=sys.stderr)
        return 1
    if not options.new:
        width = max(len(tag) for tag, _, _ in seen)
        print("\n".join("%-*s  %s" % (width, tag, state) for tag, state, _ in seen))
    elif not findings:  # wrong tags are not to be made
        print("".join(tag + "\n" for tag, state, _ in seen if state.startswith("new")), end="")
    for finding in findings:
        print("release: " + finding, file=sys.stderr)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
