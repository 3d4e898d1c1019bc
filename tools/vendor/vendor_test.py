"""What tools/vendor copies, refuses and writes. That the copies build is tested by cmake_test and //tools/readme."""

import contextlib
import io
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
import unittest.mock

import build_files
import vendor

_INCLUDE = re.compile(r'^#include "hpsocket/([^"]+)"', re.MULTILINE)


class VendorTest(unittest.TestCase):
    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="hpsocket-vendor-"))
        self.addCleanup(shutil.rmtree, self.scratch)
        self.out = self.scratch / "product/third_party/hpsocket"

    def run_main(self, *arguments):
        """(exit code, what it wrote)"""
        written = io.StringIO()
        with contextlib.redirect_stdout(written), contextlib.redirect_stderr(written):
            try:
                code = vendor.main([str(argument) for argument in arguments])
            except SystemExit as ended:
                code = ended.code
        return code, written.getvalue()

    def copied(self):
        return {path.relative_to(self.out).as_posix() for path in self.out.rglob("*") if path.is_file()}

    def test_each_component_is_copied_with_all_that_it_needs_and_no_other(self):
        known = vendor.components(vendor.ROOT)
        self.assertEqual(known, ["cast", "tcp_agent", "tcp_client", "tcp_server", "udp"])
        for component in known:
            with self.subTest(component=component):
                code, text = self.run_main(component, "--out", self.out)
                self.assertEqual(code, 0, text)
                self.assertEqual({name.partition("/")[0] for name in self.copied()},
                                 {"CMakeLists.txt", "LICENSE", "MODULE.bazel", "VENDORED", "WORKSPACE", "core", "generated",
                                  "tools", component})
                self.assertEqual({path.name for path in (self.out / "tools").iterdir()}, {"bazel"})
                self.check_lists(component)
                subprocess.run(["sha256sum", "--check", "--quiet", "VENDORED"], cwd=self.out, check=True)

    def check_lists(self, component):
        lists = (self.out / "CMakeLists.txt").read_text(encoding="utf-8")
        sources = set(re.findall(r"^    (\S+\.cc?)\)?$", lists, re.MULTILINE))
        self.assertIn("%s/c_api.cc" % component, sources)
        # Whatever an include names is in the copy, and what is compiled for it is in the lists.
        reached, waiting = set(), sorted(sources)
        while waiting:
            name = waiting.pop()
            path = self.out / name if (self.out / name).exists() else self.out / "generated/hpsocket" / name
            self.assertTrue(path.exists(), "%s is not in the copy" % name)
            reached.add(name)
            waiting += set(_INCLUDE.findall(path.read_text(encoding="utf-8"))) - reached - set(waiting)
        for name in reached:
            source = name[:-2] + ".cc"
            if name.endswith(".h") and (self.out / source).exists():
                self.assertIn(source, sources, "%s is included, its source is not compiled" % name)
        self.assertFalse([name for name in sources if "fake_" in name or name.endswith("_test.cc")])

    def test_versions_are_those_of_the_packages(self):
        self.run_main("udp", "--out", self.out)
        header = (self.out / "generated/hpsocket/udp/version.h").read_text(encoding="utf-8")
        version = re.search(r'VERSION = "([^"]+)"', (vendor.ROOT / "udp/version.bzl").read_text(encoding="utf-8")).group(1)
        self.assertIn('kVersion[] = "%s"' % version, header)
        major, minor, patch = [int(part) for part in version.split(".")]
        self.assertIn("HPSOCKET_UDP_VERSION %d\n" % (major * 10000 + minor * 100 + patch), header)
        self.assertIn('#include "hpsocket/core/version.h"', header)
        self.assertTrue((self.out / "generated/hpsocket/core/version.h").exists())

    def test_a_component_does_not_compile_with_a_core_that_does_not_fit(self):
        known = vendor.components(vendor.ROOT)
        self.run_main(*known, "--out", self.out)
        include = self.scratch / "include"
        include.mkdir()
        (include / "hpsocket").symlink_to(self.out)
        core = self.out / "generated/hpsocket/core/version.h"
        made = build_files.BuildFiles(self.out)
        for component in known:
            about = made.symbols("//%s:version.bzl" % component)
            numbers = made.symbols("//tools/bazel:version.bzl")
            oldest, first_other = [numbers[name](about["REQUIRES_CORE"]) for name in ("version_number", "next_major")]
            message = '#error "%s %s needs core %s or newer, of the same major version"' % (
                component, about["VERSION"], about["REQUIRES_CORE"])
            # Its users' programs include the header; it itself must not compile either.
            using = self.scratch / "using.cc"
            using.write_text('#include "hpsocket/%s/version.h"\n' % component, encoding="utf-8")
            own = [self.out / name for name in made.library("//%s:%s" % (component, component)).srcs]
            for sources in ([using], own):
                for version in (oldest, oldest - 1, first_other - 1, first_other):
                    with self.subTest(component=component, sources=sources, core=version):
                        text = core.read_text(encoding="utf-8")
                        core.write_text(re.sub("(HPSOCKET_CORE_VERSION) .*", r"\1 %d" % version, text), encoding="utf-8")
                        # Only what the preprocessor makes of it; what others have installed may be missing here.
                        done = subprocess.run(["g++", "-M", "-MG", "-I", include, "-I", self.out / "generated", *sources],
                                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
                        errors = done.stderr.decode("utf-8", "replace")
                        fits = oldest <= version < first_other
                        self.assertEqual((done.returncode == 0, message in errors), (fits, not fits), errors)

    def test_the_suite_comes_when_asked_for(self):
        self.assertEqual(self.run_main("udp", "cast", "--with-tests", "--out", self.out)[0], 0)
        self.assertIn("testing/conformance/udp_suite_client.cc", self.copied())
        lists = (self.out / "CMakeLists.txt").read_text(encoding="utf-8")
        calls = dict(re.findall(r"^hpsocket_suite\((\w+)\n(.*?)\)$", lists, re.MULTILINE | re.DOTALL))
        # Every suite of a component, not only the one that is called conformance.
        expected = {"conformance_udp": "udp_suite_client", "network_conformance_udp": "udp_wire_suite",
                    "conformance_cast": "cast_suite"}
        self.assertEqual(calls.keys(), expected.keys())
        for name, suite in expected.items():
            sources = re.findall(r"^    (\S+)$", calls[name], re.MULTILINE)
            self.assertIn("%s/conformance_main.cc" % name.rpartition("_")[2], sources)
            self.assertIn("testing/conformance/%s.cc" % suite, sources)
            libraries = "".join(re.findall(r"^hpsocket_library\((.*?)\)$", lists, re.MULTILINE | re.DOTALL))
            self.assertEqual([name for name in sources if "    %s\n" % name in libraries], [], "compiled twice")

    def test_again_gives_the_same_and_drops_what_is_no_more(self):
        self.run_main("udp", "cast", "--out", self.out)
        self.run_main("udp", "--out", self.out)
        first = {name: vendor.digest(self.out / name) for name in self.copied()}
        self.assertNotIn("cast/BUILD", first)
        self.assertEqual(self.run_main("udp", "--out", self.out)[0], 0)
        self.assertEqual({name: vendor.digest(self.out / name) for name in self.copied()}, first)
        self.assertEqual([path.name for path in self.out.parent.iterdir()], ["hpsocket"])

    def test_what_somebody_has_changed_is_kept(self):
        self.run_main("udp", "--out", self.out)
        (self.out / "udp/udp_server.cc").write_text("// mine\n", encoding="utf-8")
        (self.out / "notes.txt").write_text("mine, too\n", encoding="utf-8")
        code, text = self.run_main("udp", "--out", self.out)
        self.assertEqual(code, 1)
        self.assertIn("notes.txt\n  udp/udp_server.cc", text)
        self.assertEqual((self.out / "udp/udp_server.cc").read_text(encoding="utf-8"), "// mine\n")
        self.assertEqual(self.run_main("udp", "--force", "--out", self.out)[0], 0)
        self.assertNotIn("notes.txt", self.copied())

    def test_other_peoples_folders_are_left_alone(self):
        self.out.mkdir(parents=True)
        (self.out / "precious").write_text("x", encoding="utf-8")
        code, text = self.run_main("udp", "--out", self.out)
        self.assertEqual(code, 1)
        self.assertIn("no vendored copy", text)
        self.assertEqual(self.copied(), {"precious"})
        code, text = self.run_main("udp", "--out", self.out / "precious")
        self.assertEqual(code, 1)
        self.assertIn("is no folder", text)

    def test_the_tree_that_is_copied_is_never_replaced(self):
        self.run_main("udp", "--out", self.out)
        for target in (self.out, self.out.parent, self.out / "core/.."):
            with self.assertRaisesRegex(vendor.Refused, "is what is copied, or has it inside"):
                vendor.vendor(self.out, ["udp"], target, force=True)
        self.assertIn("VENDORED", self.copied())

    def test_a_link_to_a_folder_stays_one(self):
        self.out.parent.mkdir(parents=True)
        shared = self.scratch / "shared"
        self.out.symlink_to(shared)
        for _ in ("made", "replaced"):
            code, text = self.run_main("udp", "--out", self.out)
            self.assertEqual(code, 0, text)
            self.assertTrue(self.out.is_symlink())
            self.assertTrue((shared / "VENDORED").is_file())
        self.assertEqual({path.name for path in self.scratch.iterdir()}, {"product", "shared"})

    def test_a_tilde_is_the_home_folder(self):
        (self.scratch / "taken").write_text("x", encoding="utf-8")
        with unittest.mock.patch.dict(os.environ, {"HOME": str(self.scratch)}):
            self.assertEqual(self.run_main("udp", "--out=~/taken"),
                             (1, "vendor: %s is no folder\n" % (self.scratch.resolve() / "taken")))

    def test_mistakes_are_explained(self):
        code, text = self.run_main("tcp_sever", "--out", self.out)
        self.assertEqual(code, 2)
        self.assertIn("no such component: tcp_sever; there are cast, tcp_agent", text)
        self.assertEqual(self.run_main("udp")[0], 2)
        self.assertEqual(self.run_main("--out", self.out)[0], 2)
        code, text = self.run_main("--help")
        self.assertEqual(code, 0)
        self.assertIn("Exit codes", text)

    def test_a_tree_without_git_will_do(self):
        self.run_main("udp", "--out", self.out)
        again = self.scratch / "again"
        vendor.vendor(self.out, ["udp"], again)
        for name in self.copied():
            self.assertEqual(vendor.digest(again / name), vendor.digest(self.out / name), name)
        shutil.rmtree(self.out / "udp")
        with self.assertRaisesRegex(vendor.Refused, "udp is missing"):
            vendor.vendor(self.out, ["udp"], self.scratch / "third")

    def test_a_source_that_git_does_not_know_is_not_left_out(self):
        self.run_main("udp", "--out", self.out)
        for command in (["init", "-q"], ["add", "--all", "--force"], ["rm", "-q", "--cached", "udp/udp_server.cc"]):
            subprocess.run(["git", "-C", str(self.out), *command], check=True)
        with self.assertRaisesRegex(vendor.Refused, r"not known to git \(git add\):\n  udp/udp_server\.cc$"):
            vendor.vendor(self.out, ["udp"], self.scratch / "again")
        self.assertEqual([path.name for path in self.scratch.iterdir()], ["product"])


class BuildFilesTest(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="hpsocket-build-"))
        self.addCleanup(shutil.rmtree, self.root)

    def package(self, name, text):
        (self.root / name).mkdir()
        (self.root / name / "BUILD").write_text('load("//tools/bazel:hp.bzl", "hp_cc_library")\n' + text, encoding="utf-8")

    def test_selects_labels_and_closures(self):
        self.package("a", 'hp_cc_library(name = "a", srcs = ["a.cc"], deps = [":b", "//c"] + select({":x": ["@x"],'
                          ' "//conditions:default": ["@y//:z"]}))\n'
                          'hp_cc_library(name = "b", hdrs = glob(["*.h"]))\n'
                          '[hp_cc_library(name = "t" + n, testonly = True) for n in ["1"]]\n')
        (self.root / "a/b.h").write_text("", encoding="utf-8")
        self.package("c", 'hp_cc_library(name = "c", deps = ["//a:b"])')
        libraries, foreign = build_files.BuildFiles(self.root).closure(["//a:a"])
        self.assertEqual([library.label for library in libraries], ["//a:a", "//a:b", "//c:c"])
        self.assertEqual(libraries[1].hdrs, ["a/b.h"])
        self.assertEqual(foreign, ["@y//:z"])
        self.assertEqual(build_files.BuildFiles(self.root, ":x").closure(["//a:a"])[1], ["@x"])
        self.assertTrue(build_files.BuildFiles(self.root).library("//a:t1").testonly)
        with self.assertRaisesRegex(LookupError, "a/BUILD has no library //a:none"):
            build_files.BuildFiles(self.root).library("//a:none")


if __name__ == "__main__":
    unittest.main()
