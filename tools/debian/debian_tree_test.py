"""A machine that cannot make Debian trees skips what needs them, and fails where it must not."""

import contextlib
import io
import os
import pathlib
import tempfile
import unittest
import unittest.mock

import debian_tree


class DebianTreeTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.report = pathlib.Path(folder.name, "test.xml")
        self.change({"XML_OUTPUT_FILE": str(self.report), "HPSOCKET_REQUIRE_PROGRAMS": "", "XDG_CACHE_HOME": folder.name})

    def change(self, environment):
        patch = unittest.mock.patch.dict(os.environ, environment)
        patch.start()
        self.addCleanup(patch.stop)

    def why_skipped(self, user=0, missing=""):
        """What is said of a machine with this user and without this tool."""
        def which(tool):
            return None if tool == missing else "/usr/bin/" + tool

        with unittest.mock.patch("os.geteuid", lambda: user), unittest.mock.patch("shutil.which", which):
            with self.assertRaises(debian_tree.Skip) as skipped:
                with debian_tree.tree("x", "sid", ()):
                    pass
        return str(skipped.exception)

    def report_skipped(self):
        with contextlib.redirect_stdout(io.StringIO()) as said:
            debian_tree.report_skipped("some_test", "no root")
        return said.getvalue()

    def test_says_what_it_lacks(self):
        self.assertIn("root", self.why_skipped(user=1000))
        for tool in ("debootstrap", "unshare"):
            self.assertEqual(self.why_skipped(missing=tool), "%s is missing" % tool)

    def test_reports_a_skipped_test(self):
        self.assertEqual(self.report_skipped(), "SKIPPED: no root\n")
        self.assertIn('<skipped message="no root"/>', self.report.read_text(encoding="utf-8"))

    def test_fails_where_nothing_may_be_skipped(self):
        self.change({"HPSOCKET_REQUIRE_PROGRAMS": "1"})
        with self.assertRaisesRegex(SystemExit, "HPSOCKET_REQUIRE_PROGRAMS is set, but: no root"):
            self.report_skipped()
        self.assertFalse(self.report.exists())


if __name__ == "__main__":
    unittest.main()
