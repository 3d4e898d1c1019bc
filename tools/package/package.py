"""Makes Debian packages of what //tools/install installs: libhpsocket4c, the two libraries that programs need, and
libhpsocket4c-dev, all that compiling and linking needs: headers, the libraries' links, libhpsocket.a, the libraries in
debug mode, pkg-config files and the CMake package.

Dependencies are those that dpkg-shlibdeps finds, so the packages fit the Debian that they are built on. With the same
SOURCE_DATE_EPOCH (seconds) the same sources give the same packages, byte for byte.
"""

import argparse
import email.utils
import gzip
import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).absolute().parent  # among the runfiles, as the installer is
_INSTALL = HERE.parent / "install"
_TOOLS = ("dpkg-architecture", "dpkg-deb", "dpkg-shlibdeps", "strip")
_RUNTIME, _DEVELOPMENT = "libhpsocket4c", "libhpsocket4c-dev"

_SOURCE = """\
Source: hpsocket
Maintainer: @

Package: libhpsocket4c
Architecture: any

Package: libhpsocket4c-dev
Architecture: any
"""
_CONTROL = """\
Package: {package}
Source: hpsocket
Version: {version}
Architecture: {architecture}
Multi-Arch: same
Section: {section}
Priority: optional
Maintainer: {maintainer}
Installed-Size: {size}
Depends: {depends}
Description: TCP and UDP components with HP-Socket's interfaces{suffix}
 Servers, agents and clients for TCP, servers and clients for UDP, and UDP
 multicast and broadcast, on io_uring or epoll, under the names of HP-Socket.
 .
{about}
"""
_ABOUT = {
    _RUNTIME: " This package has the shared libraries for C++ and for C.",
    _DEVELOPMENT: " This package has what compiling and linking needs: headers, pkg-config files,\n"
                  " the CMake package, the static library and the libraries in debug mode.",
}
_COPYRIGHT = "\nOn Debian systems the Apache License, version 2.0, is in /usr/share/common-licenses/Apache-2.0.\n"


class Refused(Exception):
    """What the user should know; no package was made."""


def run(*command, folder=None, **kwargs):
    """What it printed."""
    done = subprocess.run([str(word) for word in command], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, **kwargs)
    if done.returncode != 0:
        raise Refused("%s: exit code %d\n%s" % (command[0], done.returncode, (done.stdout + done.stderr).strip()))
    return done.stdout


