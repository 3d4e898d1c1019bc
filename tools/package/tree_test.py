#!/usr/bin/env python3
"""Installs both packages in a tree of the Debian that this machine runs, and uses them: tree_test.py PACKAGE

A program in C++ and one in C are built there with pkg-config and with find_package, and go on running where only
libhpsocket4c is left. The tree is kept in the user's cache.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).absolute().parent
sys.path.insert(0, str(HERE.parent / "debian"))

import debian_tree  # noqa: E402

_PACKAGES = ("cmake", "g++", "make", "pkg-config", "procps")
_PKG_CONFIG = """\
set -eu
g++ -std=c++14 -Wall -Wextra -Werror echo.cc -o cpp $(pkg-config --cflags --libs hpsocket)
gcc -std=c99 -Wall -Wextra -Werror echo.c -o c $(pkg-config --cflags --libs hpsocket4c)
"""
_CMAKE = """\
set -eu
cmake -S . -B "$1" -DCMAKE_BUILD_TYPE="$1" >log 2>&1 && cmake --build "$1" >>log 2>&1 || { cat log; exit 1; }
"""


def release():
    """Debian's name of what this machine runs."""
    return re.search(r"^VERSION_CODENAME=(\w+)$", pathlib.Path("/etc/os-release").read_text(), re.MULTILINE).group(1)


def check(program, language, tree):
    answer = tree.run(program, folder="/src/consumer", stdout=subprocess.PIPE).stdout.decode()
    assert re.fullmatch(r"from %s and back, by HPSocket \d+\.\d+\.\d+\n" % re.escape(language), answer), answer
    print(answer, end="", flush=True)


def installed(tree):
    """Packages of ours that dpkg knows in any state."""
    listed = tree.run("dpkg-query", "-W", "-f", "${Package} ${db:Status-Abbrev}\n", stdout=subprocess.PIPE).stdout.decode()
    return re.findall(r"^(libhpsocket\S+) (\S+)", listed, re.MULTILINE)


def use(tree, package):
    for name, _ in installed(tree):  # of a run that failed
        tree.run("dpkg", "--purge", name)
    for old in ("src/consumer", "src/debs"):
        shutil.rmtree(tree.root / old, ignore_errors=True)
    subprocess.run([package, "--out=%s" % (tree.root / "src/debs")], check=True)
    shutil.copytree(HERE.parent / "install/consumer", tree.root / "src/consumer")

    # apt takes what they depend on from the mirror, and refuses what it cannot get.
    tree.run("sh", "-c", "apt-get -qq update && apt-get -qq -y install ./*.deb >/dev/null", folder="/src/debs")
    assert installed(tree) == [("libhpsocket4c", "ii"), ("libhpsocket4c-dev", "ii")], installed(tree)
    tree.run("dpkg", "--verify", "libhpsocket4c", "libhpsocket4c-dev")
    tree.run("sh", "-c", _PKG_CONFIG, folder="/src/consumer")
    programs = [("./cpp", "C++"), ("./c", "C")]
    for mode in ("Release", "Debug"):
        tree.run("sh", "-c", _CMAKE, "sh", mode, folder="/src/consumer")
        programs += [("%s/echo_cpp" % mode, "C++"), ("%s/echo_c" % mode, "C"), ("%s/echo_static" % mode, "C++")]
    for program, language in programs:
        check(program, language, tree)

    # A product's machine has no compiler and only one of the packages.
    tree.run("apt-get", "-qq", "-y", "remove", "libhpsocket4c-dev")
    for program, language in [pair for pair in programs if not pair[0].startswith("Debug")]:
        check(program, language, tree)
    tree.run("apt-get", "-qq", "-y", "purge", "libhpsocket4c")
    assert not installed(tree), installed(tree)
    left = [str(path) for folder in ("usr/lib", "usr/include", "usr/share") for path in (tree.root / folder).rglob("*")
            if "hpsocket" in path.name.lower()]
    assert not left, left


def main(package):
    try:
        with debian_tree.tree("package-" + release(), release(), _PACKAGES) as tree:
            use(tree, os.path.abspath(package))
    except debian_tree.Skip as reason:
        debian_tree.report_skipped("tree_test", reason)


if __name__ == "__main__":
    main(sys.argv[1])
