"""What .ci/run prints last is what the tests' reports say."""

import contextlib
import io
import json
import pathlib
import tempfile
import unittest

import summary

REPORT = """<testsuites><testsuite name="S">
<testcase name="Good" status="run" result="completed"/>
<testcase name="Bad" status="run"><failure message="x"/></testcase>
<testcase name="Skipped" status="run" result="skipped"><skipped message="why"/></testcase>
<testcase name="DISABLED_Off" status="notrun" result="suppressed"/>
</testsuite></testsuites>"""


def result(status, path=None):
    outputs = [{"name": "test.xml", "uri": "file://%s" % path}] if path else []
    return {"id": {"testResult": {"label": "//a"}}, "testResult": {"status": status, "testActionOutput": outputs}}


class SummaryTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name) / "test.xml"

    def test_counts_the_cases_of_a_report(self):
        self.path.write_text(REPORT)
        self.assertEqual(summary.count_report(self.path), (1, 1, 2))

    def test_counts_every_shard_and_run(self):
        self.path.write_text(REPORT)
        self.assertEqual(summary.count_phase([result("FAILED", self.path)] * 3), (3, 3, 6))

    def test_a_crash_without_report_is_a_failure(self):
        self.assertEqual(summary.count_phase([result("FAILED")]), (0, 1, 0))
        self.path.write_text("<testsuites><testsuite><testca")
        self.assertEqual(summary.count_phase([result("FAILED", self.path)]), (0, 1, 0))

    def test_a_failure_after_a_clean_report_is_a_failure(self):
        self.path.write_text('<testsuites><testsuite><testcase name="a"/></testsuite></testsuites>')
        self.assertEqual(summary.count_phase([result("TIMEOUT", self.path)]), (1, 1, 0))
        self.assertEqual(summary.count_phase([result("PASSED", self.path)]), (1, 0, 0))

    def test_a_target_that_was_not_built_is_a_failure(self):
        unbuilt = {"id": {"targetCompleted": {"label": "//a"}}, "completed": {}}
        built = {"id": {"targetCompleted": {"label": "//b"}}, "completed": {"success": True}}
        self.assertEqual(summary.count_phase([unbuilt, built]), (0, 1, 0))

    def test_a_phase_is_counted_before_the_next_one_writes_over_its_reports(self):
        folder = self.path.parent
        good = '<testsuites><testsuite><testcase name="a"/></testsuite></testsuites>'
        for phase, report, status, code in (("asan", good, "PASSED", 0), ("tsan", REPORT, "FAILED", 3)):
            self.path.write_text(report)
            (folder / (phase + ".json")).write_text(json.dumps(result(status, self.path)) + "\n")
            (folder / (phase + ".exit")).write_text("%d\n" % code)
            self.assertEqual(summary.main(str(folder), phase), 0)
        self.assertEqual((folder / "asan.counts").read_text().split(), ["1", "0", "0"])
        self.assertEqual(self.summed_up(folder), (1, "2 passed, 1 failed, 2 skipped"))

    def test_a_phase_that_was_not_counted_is_a_failure(self):
        folder = self.path.parent
        (folder / "opt.exit").write_text("0\n")
        self.assertEqual(self.summed_up(folder), (1, "0 passed, 1 failed, 0 skipped"))

    @staticmethod
    def summed_up(folder):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            code = summary.main(str(folder))
        return code, printed.getvalue().splitlines()[-1]


if __name__ == "__main__":
    unittest.main()
