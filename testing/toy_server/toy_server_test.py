#!/usr/bin/env python3
"""The conformance suite notices what is wrong with a server: toy_server_test.py CONFORMANCE_MAIN

Without a defect the toy passes every test named here. With one (TOY_DEFECT), exactly the tests fail that are named for
it, and the SOUND ones, which have nothing to do with it, still pass. The page that shows the toy shows it as
it is.
"""

import concurrent.futures
import ctypes
import errno
import os
import pathlib
import re
import struct
import subprocess
import sys
import unittest

SOUND = [
    "GoesFromStoppedToStartedAndBack",
    "KeepsTheLastErrorWhenLaterCallsSucceed",
    "RefusesToStopWhenStopped",
]
# Not with these two, which get the end of any connection wrong.
WRONG_ENDS = ("closes_twice", "shuts_down_first")
SOUND_WITH_CONNECTIONS = [
    "ListsAllConnectionIds",
    "RefusesASecondStartAndGoesOnServing",
    "DeliversWhatIsSentInsideTheFirstEvent",
]

# Defect (defects.h) -> the tests that it fails.
DEFECTS = {
    "loses_the_last_chunk": ["DeliversWhatCameBeforeThePeersClose"],
    "closes_twice": ["GivesEveryConnectionExactlyOneLastEvent"],
    "calls_a_reset_a_close": ["ReportsAResetAsAnError"],
    "reports_the_refused": ["DropsSilentlyWhomOnAcceptRefuses"],
    "ignores_answers": ["EndsTheConnectionWhoseOnReceiveFails"],
    "hands_up_too_much": ["GivesEveryByteBackWhateverTheSizes"],
    "ignores_the_offset": ["CountsTheLengthFromTheOffset"],
    "mixes_packets": ["KeepsEachCallTogetherWhenManyThreadsSend"],
    "leaves_no_errno": ["RefusesArgumentsThatMakeNoSense", "RefusesIdsThatAreUnknownOrGone"],
    "counts_pending_up": ["RefusesArgumentsThatMakeNoSense"],
    "reuses_ids": ["CountsIdsUpThroughOneCounterForAllComponents"],
    "shuts_down_first": ["ClosesEveryConnectionBeforeOnShutdown"],
    "leaks_a_descriptor": ["LeavesNoDescriptorAndNoThreadBehind"],
}

PROGRAM = None
HERE = pathlib.Path(__file__).absolute().parent


def run(tests, defect=None):
    """(tests that passed, tests that failed, the output) of the toy's conformance program."""
    environment = dict(os.environ)
    environment.pop("TOY_DEFECT", None)
    # One report per process, and none that Bazel would take for this test's own.
    for name in ("XML_OUTPUT_FILE", "GTEST_OUTPUT", "TEST_PREMATURE_EXIT_FILE", "TESTBRIDGE_TEST_ONLY"):
        environment.pop(name, None)
    if defect:
        environment["TOY_DEFECT"] = defect
    names = ":".join("*.%s/ToyServer" % test for test in tests)
    done = subprocess.run([PROGRAM, "--gtest_filter=" + names], env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=280, check=False)
    output = done.stdout.decode("utf-8", "replace")

    def found(mark):
        return set(re.findall(r"^\[ *%s *\] Conformance/\w+\.(\w+)/ToyServer\b.* \(\d+ ms\)$" % mark, output, re.MULTILINE))

    return found("OK"), found("FAILED"), output[-4000:]


def forbid_io_uring():
    """Lets io_uring_setup fail in this process from now on, by a filter of the kernel's seccomp."""
    load, jump_if_equal, give_back = 0x20, 0x15, 0x06  # struct sock_filter: what, two jumps, a number
    steps = [(load, 0, 0, 0), (jump_if_equal, 0, 1, 425), (give_back, 0, 0, 0x00050000 | errno.EPERM),
             (give_back, 0, 0, 0x7FFF0000)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("HP", len(steps), ctypes.addressof(code)))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    no_new_privileges, seccomp, filtered = 38, 22, 2
    if prctl(no_new_privileges, 1, 0, 0, 0) or prctl(seccomp, filtered, program, 0, 0):
        raise OSError(ctypes.get_errno(), "no seccomp")


