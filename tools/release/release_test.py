"""Tags and versions, in repositories made for it; and those of the real tree are right."""

import contextlib
import io
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import release

_GIT = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@example.invalid", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.invalid"}


class ReleaseTest(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="hpsocket-release-"))
        self.addCleanup(shutil.rmtree, self.root)
        os.environ.update(_GIT)
        self.git("init", "-q", "-b", "main")
        for package in release.PACKAGES:
            self.set_version(package, "1.0.0")
            self.write(package + "/deep/public.h", "// Public.\nint a();\n")
            self.write(package + "/internal.h", "// Internal to core.\nint a();\n")
        self.commit()

    def git(self, *arguments, root=None):
        subprocess.run(["git", "-C", str(root or self.root), *arguments], check=True, stdout=subprocess.DEVNULL)

    def write(self, path, text):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def set_version(self, package, version, unreleased=False):
        self.write(package + "/version.bzl", '"""About it."""\n\nVERSION = "%s"\n' % version)
        self.write(package + "/CHANGELOG.md", "# Changes\n\n## %s%s\n" % (version, " (unreleased)" if unreleased else ""))

    def commit(self):
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "x")

    def tag_all(self):
        code, out, _ = self.run_main("--new")
        self.assertEqual(code, 0)
        for tag in out.split():
            self.git("tag", tag)

    def run_main(self, *arguments, root=None):
        """(exit code, what it printed, what it complained of)"""
        out, errors = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
            try:
                code = release.main(list(arguments), root or self.root)
            except SystemExit as ended:
                code = ended.code
        return code, out.getvalue(), errors.getvalue()

    def states(self):
        code, out, errors = self.run_main()
        self.assertEqual((code, errors), (0, ""))
        return dict(line.split(None, 1) for line in out.splitlines())

    def finding(self):
        """The one complaint that there is."""
        code, _, errors = self.run_main()
        self.assertEqual(code, 1, errors)
        self.assertEqual(errors.count("\n"), 1, errors)
        # Whoever pipes names into git makes no tag then.
        self.assertEqual(self.run_main("--new")[:2], (1, ""))
        return errors

    def test_prints_the_tag_of_each_component(self):
        self.assertEqual(self.states(), {name + "/v1.0.0": "new" for name in (
            "core", "tcp_server", "tcp_agent", "tcp_client", "udp", "cast", "sdk")})
        self.tag_all()
        self.assertEqual(set(self.states().values()), {"tagged"})
        self.set_version("udp", "1.1.0")
        self.set_version("cast", "2.0.0", unreleased=True)
        states = self.states()
        self.assertEqual(states["udp/v1.1.0"], "new, last udp/v1.0.0")
        self.assertEqual(states["cast/v2.0.0"], "unreleased, last cast/v1.0.0")
        self.commit()
        self.assertEqual(self.run_main("--new")[1], "udp/v1.1.0\n")

    def test_a_changed_public_header_needs_a_higher_version(self):
        self.tag_all()
        self.write("udp/deep/public.h", "// Public.\nint a(int);\n")
        for _ in ("in the working tree", "committed"):
            self.assertIn("udp/deep/public.h: changed since udp/v1.0.0; raise VERSION in udp/version.bzl", self.finding())
            self.commit()
        self.set_version("udp", "1.0.1", unreleased=True)
        self.assertEqual(self.states()["udp/v1.0.1"], "unreleased, last udp/v1.0.0")

    def test_so_does_one_that_came_or_went_or_is_public_no_more(self):
        self.tag_all()
        self.write("cast/late.h", "// Public.\n")
        self.assertIn("cast/late.h: new since cast/v1.0.0", self.finding())
        self.commit()
        self.assertIn("cast/late.h: new since cast/v1.0.0", self.finding())
        (self.root / "cast/late.h").unlink()
        (self.root / "core/deep/public.h").unlink()
        self.assertIn("core/deep/public.h: gone since core/v1.0.0", self.finding())
        self.write("core/deep/public.h", "// Internal to core.\nint a();\n")
        self.assertIn("core/deep/public.h: gone since core/v1.0.0", self.finding())
        self.write("core/deep/public.h", "// Public.\nint a();\n")
        self.write("core/internal.h", "// Public.\nint a();\n")
        self.assertIn("core/internal.h: new since core/v1.0.0", self.finding())

    def test_other_changes_need_none(self):
        self.tag_all()
        self.write("core/internal.h", "// Internal to core.\nint b();\n")
        self.write("core/source.cc", "int a() { return 1; }\n")
        self.commit()
        self.assertEqual(set(self.states().values()), {"tagged"})

    def test_the_last_tag_is_the_highest_in_this_history(self):
        self.tag_all()
        for version in ("1.9.0", "1.10.0"):
            self.set_version("udp", version)
            self.commit()
            self.git("tag", "udp/v" + version)
        self.write("udp/deep/public.h", "// Public.\nint a(int);\n")
        self.assertIn("changed since udp/v1.10.0", self.finding())
        self.set_version("udp", "1.9.1")
        self.assertIn("1.9.1 is lower than the last tag, udp/v1.10.0", self.finding())
        # On a branch that left before, the later tags do not count.
        self.git("checkout", "-qf", "-b", "old", "udp/v1.9.0")
        self.set_version("udp", "1.9.1")
        self.assertEqual(self.states()["udp/v1.9.1"], "new, last udp/v1.9.0")
        self.set_version("udp", "1.10.0")
        self.assertIn("udp/v1.10.0: the tag is there, but not in this history", self.finding())

    def test_version_and_changelog_belong_together(self):
        self.set_version("sdk", "1.0.1")
        self.write("sdk/CHANGELOG.md", "# Changes\n\n## 1.0.0\n")
        self.assertIn("sdk/CHANGELOG.md: the first entry must be ## 1.0.1", self.finding())
        self.write("sdk/version.bzl", "")
        self.assertIn("sdk/version.bzl: no VERSION", self.finding())

    def test_no_tag_is_made_that_would_miss_what_is_not_committed(self):
        self.tag_all()
        self.set_version("udp", "1.1.0")
        self.write("udp/late.cc", "int a() { return 1; }\n")
        self.write("core/source.cc", "int a() { return 1; }\n")  # core's tag is made already
        self.assertEqual(self.states()["udp/v1.1.0"], "new, last udp/v1.0.0")
        self.assertEqual(self.run_main("--new"), (1, "", "".join(
            "release: udp/%s is not committed, so udp/v1.1.0 would not have it\n" % name
            for name in ("CHANGELOG.md", "late.cc", "version.bzl"))))
        self.commit()
        self.assertEqual(self.run_main("--new"), (0, "udp/v1.1.0\n", ""))

    def test_says_why_it_cannot_compare(self):
        self.commit()
        shallow = self.root / "shallow"
        self.git("clone", "-q", "--depth=1", "file://%s" % self.root, str(shallow))
        code, out, errors = self.run_main(root=shallow)
        self.assertEqual((code, out), (1, ""))
        self.assertIn("git fetch --unshallow --tags", errors)
        nothing = pathlib.Path(tempfile.mkdtemp(prefix="hpsocket-release-"))
        self.addCleanup(shutil.rmtree, nothing)
        code, out, errors = self.run_main(root=nothing)
        self.assertEqual((code, out), (1, ""))
        self.assertIn("not a git repository", errors)

    def test_mistakes_and_help(self):
        self.assertEqual(self.run_main("udp")[0], 2)
        code, out, _ = self.run_main("--help")
        self.assertEqual(code, 0)
        self.assertIn("Exit codes", out)

    def test_the_real_versions_are_right(self):
        if not (release.ROOT / ".git").exists():
            self.skipTest("no clone")
        code, out, errors = self.run_main(root=release.ROOT)
        if "shallow" in errors:
            self.skipTest(errors)
        self.assertEqual((code, errors), (0, ""))
        self.assertEqual(len(out.splitlines()), len(release.PACKAGES))


if __name__ == "__main__":
    unittest.main()
