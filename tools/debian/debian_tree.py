"""Debian trees to build and try things in, made by debootstrap and kept in the user's cache.

A tree is made anew when what it is to hold has changed; delete its folder there to have it made anew sooner. It needs
root, debootstrap (tools/bootstrap --packaging) and a mirror. HPSOCKET_REQUIRE_PROGRAMS=1: what uses it fails instead of
being skipped where it cannot be had.
"""

import contextlib
import fcntl
import os
import pathlib
import pwd
import re
import shutil
import subprocess
import sys

_APT = """\
Acquire::Check-Valid-Until "false";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
DPkg::Use-Pty "false";
"""
_DEFAULT_MIRROR = "http://deb.debian.org/debian"
_SKIPPED = """\
<testsuites><testsuite name="%s" tests="1">
<testcase name="%s"><skipped message="%s"/></testcase>
</testsuite></testsuites>
"""


class Skip(Exception):
    """This machine cannot run the test; the text says why."""


def report_skipped(name, reason):
    """Says that a whole test was skipped, to the reader and to .ci/run's counts; ends it if that must not be."""
    if os.environ.get("HPSOCKET_REQUIRE_PROGRAMS") == "1":
        sys.exit("HPSOCKET_REQUIRE_PROGRAMS is set, but: %s" % reason)
    print("SKIPPED: %s" % reason)
    if "XML_OUTPUT_FILE" in os.environ:
        pathlib.Path(os.environ["XML_OUTPUT_FILE"]).write_text(_SKIPPED % (name, name, reason), encoding="utf-8")


def user_cache():
    home = pwd.getpwuid(os.getuid()).pw_dir  # a test's HOME, if it has one, is not the user's
    return pathlib.Path(os.environ.get("XDG_CACHE_HOME") or home + "/.cache", "hpsocket")


def mirror():
    """The Debian mirror that this machine uses."""
    etc = pathlib.Path("/etc/apt")
    for path in [etc / "sources.list", *sorted(etc.glob("sources.list.d/*"))]:
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        for line in lines:
            found = re.match(r"(?:URIs:|deb\s).*?(https?://\S+/debian)/?(?:\s|$)", line)
            if found:
                return found.group(1)
    return _DEFAULT_MIRROR


class Tree:
    """A Debian tree. What runs in it has process ids and mounts (/proc) of its own, gone when it ends."""

    def __init__(self, root):
        self.root = root

    def write(self, name, content):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")

    def run(self, *command, folder="/", **kwargs):
        print("+ %s:" % self.root.name, *command, flush=True)
        environment = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
        environment.update(HOME="/root", PATH="/usr/sbin:/usr/bin:/sbin:/bin", LANG="C.UTF-8",
                           DEBIAN_FRONTEND="noninteractive")
        namespaces = [shutil.which("unshare"), "--pid", "--fork", "--kill-child", "--mount-proc"]
        return subprocess.run([*namespaces, "--root=%s" % self.root, "--wd=" + folder, *command], env=environment,
                              stdin=subprocess.DEVNULL, check=True, **kwargs)


def _make(cache, name, suite, packages, sources):
    kept = Tree(cache / name)
    recipe = " ".join([suite, *packages, *sources]) + "\n"
    stamp = kept.root / "src/.recipe"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == recipe:
        print("reusing %s" % kept.root, flush=True)
        return kept
    tree = Tree(cache / (name + ".new"))
    for old in (kept.root, tree.root):
        shutil.rmtree(old, ignore_errors=True)
    url = mirror()
    print("+ debootstrap %s from %s" % (suite, url), flush=True)
    subprocess.run(["unshare", "--mount", "debootstrap", "--variant=minbase", suite, str(tree.root), url], check=True,
                   stdout=subprocess.DEVNULL)
    tree.write("etc/apt/apt.conf.d/99hpsocket", _APT)
    tree.write("etc/apt/sources.list", "deb %s %s main\ndeb-src %s %s main\n" % (url, suite, url, suite))
    tree.run("apt-get", "-qq", "update")
    install = "apt-get -qq -y install " + " ".join(packages)
    tree.run("sh", "-c", install + " >/var/log/install 2>&1 || { tail -n 50 /var/log/install; exit 1; }")
    (tree.root / "src").mkdir()
    if sources:
        tree.run("apt-get", "-qq", "source", *sources, folder="/src")
    tree.write("src/.recipe", recipe)
    tree.root.rename(kept.root)
    return kept


@contextlib.contextmanager
def tree(name, suite, packages, sources=()):
    """The tree of that name in the user's cache, made if it is not there; nobody else has it meanwhile.

    It holds minbase and these packages; /src has the sources of these source packages.
    """
    if os.geteuid() != 0:
        raise Skip("needs root, to make and enter a Debian tree")
    # Bazel gives tests a PATH without the folders of root's tools.
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    for tool in ("debootstrap", "unshare"):
        if not shutil.which(tool):
            raise Skip("%s is missing" % tool)
    cache = user_cache()
    cache.mkdir(parents=True, exist_ok=True)
    with open(cache / (name + ".lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield _make(cache, name, suite, packages, sources)