def run_without_io_uring(required):
    """(exit code, output) of one test under a variant that needs it."""
    environment = {name: value for name, value in os.environ.items() if name != "XML_OUTPUT_FILE"}
    environment["HPSOCKET_REQUIRE_IO_URING"] = required
    done = subprocess.run([PROGRAM, "--port=io_uring", "--gtest_filter=*.%s/ToyServer" % SOUND[0]], env=environment,
                          preexec_fn=forbid_io_uring, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60,
                          check=False)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def sound_with(defect):
    """The tests that this defect has nothing to do with."""
    return SOUND + ([] if defect in WRONG_ENDS else SOUND_WITH_CONNECTIONS)


class ToyServerTest(unittest.TestCase):

    def skip_without_network(self, output):
        reason = re.search(r"no network namespace of its own: .*", output)
        if reason:
            self.skipTest(reason.group(0))

    def test_without_a_defect_it_passes(self):
        wanted = SOUND + SOUND_WITH_CONNECTIONS + [test for tests in DEFECTS.values() for test in tests]
        passed, failed, output = run(wanted)
        self.skip_without_network(output)
        self.assertEqual((passed, failed), (set(wanted), set()), output)

    def test_each_defect_fails_its_tests_and_no_others(self):
        # Several at once: some wait a long time for what never comes.
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            runs = {
                defect: pool.submit(run, sound_with(defect) + tests, defect) for defect, tests in DEFECTS.items()
            }
        for defect, result in runs.items():
            passed, failed, output = result.result()
            self.skip_without_network(output)
            with self.subTest(defect):
                self.assertEqual((passed, failed), (set(sound_with(defect)), set(DEFECTS[defect])), output)

    def test_a_variant_that_cannot_run_is_no_success_where_it_is_required(self):
        code, output = run_without_io_uring(required="")
        self.skip_without_network(output)
        self.assertEqual(code, 0, output)
        self.assertIn("this kernel gives no io_uring", output)
        self.assertIn("[  SKIPPED ] 1 test", output)
        code, output = run_without_io_uring(required="1")
        self.assertEqual(code, 2, output)
        self.assertIn("HPSOCKET_REQUIRE_IO_URING is set, but: this kernel gives no io_uring", output)

    def test_every_defect_has_its_test(self):
        text = (HERE / "defects.h").read_text(encoding="utf-8")
        self.assertEqual(set(re.findall(r"^//   (\w+)  ", text, re.MULTILINE)), set(DEFECTS))
        sources = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("*.cc"))
        self.assertEqual(set(re.findall(r'Has\("(\w+)"\)', sources)), set(DEFECTS))

    def test_the_page_shows_the_toy_as_it_is(self):
        page = (HERE.parent / "README.md").read_text(encoding="utf-8")
        section = page.partition("\n## Running the suite on your own implementation\n")[2].partition("\n## ")[0]
        self.assertLessEqual(section.count("\n"), 40)
        shown = "\n".join(line[4:] for line in section.splitlines() if line.startswith("    ") or not line)
        main = (HERE / "conformance_main.cc").read_text(encoding="utf-8")
        self.assertIn(main.strip(), shown)
        build = (HERE / "BUILD").read_text(encoding="utf-8")
        rule = re.search(r'hp_cc_binary\(\n    name = "conformance_main",\n.*?\n\)', build, re.DOTALL).group(0)
        self.assertIn(rule, shown)


if __name__ == "__main__":
    PROGRAM = os.path.abspath(sys.argv[1])
    unittest.main(argv=sys.argv[:1])
