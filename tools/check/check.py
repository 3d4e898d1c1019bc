#!/usr/bin/env python3
"""Checks what the compiler does not: check.py [NAME ...]; without names, everything.

Each check is also a test: bazel test //tools/check:all. Prints one finding per line, exit code 1 if there is any.
"""

import os
import pathlib
import subprocess
import sys
import time
import traceback
import xml.sax.saxutils

import clauses
import compile_checks
import text_checks
import tree
import versions

CHECKS = {
    "format": compile_checks.format,
    "layering": text_checks.layering,
    "headers": compile_checks.headers,
    "banner": text_checks.banner,
    "clock": text_checks.clock,
    "syscall": text_checks.syscall,
    "heap": text_checks.heap,
    "todo": text_checks.todo,
    "spec": clauses.spec,
    "version": versions.version,
    "thread_safety": compile_checks.thread_safety,
}
_NEED_EXTERNALS = ("headers", "thread_safety")


def externals():
    """Where Bazel keeps abseil's and mimalloc's headers."""
    runfiles = os.environ.get("TEST_SRCDIR", "")
    if "/execroot/" in runfiles:  # in a test
        return runfiles.partition("/execroot/")[0] + "/external"
    base = subprocess.run(["bazel", "info", "output_base"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          check=True).stdout.strip()
    return base + "/external"


def run(name, sources):
    """(findings, reason it was skipped or None)"""
    arguments = [externals()] if name in _NEED_EXTERNALS else []
    findings = []
    try:
        for finding in CHECKS[name](sources, *arguments):
            findings.append(finding)
    except tree.Skip as skip:
        return findings, str(skip)
    return findings, None


def report(path, name, findings, skipped, seconds):
    """A JUnit report, so that Bazel's and .ci/run's counts tell skipped from passed."""
    quote = xml.sax.saxutils.quoteattr
    inner = ""
    if findings:
        inner = "<failure message=%s/>" % quote("\n".join(findings))
    elif skipped:
        inner = "<skipped message=%s/>" % quote(skipped)
    pathlib.Path(path).write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites><testsuite name="check" tests="1">'
        '<testcase name=%s classname="check" time="%.3f">%s</testcase></testsuite></testsuites>\n' %
        (quote(name), seconds, inner), encoding="utf-8")


def main(names):
    # Through Bazel's links to the real tree: a check sees every file, not what a target declares.
    root = pathlib.Path(__file__).resolve().parents[2]
    sources = tree.Tree(root)
    failed = False
    for name in names or CHECKS:
        started = time.monotonic()
        try:
            findings, skipped = run(name, sources)
        except Exception:  # pylint: disable=broad-except
            findings, skipped = [traceback.format_exc()], None
        for finding in findings:
            print("%s: %s" % (name, finding))
        state = "%d findings" % len(findings) if findings or not skipped else "SKIPPED (%s)" % skipped
        print("%-14s %s, %.1f s" % (name, state, time.monotonic() - started))
        failed |= bool(findings)
        if "XML_OUTPUT_FILE" in os.environ:
            report(os.environ["XML_OUTPUT_FILE"], name, findings, skipped, time.monotonic() - started)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
