"""Copies components with all that they need into a product's tree.

The copy builds with Bazel, as a local_repository, and with CMake, as a subdirectory; labels and includes stay what they
are. Its file VENDORED lists what was copied (sha256sum -c VENDORED compares); vendoring to the same folder again replaces
the copy, unless something in it was changed.
"""

import argparse
import hashlib
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

import build_files
import cmake

ROOT = pathlib.Path(__file__).resolve().parents[2]
_COMMON = ("LICENSE", "MODULE.bazel", "WORKSPACE", "core", "tools/bazel")
_MANIFEST = "VENDORED"
_NO_COMPONENTS = ("core", "sdk")


class Refused(Exception):
    """What the user should know; nothing was changed."""


def components(root):
    """What can be vendored: the folders that have a version of their own."""
    return sorted(path.parent.name for path in root.glob("*/version.bzl") if path.parent.name not in _NO_COMPONENTS)


def files_of(root, paths):
    """The files below these paths, relative to the root: those that git knows, in a clone, else all."""
    if (root / ".git").exists():
        listed = subprocess.run(["git", "-C", str(root), "ls-files", "-z", "--", *paths], stdout=subprocess.PIPE, check=True)
        found = [name for name in listed.stdout.decode().split("\0") if name and (root / name).is_file()]
    else:
        found = [file.relative_to(root).as_posix() for path in paths
                 for file in ([root / path] if (root / path).is_file() else sorted((root / path).rglob("*")))
                 if file.is_file() and "__pycache__" not in file.parts]
    for path in paths:
        if not any(name == path or name.startswith(path + "/") for name in found):
            raise Refused("%s is missing in %s" % (path, root))
    return sorted(found)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check_target(target):
    """Refuses a folder that is no copy of ours, or one that somebody has worked in."""
    if not target.exists():
        return
    if not target.is_dir():
        raise Refused("%s is no folder" % target)
    present = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    if not present:
        return
    if _MANIFEST not in present:
        raise Refused("%s is not empty, and no vendored copy: choose another folder" % target)
    listed = {}
    for line in (target / _MANIFEST).read_text(encoding="utf-8").splitlines():
        value, _, name = line.partition("  ")
        listed[name] = value
    changed = sorted(name for name in present - {_MANIFEST} if listed.get(name) != digest(target / name))
    if changed:
        raise Refused("changed or added in %s since it was vendored (--force drops that):\n  %s" % (
            target, "\n  ".join(changed)))


def check_complete(root, made, wanted, with_tests, names):
    """Refuses a copy that would lack what its BUILD files name, because git has not been told of it yet."""
    needed = ["//%s:%s" % (component, name) for component in wanted for name in (component, "c_api")]
    if with_tests:
        needed += [program for component in wanted for program in made.suites(component).values()]
    libraries, _ = made.closure(needed)
    missing = sorted(name for name in {name for library in libraries for name in (*library.srcs, *library.hdrs)}
                     if name not in names and (root / name).is_file())
    if missing:
        raise Refused("needed, but not known to git (git add):\n  %s" % "\n  ".join(missing))


def write_copy(root, wanted, with_tests, folder):
    """The number of files."""
    names = files_of(root, [*_COMMON, *wanted, *(["testing"] if with_tests else [])])
    made = build_files.BuildFiles(root)
    check_complete(root, made, wanted, with_tests, set(names))
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / name, folder / name)
    texts = {"CMakeLists.txt": cmake.lists(made, wanted, with_tests), **cmake.version_headers(made, wanted)}
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    names = sorted([*names, *texts])
    (folder / _MANIFEST).write_text("".join("%s  %s\n" % (digest(folder / name), name) for name in names),
                                    encoding="utf-8")
    return len(names)


def vendor(root, wanted, target, with_tests=False, force=False):
    """Makes the copy beside the target, then puts it in its place. The number of files."""
    target = target.resolve()  # a link to a folder stays one
    if target == root.resolve() or target in root.resolve().parents:
        raise Refused("%s is what is copied, or has it inside: choose another folder" % target)
    if not force:
        check_target(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = pathlib.Path(tempfile.mkdtemp(prefix=".%s." % target.name, dir=target.parent))
    try:
        new = scratch / "new"
        new.mkdir()
        count = write_copy(root, wanted, with_tests, new)
        if target.exists():
            target.rename(scratch / "old")
        new.rename(target)
        return count
    finally:
        if (scratch / "old").exists() and not target.exists():
            (scratch / "old").rename(target)
        shutil.rmtree(scratch, ignore_errors=True)


def main(arguments):
    known = components(ROOT)
    parser = argparse.ArgumentParser(prog="tools/vendor/vendor", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter,
                                     epilog="Exit codes: 0 copied; 1 refused or failed, nothing changed; 2 a mistake on "
                                            "the command line.")
    parser.add_argument("components", metavar="COMPONENT", nargs="+", help=", ".join(known))
    parser.add_argument("--out", metavar="DIR", required=True, type=pathlib.Path, help="the folder to make or to replace")
    parser.add_argument("--with-tests", action="store_true", help="with testing/, for the conformance suites")
    parser.add_argument("--force", action="store_true", help="replace DIR whatever is in it")
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.components) - set(known))
    if unknown:
        parser.error("no such component: %s; there are %s" % (", ".join(unknown), ", ".join(known)))
    wanted = sorted(set(options.components))
    # No shell replaces the ~ in --out=~/product.
    target = pathlib.Path(os.path.abspath(os.path.expanduser(options.out)))
    try:
        count = vendor(ROOT, wanted, target, options.with_tests, options.force)
    except (Refused, LookupError, OSError, subprocess.CalledProcessError) as failure:
        print("vendor: %s" % failure, file=sys.stderr)
        return 1
    print("vendored %s: %d files in %s" % (", ".join(wanted), count, target))
    print("Bazel: local_repository(name = \"hpsocket\", path = ...), and a line for the folder in .bazelignore")
    print("CMake: add_subdirectory(...), then link %s" % " ".join("hpsocket::" + name for name in wanted))
    return 0


if __name__ == "__main__":
    for signal_number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(signal_number) != signal.SIG_IGN:
            signal.signal(signal_number, lambda number, _: sys.exit(128 + number))  # what is half made is removed
    sys.exit(main(sys.argv[1:]))
