#!/usr/bin/env python3
"""Installs into a scratch folder and builds programs against it, as its users would: install_test.py INSTALL

HPSOCKET_REQUIRE_PROGRAMS=1: fails instead of skipping where cmake or pkg-config are missing.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).absolute().parent
INSTALL = os.path.abspath(sys.argv[1])
LIBRARIES = {"libhpsocket.so", "libhpsocket.so.1", "libhpsocket4c.so", "libhpsocket4c.so.1"}
DEBUG = {"libhpsocket_d.so", "libhpsocket_d.so.1", "libhpsocket4c_d.so", "libhpsocket4c_d.so.1"}
MANIFEST = "share/hpsocket/installed.txt"
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]


def run(*command, check=True, **environment):
    """(exit code, what it wrote)"""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env={**os.environ, **environment})
    if check and done.returncode != 0:
        raise AssertionError("%s: exit code %d\n%s" % (command, done.returncode, done.stdout))
    return done.returncode, done.stdout


def needs(program):
    if not shutil.which(program):
        if os.environ.get("HPSOCKET_REQUIRE_PROGRAMS") == "1":
            raise AssertionError("%s is missing; tools/bootstrap installs it" % program)
        raise unittest.SkipTest(program + " is missing")


def files(root):
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_symlink() or not path.is_dir()}


class Scratch(unittest.TestCase):
    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="hpsocket-install-", dir=os.environ.get("TEST_TMPDIR")))
        self.addCleanup(shutil.rmtree, self.scratch)


class InstallTest(Scratch):
    """What is written, replaced, refused and removed."""

    def setUp(self):
        super().setUp()
        self.prefix = self.scratch / "prefix"

    def install(self, *arguments, **environment):
        return run(INSTALL, "--prefix=%s" % self.prefix, *arguments, check=False, **environment)

    def test_everything_is_there_and_on_the_list(self):
        code, text = self.install()
        self.assertEqual(code, 0, text)
        names = files(self.prefix)
        self.assertEqual("installed %d files in %s\n" % (len(names), self.prefix), text)
        self.assertEqual(set((self.prefix / MANIFEST).read_text().splitlines()), names)
        lib = {name[4:] for name in names if name.startswith("lib/")}
        self.assertEqual(lib, LIBRARIES | DEBUG | {
            "libhpsocket.a", "pkgconfig/hpsocket.pc", "pkgconfig/hpsocket4c.pc", "cmake/HPSocket/HPSocketConfig.cmake",
            "cmake/HPSocket/HPSocketConfigVersion.cmake"})
        self.assertEqual(os.readlink(self.prefix / "lib/libhpsocket.so"), "libhpsocket.so.1")
        self.assertLessEqual({"include/" + name for name in (
            "HPSocket.h", "SocketInterface.h", "HPSocket4C.h", "hpsocket/core/version.h", "hpsocket/udp/version.h",
            "hpsocket/tcp_server/tcp_server.h", "hpsocket/core/api/types.h", "hpsocket/cast/c_api.h")}, names)
        self.assertLessEqual({"share/doc/hpsocket/LICENSE", "share/doc/hpsocket/NOTICE"}, names)
        for name in names - {MANIFEST}:
            content = (self.prefix / name).read_bytes()
            self.assertNotIn(bytes(self.scratch), content, name)
            if "/pkgconfig/" in name or "/cmake/" in name:
                self.assertNotRegex(content, rb"@\w+@", name)

    def test_everybody_may_read_it(self):
        before = os.umask(0o077)
        try:
            self.install("--no-debug", "--no-static")
        finally:
            os.umask(before)
        for path in [self.prefix, *self.prefix.rglob("*")]:
            if not path.is_symlink():
                self.assertEqual(path.stat().st_mode & 0o777, 0o755 if path.is_dir() else 0o644, path)

    def test_only_public_headers_come(self):
        self.install("--no-debug", "--no-static")
        for path in (self.prefix / "include").rglob("*.h"):
            with self.subTest(path.name):
                text = path.read_text(encoding="utf-8")
                self.assertRegex(text.partition("\n")[0], r"^// (\S+ — )?Public\.( Generated from \S+)?$")
                for include in re.findall(r'#include "([^"]+)"', text):
                    self.assertTrue((self.prefix / "include" / include).is_file(), "%s: %s" % (path, include))
        self.assertFalse([name for name in files(self.prefix) if "_d.so" in name or name.endswith(".a")])
        self.assertLessEqual({"lib/" + name for name in LIBRARIES}, files(self.prefix))

    def test_again_replaces_and_drops_what_is_no_more(self):
        self.install()
        before = files(self.prefix)
        inode = (self.prefix / "lib/libhpsocket.so.1").stat().st_ino
        (self.prefix / "lib/pkgconfig/hpsocket.pc").write_text("spoilt")
        code, text = self.install("--no-debug")
        self.assertEqual(code, 0, text)
        self.assertEqual(before - files(self.prefix), {"lib/" + name for name in DEBUG})
        self.assertIn("Name: HPSocket", (self.prefix / "lib/pkgconfig/hpsocket.pc").read_text())
        # A program that runs has the old file mapped: it must not change under it.
        self.assertNotEqual((self.prefix / "lib/libhpsocket.so.1").stat().st_ino, inode)

    def test_what_others_installed_is_left_alone(self):
        theirs = self.prefix / "include/HPSocket.h"
        theirs.parent.mkdir(parents=True)
        theirs.write_text("theirs")
        code, text = self.install()
        self.assertEqual(code, 1)
        self.assertIn("--force", text)
        self.assertIn("\n  include/HPSocket.h\n", text)
        self.assertEqual(files(self.prefix), {"include/HPSocket.h"})
        code, text = self.install("--uninstall")
        self.assertEqual(code, 1)
        self.assertIn("nothing to remove", text)
        self.assertEqual(theirs.read_text(), "theirs")
        code, text = self.install("--force")
        self.assertEqual(code, 0, text)
        self.assertNotEqual(theirs.read_text(encoding="utf-8"), "theirs")

    def test_uninstall_removes_what_was_installed_and_nothing_else(self):
        self.install()
        (self.prefix / "lib/libother.so").write_text("theirs")
        count = len(files(self.prefix)) - 1
        code, text = self.install("--uninstall")
        self.assertEqual((code, text), (0, "removed %d files from %s\n" % (count, self.prefix)))
        self.assertEqual([path.relative_to(self.prefix).as_posix() for path in sorted(self.prefix.rglob("*"))],
                         ["lib", "lib/libother.so"])
        self.assertEqual(self.install("--uninstall")[0], 1)

    def test_uninstall_never_leaves_the_prefix(self):
        victim = self.scratch / "victim"
        victim.write_text("x")
        (self.prefix / MANIFEST).parent.mkdir(parents=True)
        for name in ("../victim", str(victim), "lib/../../victim"):
            (self.prefix / MANIFEST).write_text(name + "\n")
            code, text = self.install("--uninstall")
            self.assertEqual(code, 1, text)
            self.assertIn("which no installation of this makes", text)
        self.assertEqual(victim.read_text(), "x")

    def test_a_broken_off_installation_can_be_repeated_and_removed(self):
        (self.prefix / "share/doc").mkdir(parents=True)
        (self.prefix / "share/doc/hpsocket").write_text("where a folder should be")
        code, text = self.install()
        self.assertEqual(code, 1, text)
        self.assertIn("install: ", text)
        self.assertNotIn("Traceback", text)
        self.assertIn("lib/libhpsocket.so.1", files(self.prefix))
        (self.prefix / "share/doc/hpsocket").unlink()
        # Where a file should be.
        (self.prefix / "include/HPSocket.h").unlink()
        (self.prefix / "include/HPSocket.h").mkdir()
        self.assertEqual(self.install()[0], 1)
        self.assertEqual([name for name in files(self.prefix) if name.endswith(".new")], [])
        (self.prefix / "include/HPSocket.h").rmdir()
        self.assertEqual(self.install()[0], 0)
        self.assertEqual(self.install("--uninstall")[0], 0)
        self.assertEqual(files(self.prefix), set())

    def test_destdir_stands_before_the_prefix(self):
        code, text = run(INSTALL, "--prefix=/opt/hpsocket", "--destdir=stage", "--libdir=lib/x86_64-linux-gnu",
                         BUILD_WORKING_DIRECTORY=str(self.scratch))
        self.assertEqual(code, 0, text)
        root = self.scratch / "stage/opt/hpsocket"
        self.assertIn("lib/x86_64-linux-gnu/libhpsocket.so.1", files(root))
        self.assertIn("prefix=${pcfiledir}/../../..\n",
                      (root / "lib/x86_64-linux-gnu/pkgconfig/hpsocket.pc").read_text())
        self.assertFalse(os.path.exists("/opt/hpsocket"))
        run(INSTALL, "--prefix=/opt/hpsocket", "--destdir=%s" % (self.scratch / "stage"), "--uninstall")
        self.assertEqual(files(self.scratch), set())

    def test_a_relative_prefix_counts_from_where_the_user_is(self):
        run(INSTALL, "--prefix=here", "--no-debug", BUILD_WORKING_DIRECTORY=str(self.scratch))
        self.assertIn("here/include/HPSocket.h", files(self.scratch))

    def test_a_tilde_is_the_home_folder(self):
        text = run(INSTALL, "--prefix=~/home/x", "--uninstall", check=False, HOME=str(self.scratch))[1]
        self.assertIn("there is no %s/home/x/share" % self.scratch, text)
        text = run(INSTALL, "--prefix=//usr", "--destdir=~/stage", "--uninstall", check=False, HOME=str(self.scratch))[1]
        self.assertIn("there is no %s/stage/usr/share" % self.scratch, text)

    def test_mistakes_are_explained(self):
        for arguments, words in (
                ([], "--prefix"), (["--prefix"], "expected one argument"), (["--prefix=/x", "more"], "unrecognized"),
                (["--prefix=x", "--destdir=y"], "absolute --prefix"), (["--prefix="], "names no folder"),
                (["--prefix=x", "--libdir=../lib"], "no folder below the prefix"),
                (["--prefix=x", "--libdir=/lib"], "no folder below the prefix")):
            code, text = run(INSTALL, *arguments, check=False, BUILD_WORKING_DIRECTORY=str(self.scratch))
            self.assertEqual(code, 2, text)
            self.assertIn(words, text)
        self.prefix.write_text("a file")
        code, text = self.install()
        self.assertEqual(code, 1)
        self.assertIn(str(self.prefix), text)
        self.assertNotIn("Traceback", text)

    def test_help(self):
        code, text = run(INSTALL, "--help")
        self.assertEqual(code, 0)
        for word in ("--prefix", "--destdir", "--libdir", "--uninstall", "find_package(HPSocket)", "Exit codes"):
            self.assertIn(word, text)


class ConsumerTest(Scratch):
    """Programs outside Bazel, against an installation that was moved since: nothing in it may know where it was."""

    def setUp(self):
        super().setUp()
        first = self.scratch / "first"
        run(INSTALL, "--prefix=%s" % first, "--libdir=lib/here")
        self.prefix = self.scratch / "moved"
        first.rename(self.prefix)
        self.lib = self.prefix / "lib/here"

    def pkg_config(self, *arguments):
        return run("pkg-config", *arguments, PKG_CONFIG_PATH=str(self.lib / "pkgconfig"))[1].split()

    def check_echo(self, program, language, **environment):
        _, text = run(program, **environment)
        # Before it is the library's own message, which port it took.
        self.assertRegex(text, r"(?m)^from %s and back, by HPSocket \d+\.\d+\.\d+\n$" % re.escape(language))

    def loaded(self, program, **environment):
        """The libraries of ours that it runs with, {name: path}."""
        return dict(re.findall(r"(libhpsocket\S+) => (\S+)", run("ldd", program, **environment)[1]))

    def test_pkg_config(self):
        needs("pkg-config")
        version = re.search(r"^Version: (\S+)$", (self.lib / "pkgconfig/hpsocket.pc").read_text(), re.MULTILINE).group(1)
        self.assertEqual(self.pkg_config("--modversion", "hpsocket", "hpsocket4c"), [version, version])
        there = {"LD_LIBRARY_PATH": str(self.lib)}
        for language, compiler, source, package in (
                ("C++", ["g++", "-std=c++14"], "echo.cc", "hpsocket"), ("C", ["gcc", "-std=c99"], "echo.c", "hpsocket4c")):
            with self.subTest(language):
                program = self.scratch / package
                run(*compiler, *WARNINGS, "-o", program, HERE / "consumer" / source,
                    *self.pkg_config("--cflags", "--libs", package))
                self.check_echo(program, language, **there)
                ours = self.loaded(program, **there)
                self.assertIn("lib%s.so.1" % package, ours)
                for path in ours.values():
                    self.assertEqual(pathlib.Path(path).resolve().parent, self.lib.resolve())

    def test_the_static_library(self):
        needs("pkg-config")
        program = self.scratch / "static"
        run("g++", "-std=c++14", *WARNINGS, "-o", program, HERE / "consumer/echo.cc",
            *self.pkg_config("--cflags", "hpsocket"), self.lib / "libhpsocket.a", "-pthread")
        self.check_echo(program, "C++")
        self.assertEqual(self.loaded(program), {})

    def test_each_header_compiles_alone(self):
        include = self.prefix / "include"
        for path in sorted(include.rglob("*.h")):
            name = path.relative_to(include).as_posix()
            with self.subTest(name):
                source = self.scratch / "one.cc"
                source.write_text('#include "%s"\n#include "%s"\n' % (name, name))
                run("g++", "-std=c++14", *WARNINGS, "-fsyntax-only", "-I", include, source)

    def test_find_package(self):
        needs("cmake")
        for mode, suffix in (("Release", ""), ("Debug", "_d"), ("", "")):
            with self.subTest(mode):
                build = self.scratch / ("build-" + mode)
                run("cmake", "-S", HERE / "consumer", "-B", build, "-DCMAKE_PREFIX_PATH=%s" % self.prefix,
                    "-DHPSocket_DIR=%s" % (self.lib / "cmake/HPSocket"), "-DCMAKE_BUILD_TYPE=" + mode)
                run("cmake", "--build", build)
                for program, language in (("echo_cpp", "C++"), ("echo_c", "C"), ("echo_static", "C++")):
                    self.check_echo(build / program, language)
                self.assertEqual(set(self.loaded(build / "echo_cpp")), {"libhpsocket%s.so.1" % suffix})
                self.assertEqual(set(self.loaded(build / "echo_c")),
                                 {"libhpsocket%s.so.1" % suffix, "libhpsocket4c%s.so.1" % suffix})
                self.assertEqual(self.loaded(build / "echo_static"), {})

    def find(self, words, languages="NONE"):
        """What CMake says of one find_package()."""
        source = self.scratch / "find"
        shutil.rmtree(source, ignore_errors=True)
        source.mkdir()
        (source / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.16)\nproject(find LANGUAGES %s)\nfind_package(HPSocket %s)\n"
            'message(STATUS "found: ${HPSocket_FOUND} ${HPSocket_VERSION}")\n' % (languages, words))
        return run("cmake", "-S", source, "-B", source / "build", "-DHPSocket_DIR=%s" % (self.lib / "cmake/HPSocket"),
                   check=False)

    def test_find_package_knows_its_version_and_components(self):
        needs("cmake")
        for words in ("", "1", "1.0", "1.0.0 EXACT", "1.0...<2", "COMPONENTS hpsocket4c"):
            code, text = self.find(words + " REQUIRED")
            self.assertEqual(code, 0, text)
            self.assertRegex(text, r"found: (1|TRUE) 1\.")
        for words, reason in (("2.0", "version"), ("0.9", "version"), ("1.99", "version"), ("1.0...<1.0.0", "version"),
                              ("COMPONENTS ssl", "has no ssl; there are hpsocket")):
            code, text = self.find(words + " REQUIRED")
            self.assertEqual(code, 1, text)
            self.assertIn(reason, text)
        self.assertIn("found: 0", self.find("2.0 QUIET")[1])

    def test_find_package_refuses_libraries_of_another_word_size(self):
        needs("cmake")
        path = self.lib / "cmake/HPSocket/HPSocketConfigVersion.cmake"
        text = path.read_text()
        other = {"8": "4", "4": "8"}
        turned = re.sub(r"(SIZEOF_VOID_P EQUAL )(\d)", lambda found: found.group(1) + other[found.group(2)], text)
        self.assertNotEqual(turned, text)
        self.assertEqual(self.find("1.0 REQUIRED", "C")[0], 0)
        path.write_text(turned)
        code, text = self.find("1.0 REQUIRED", "C")
        self.assertEqual(code, 1, text)
        self.assertIn("bit)", text)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
