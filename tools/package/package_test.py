#!/usr/bin/env python3
"""What is in the Debian packages: package_test.py PACKAGE. That they work is tested by tree_test."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PACKAGE = os.path.abspath(sys.argv[1])


def run(*command, check=True, **environment):
    """(exit code, what it wrote)"""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env={**os.environ, **environment})
    if check and done.returncode != 0:
        raise AssertionError("%s: exit code %d\n%s" % (command, done.returncode, done.stdout))
    return done.returncode, done.stdout


class PackageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = pathlib.Path(tempfile.mkdtemp(prefix="hpsocket-debs-", dir=os.environ.get("TEST_TMPDIR")))
        cls.addClassCleanup(shutil.rmtree, cls.scratch)
        _, text = run(PACKAGE, "--out=debs", SOURCE_DATE_EPOCH="1700000000", BUILD_WORKING_DIRECTORY=str(cls.scratch))
        cls.runtime, cls.development = [pathlib.Path(line) for line in text.splitlines()]
        architecture = run("dpkg", "--print-architecture")[1].strip()
        cls.lib = "usr/lib/" + run("dpkg-architecture", "-qDEB_HOST_MULTIARCH")[1].strip()
        for path, name in ((cls.runtime, "libhpsocket4c"), (cls.development, "libhpsocket4c-dev")):
            assert path.parent == cls.scratch / "debs", path
            assert re.fullmatch(r"%s_\d+\.\d+\.\d+-1_%s\.deb" % (name, architecture), path.name), path

    def fields(self, deb, *names):
        """The fields' values, in a list."""
        return [run("dpkg-deb", "--field", deb, name)[1].strip() for name in names]

    def content(self, deb):
        """{path: its mode and owner}; folders end in /"""
        lines = run("dpkg-deb", "--contents", deb)[1].splitlines()[1:]  # the first is ./
        return {re.sub(r" -> .*", "", line.split(None, 5)[5])[2:]: line.split()[:2] for line in lines}

    def test_programs_need_the_two_libraries_and_nothing_else(self):
        files = {name for name in self.content(self.runtime) if not name.endswith("/")}
        doc = "usr/share/doc/libhpsocket4c/"
        self.assertEqual(files, {self.lib + "/libhpsocket.so.1", self.lib + "/libhpsocket4c.so.1", doc + "copyright",
                                 doc + "changelog.Debian.gz"})

    def test_development_has_the_rest(self):
        files = set(self.content(self.development))
        self.assertLessEqual({"usr/include/HPSocket.h", "usr/include/HPSocket4C.h", "usr/include/hpsocket/core/version.h"},
                             files)
        self.assertLessEqual({"%s/%s" % (self.lib, name) for name in (
            "libhpsocket.so", "libhpsocket4c.so", "libhpsocket.a", "libhpsocket_d.so", "libhpsocket4c_d.so.1",
            "pkgconfig/hpsocket.pc", "pkgconfig/hpsocket4c.pc", "cmake/HPSocket/HPSocketConfig.cmake")}, files)
        self.assertFalse([name for name in files & set(self.content(self.runtime)) if not name.endswith("/")])

    def test_dependencies_are_those_of_the_libraries(self):
        for deb in (self.runtime, self.development):
            depends = re.sub(r"libhpsocket4c \(= [^)]*\), ", "", self.fields(deb, "Depends")[0])
            names = [re.match(r"([\w.+-]+)( \(>= [\w.+:~-]+\))?$", depend).group(1) for depend in depends.split(", ")]
            self.assertEqual(sorted(names), ["libc6", "libgcc-s1", "libstdc++6"], depends)
            self.assertRegex(depends, r"libc6 \(>= 2\.\d+\)")
        version, = self.fields(self.runtime, "Version")
        self.assertTrue(self.fields(self.development, "Depends")[0].startswith("libhpsocket4c (= %s), " % version))

    def test_control_files_say_what_debian_wants_to_know(self):
        self.assertEqual(self.fields(self.runtime, "Section", "Priority", "Multi-Arch", "Source"),
                         ["libs", "optional", "same", "hpsocket"])
        self.assertEqual(self.fields(self.development, "Section"), ["libdevel"])
        self.assertGreater(int(self.fields(self.runtime, "Installed-Size")[0]), 500)
        version = self.fields(self.runtime, "Version")[0].partition("-")[0]
        self.assertEqual(run("dpkg-deb", "--info", self.runtime, "shlibs")[1],
                         "libhpsocket 1 libhpsocket4c (>= {0})\nlibhpsocket4c 1 libhpsocket4c (>= {0})\n".format(version))
        self.assertEqual(run("dpkg-deb", "--info", self.runtime, "triggers")[1], "activate-noawait ldconfig\n")
        for deb in (self.runtime, self.development):
            root = self.scratch / deb.stem
            run("dpkg-deb", "--raw-extract", deb, root)
            run("sh", "-c", 'cd "$1" && md5sum --check --quiet DEBIAN/md5sums', "sh", root)
            copyright_file, = root.glob("usr/share/doc/*/copyright")
            for word in ("abseil", "liburing", "mimalloc", "common-licenses/Apache-2.0"):
                self.assertIn(word, copyright_file.read_text(encoding="utf-8"))

    def test_files_are_roots_and_nobody_else_may_write_them(self):
        for deb in (self.runtime, self.development):
            for name, (mode, owner) in self.content(deb).items():
                self.assertEqual(owner, "root/root", name)
                self.assertIn(mode, ("-rw-r--r--", "drwxr-xr-x", "lrwxrwxrwx"), name)

    def test_libraries_are_stripped(self):
        root = self.scratch / "stripped"
        run("dpkg-deb", "--extract", self.runtime, root)
        for library in (root / self.lib).iterdir():
            self.assertNotIn(".symtab", run("readelf", "-SW", library)[1])

    def test_the_same_sources_give_the_same_packages(self):
        run(PACKAGE, "--out=%s" % (self.scratch / "again"), SOURCE_DATE_EPOCH="1700000000")
        for deb in (self.runtime, self.development):
            self.assertEqual(deb.read_bytes(), (self.scratch / "again" / deb.name).read_bytes(), deb.name)
        self.assertEqual({path.name for path in (self.scratch / "again").iterdir()},
                         {self.runtime.name, self.development.name})

    def test_mistakes_and_help(self):
        for arguments, words in (([], "--out"), (["--out=x", "--revision=1-2"], "--revision"),
                                 (["--out=x", "--maintainer=me"], "Name <address>")):
            code, text = run(PACKAGE, *arguments, check=False, BUILD_WORKING_DIRECTORY=str(self.scratch))
            self.assertEqual(code, 2, text)
            self.assertIn(words, text)
        code, text = run(PACKAGE, "--out=x", check=False, SOURCE_DATE_EPOCH="today",
                         BUILD_WORKING_DIRECTORY=str(self.scratch))
        self.assertEqual((code, text), (1, "package: SOURCE_DATE_EPOCH is 'today', not a number of seconds\n"))
        code, text = run(PACKAGE, "--out=x", check=False, DEB_HOST_ARCH_BITS="32")
        self.assertEqual(code, 1, text)
        self.assertIn("libhpsocket.so.1 has 64 bits, packages for ", text)
        (self.scratch / "file").write_text("")
        code, text = run(PACKAGE, "--out=%s" % (self.scratch / "file"), check=False)
        self.assertEqual(code, 1)
        self.assertNotIn("Traceback", text)
        code, text = run(PACKAGE, "--out=x", check=False, PATH=str(self.scratch) + ":" + self.python_only())
        self.assertEqual(code, 1)
        self.assertIn("missing: dpkg-architecture, dpkg-deb, dpkg-shlibdeps, strip", text)
        code, text = run(PACKAGE, "--help")
        self.assertEqual(code, 0)
        self.assertIn("Exit codes", text)

    def python_only(self):
        """A folder for PATH with what the launcher needs."""
        folder = self.scratch / "bin"
        folder.mkdir()
        for tool in ("python3", "dirname"):
            (folder / tool).symlink_to(shutil.which(tool))
        return str(folder)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
