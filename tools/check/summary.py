#!/usr/bin/env python3
"""Sums up test cases over the phases of .ci/run: summary.py FOLDER

FOLDER holds, per phase, <phase>.json (Bazel's build events) and <phase>.exit (Bazel's exit code). Counted are the test
cases of every test.xml that the events name; a test without a readable report counts as one case; a target that was
not built counts as one failure. The last line printed is "N passed, N failed, N skipped".
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


def main(folder):
    total = [0, 0, 0]
    for path in sorted(pathlib.Path(folder).glob("*.exit")):
        code = int(path.read_text())
        events = []
        report = path.with_suffix(".json")
        if report.exists():
            events = [json.loads(line) for line in report.read_text().splitlines() if line.strip()]
        counts = list(count_phase(events))
        if code not in (0, 4) and counts[1] == 0:
            counts[1] = 1  # Bazel itself failed: a broken BUILD file, say
        print("%s: %d passed, %d failed, %d skipped" % (path.stem, *counts))
        total = [sum(pair) for pair in zip(total, counts)]
    print("%d passed, %d failed, %d skipped" % tuple(total))
    return 1 if total[1] or not total[0] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