class Packages:
    """The two packages, from an installed tree to files."""

    def __init__(self, work, options):
        listed = json.loads((_INSTALL / "list.json").read_text(encoding="utf-8"))
        self._work = work
        self._abi = listed["abi"]
        self._upstream = listed["version"]
        self._version = "%s-%s" % (listed["version"], options.revision)
        self._maintainer = options.maintainer
        self._architecture = run("dpkg-architecture", "-qDEB_HOST_ARCH").strip()
        self._lib = "usr/lib/" + run("dpkg-architecture", "-qDEB_HOST_MULTIARCH").strip()
        epoch = os.environ.get("SOURCE_DATE_EPOCH") or str(int(time.time()))
        if not re.fullmatch(r"[0-9]+", epoch):
            raise Refused("SOURCE_DATE_EPOCH is %r, not a number of seconds" % epoch)
        self._epoch = int(epoch)
        self._roots = {name: work / name for name in (_RUNTIME, _DEVELOPMENT)}

    def stage(self):
        """The installed tree, dealt out to the packages."""
        development = self._roots[_DEVELOPMENT]
        run(_INSTALL / "install", "--prefix=/usr", "--destdir=%s" % development,
            "--libdir=" + self._lib.partition("/")[2])
        shutil.rmtree(development / "usr/share/hpsocket")  # dpkg knows what is installed
        notice = development / "usr/share/doc/hpsocket/NOTICE"
        words = notice.read_text(encoding="utf-8")
        shutil.rmtree(notice.parent)
        (self._roots[_RUNTIME] / self._lib).mkdir(parents=True)
        for library in self._libraries():
            target = self._roots[_RUNTIME] / self._lib / library
            (development / self._lib / library).rename(target)
            self._check_class(target)
            run("strip", "--strip-unneeded", "--remove-section=.comment", target)
        for package, root in self._roots.items():
            folder = root / "usr/share/doc" / package
            folder.mkdir(parents=True)
            (folder / "copyright").write_text(words + _COPYRIGHT, encoding="utf-8")
            (folder / "changelog.Debian.gz").write_bytes(gzip.compress(self._changelog().encode(), 9, mtime=self._epoch))

    def _check_class(self, library):
        """Refuses libraries of another word than the architecture's, as --config=m32 makes them."""
        with open(library, "rb") as file:
            bits = {1: "32", 2: "64"}[file.read(5)[4]]
        wanted = run("dpkg-architecture", "-qDEB_HOST_ARCH_BITS").strip()
        if bits != wanted:
            raise Refused("%s has %s bits, packages for %s take %s: build it without --config=m32, or on the architecture "
                          "that it is for" % (library.name, bits, self._architecture, wanted))

    def build(self, out):
        """The files."""
        for package, root in self._roots.items():
            (root / "DEBIAN").mkdir()
        self._write(_RUNTIME, "shlibs", self._shlibs())
        self._write(_RUNTIME, "triggers", "activate-noawait ldconfig\n")
        made = []
        for package, root in self._roots.items():
            files = sorted(path for path in root.rglob("*")
                           if path.is_file() and not path.is_symlink() and "DEBIAN" not in path.parts)
            self._write(package, "md5sums", "".join(
                "%s  %s\n" % (hashlib.md5(path.read_bytes()).hexdigest(), path.relative_to(root)) for path in files))
            self._write(package, "control", self._control(package, files))
            for path in [root, *root.rglob("*")]:
                if not path.is_symlink():
                    path.chmod(0o755 if path.is_dir() else 0o644)
            name = "%s_%s_%s.deb" % (package, self._version, self._architecture)
            run("dpkg-deb", "--root-owner-group", "-Zxz", "-z3", "--build", root, self._work / name,
                env={**os.environ, "SOURCE_DATE_EPOCH": str(self._epoch)})
            made.append(name)
        out.mkdir(parents=True, exist_ok=True)
        # Under their names only when both are there as a whole: the disk may be another one, and full.
        scratch = pathlib.Path(tempfile.mkdtemp(prefix=".hpsocket-", dir=out))
        try:
            for name in made:
                shutil.copyfile(self._work / name, scratch / name)
            for name in made:
                (scratch / name).replace(out / name)
        finally:
            shutil.rmtree(scratch)
        return [out / name for name in made]

    def _libraries(self):
        return ["lib%s.so.%s" % (name, self._abi) for name in ("hpsocket", "hpsocket4c")]

    def _write(self, package, name, text):
        (self._roots[package] / "DEBIAN" / name).write_text(text, encoding="utf-8")

    def _shlibs(self):
        return "".join("%s %s %s (>= %s)\n" % (name, self._abi, _RUNTIME, self._upstream)
                       for name in ("libhpsocket", "libhpsocket4c"))

    def _changelog(self):
        return "hpsocket (%s) unstable; urgency=medium\n\n  * Version %s.\n\n -- %s  %s\n" % (
            self._version, self._upstream, self._maintainer, email.utils.formatdate(self._epoch))

    def _needed(self, package):
        """What dpkg-shlibdeps says that the package's libraries need, other than each other."""
        source = self._work / "source"
        (source / "debian").mkdir(parents=True, exist_ok=True)
        (source / "debian/control").write_text(_SOURCE.replace("@", self._maintainer), encoding="utf-8")
        # It looks for what it cannot find in installed packages.
        own = self._shlibs() + "libhpsocket_d {0} {1}\nlibhpsocket4c_d {0} {1}\n".format(self._abi, _DEVELOPMENT)
        (source / "debian/shlibs.local").write_text(own, encoding="utf-8")
        folders = ["-l%s" % (root / self._lib) for root in self._roots.values()]
        libraries = sorted(path for path in (self._roots[package] / self._lib).glob("*.so." + self._abi))
        said = run("dpkg-shlibdeps", "-O", *["-x" + name for name in self._roots], *folders,
                   *["-e%s" % library for library in libraries], folder=source)
        return re.search(r"^shlibs:Depends=(.*)$", said, re.MULTILINE).group(1)

    def _control(self, package, files):
        depends = self._needed(package)
        if package == _DEVELOPMENT:
            depends = "%s (= %s), %s" % (_RUNTIME, self._version, depends)
        return _CONTROL.format(
            package=package, version=self._version, architecture=self._architecture, maintainer=self._maintainer,
            section="libs" if package == _RUNTIME else "libdevel", depends=depends, about=_ABOUT[package],
            suffix="" if package == _RUNTIME else " (development)",
            size=sum(-(-path.stat().st_size // 1024) for path in files))


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="bazel run --config=opt //tools/package --", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Exit codes: 0 both are made; 1 refused or failed; 2 a mistake on the command line.")
    parser.add_argument("--out", metavar="DIR", required=True, help="the folder to put the packages in")
    parser.add_argument("--revision", metavar="REVISION", default="1", help="Debian's part of the version (default 1)")
    parser.add_argument("--maintainer", metavar="NAME", default="hpsocket <hpsocket@localhost>",
                        help='who packs, "Name <address>" (default %(default)s)')
    options = parser.parse_args(arguments)
    if not re.fullmatch(r"[A-Za-z0-9.+~]+", options.revision):
        parser.error("--revision: letters, digits, . + and ~ only")
    if not re.fullmatch(r"[^<>\n]+ <[^<>\s]+@[^<>\s]+>", options.maintainer):
        parser.error('--maintainer: "Name <address>"')
    return options


def main(arguments):
    options = parse(arguments)
    # `bazel run` starts programs among their runfiles.
    out = pathlib.Path(os.environ.get("BUILD_WORKING_DIRECTORY") or os.getcwd()) / os.path.expanduser(options.out)
    missing = [tool for tool in _TOOLS if not shutil.which(tool)]
    if missing:
        print("package: missing: %s (Debian: dpkg-dev, binutils)" % ", ".join(missing), file=sys.stderr)
        return 1
    work = pathlib.Path(tempfile.mkdtemp(prefix="hpsocket-package-"))
    try:
        packages = Packages(work, options)
        packages.stage()
        for path in packages.build(out):
            print(path)
    except (Refused, OSError) as failure:
        print("package: %s" % failure, file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(work)
    return 0


if __name__ == "__main__":
    for signal_number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(signal_number) != signal.SIG_IGN:
            signal.signal(signal_number, lambda number, _: sys.exit(128 + number))  # what is half made is removed
    sys.exit(main(sys.argv[1:]))
