#!/usr/bin/env python3
"""Counts the test cases of one phase of .ci/run, or sums up all phases: summary.py FOLDER [PHASE]

FOLDER holds, per phase, <phase>.json (Bazel's build events) and <phase>.exit (Bazel's exit code). With PHASE its counts
go to <phase>.counts: right after it, because the next one may write its reports over this one's. Counted are the test
cases of every test.xml that the events name; a test without a readable report counts as one case; a target that was
not built counts as one failure. Without PHASE the last line printed is "N passed, N failed, N skipped".
"""

import json
import os
import pathlib
import sys
import urllib.parse
import xml.etree.ElementTree as ElementTree


def count_report(path):
    """(passed, failed, skipped) of one test.xml, or None if there is no test case in it."""
    try:
        cases = list(ElementTree.parse(path).getroot().iter("testcase"))
    except (OSError, ElementTree.ParseError):
        return None
    passed = failed = skipped = 0
    for case in cases:
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is not None or case.get("result") in ("skipped", "suppressed") or (
                case.get("status") == "notrun"):
            skipped += 1
        else:
            passed += 1
    return (passed, failed, skipped) if cases else None


def count_phase(events):
    """(passed, failed, skipped) of one Bazel run, from its events (an iterable of dicts)."""
    total = [0, 0, 0]
    for event in events:
        label = event.get("id", {})
        if "testResult" in label and "testResult" in event:
            result = event["testResult"]
            good = result.get("status") == "PASSED"
            counts = None
            for output in result.get("testActionOutput", []):
                if output.get("name") == "test.xml":
                    counts = count_report(urllib.parse.unquote(urllib.parse.urlparse(output.get("uri", "")).path))
            if counts is None:
                counts = (1, 0, 0) if good else (0, 1, 0)
            elif not good and counts[1] == 0:  # it crashed or timed out after its report, or exited with an error
                counts = (counts[0], 1, counts[2])
            total = [sum(pair) for pair in zip(total, counts)]
        elif "targetCompleted" in label and "aspect" not in label["targetCompleted"]:
            if "completed" not in event or not event["completed"].get("success", False):
                if event.get("aborted", {}).get("reason") != "SKIPPED":
                    # A failed test does not come here: this is a target that could not be built.
                    total[1] += 1
    return tuple(total)


def count(folder, phase):
    """Counts one phase, and writes that down."""
    code = int((folder / (phase + ".exit")).read_text())
    events = []
    report = folder / (phase + ".json")
    if report.exists():
        events = [json.loads(line) for line in report.read_text().splitlines() if line.strip()]
    counts = list(count_phase(events))
    if code not in (0, 4) and counts[1] == 0:
        counts[1] = 1  # Bazel itself failed: a broken BUILD file, say
    (folder / (phase + ".counts")).write_text("%d %d %d\n" % tuple(counts))


def sum_up(folder):
    """Prints what all phases came to; 0 if nothing failed and something passed."""
    total = [0, 0, 0]
    for path in sorted(folder.glob("*.exit")):
        written = path.with_suffix(".counts")
        # A phase that could not be counted is a failure.
        counts = [int(word) for word in written.read_text().split()] if written.exists() else [0, 1, 0]
        print("%s: %d passed, %d failed, %d skipped" % (path.stem, *counts))
        total = [sum(pair) for pair in zip(total, counts)]
    print("%d passed, %d failed, %d skipped" % tuple(total))
    return 1 if total[1] or not total[0] else 0


def main(folder, phase=None):
    if phase is None:
        return sum_up(pathlib.Path(folder))
    count(pathlib.Path(folder), phase)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
