#!/usr/bin/env python3
"""Runs echo_bench shortly in each of its modes and looks at what it writes. It checks no figure but counts.

System calls are counted by strace, where processes may trace each other. HPSOCKET_REQUIRE_PROGRAMS=1: fails instead of
skipping that where strace is missing.
"""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

PROGRAM = sys.argv[1]
OURS = {"hp-io_uring", "hp-epoll", "raw-io_uring", "raw-epoll"}
SCENARIOS = ["S0", "S1", "S2", "S3", "S4", "S5", "S6", "S6-close", "S7", "S0-T2", "S1-T2", "S2-T2", "S3-T2", "S4-T2",
             "S5-T2", "S6-T2", "S7-T2", "S1-foreign", "S3-foreign", "S1-pull", "S3-pull", "U1", "U2", "U3", "A1", "A2"]
# Who has to be there, where it is not OURS.
OTHERS = {
    "S6": OURS | {"raw-io_uring-name"},
    "S1-foreign": OURS | {name + "-foreign" for name in OURS},
    "S1-pull": {"hp-io_uring-message", "hp-io_uring-pull", "hp-epoll-message", "hp-epoll-pull"},
    "U1": {"hp-io_uring", "hp-epoll", "raw-mmsg"},
    "U2": {"hp-io_uring", "hp-epoll", "raw-mmsg"},
    "U3": {"hp-io_uring", "hp-epoll", "raw-gso"},
}
OTHERS["S3-foreign"] = OTHERS["S1-foreign"]
OTHERS["S3-pull"] = OTHERS["S1-pull"]
BY_RATE = {"U2", "U3", "A1", "A2"}
WITHOUT_ANSWERS = {"U2", "U3", "A2"}


def run(*arguments):
    done = subprocess.run([PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 0, (arguments, done.returncode, done.stdout, done.stderr)
    assert "echo_bench: " in done.stderr, "no progress"
    return done.stdout


def check_contests(folder):
    """Every scenario and server, closed loop and open; a wrong byte would have ended the run."""
    figures = folder / "figures.json"
    run("--smoke", "--modes=echo,latency", "--json=%s" % figures, "--plot=%s" % (folder / "plots"))
    contests = json.loads(figures.read_text(encoding="utf-8"))["contests"]
    closed = [contest for contest in contests if contest["open_rate"] == 0]
    assert [contest["scenario"] for contest in closed] == SCENARIOS, closed
    assert any(contest["open_rate"] > 0 for contest in contests)
    for contest in contests:
        names = {server["server"] for server in contest["servers"]}
        assert OTHERS.get(contest["scenario"], OURS) <= names, (contest["scenario"], names)
        assert contest["measure"] == ("rate" if contest["scenario"] in BY_RATE else "CPU"), contest
        compared = {ratio["server"] for ratio in contest["comparisons"]}
        assert ("hp-io_uring" in compared) == (contest["scenario"] in {"S6", "A2"}), contest
        assert ("hp-epoll-foreign" in compared) == contest["scenario"].endswith("-foreign"), contest
        for server in contest["servers"]:
            if server["samples"] == 0:  # disturbed: nothing to look at
                continue
            assert server["messages_per_second"] > 0 and server["cpu_us_per_message"] >= 0, server
            assert 0 <= server["lost"] < 1, server
            if contest["scenario"] not in WITHOUT_ANSWERS:
                assert 0 < server["p50_us"] <= server["p99_us"] <= server["p999_us"], server
    # One alone may show none: the kernel accounts for it when a thread is switched, and samples are short here.
    assert any(server["cpu_us_per_message"] > 0 for contest in contests for server in contest["servers"])
    page = (folder / "plots" / "index.html").read_text(encoding="utf-8")
    for scenario in SCENARIOS:
        assert '"%s.svg"' % scenario in page and (folder / "plots" / ("%s.svg" % scenario)).exists(), scenario


def check_other_modes(folder):
    figures = folder / "other.json"
    text = run("--smoke", "--modes=memory,start", "--servers=hp-io_uring,hp-epoll", "--json=%s" % figures)
    tables = json.loads(figures.read_text(encoding="utf-8"))["tables"]
    assert [len(table["rows"]) for table in tables] == [2, 2, 6], tables
    assert "User-space memory per UDP session, at 10000" in text, text
    assert "| client, Start + Stop | io_uring |" in text, text


def why_no_tracing():
    """Why one child cannot be traced by another with strace; nothing where it can."""
    if shutil.which("strace") is None:
        assert os.environ.get("HPSOCKET_REQUIRE_PROGRAMS") != "1", "no strace (tools/bootstrap --bench)"
        return "there is no strace"
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as traced:
        strace = subprocess.Popen(["strace", "-qq", "-c", "-o", "/dev/null", "-p", str(traced.pid)])
        status = pathlib.Path("/proc/%d/status" % traced.pid)
        while strace.poll() is None and "TracerPid:\t0\n" in status.read_text(encoding="ascii"):
            pass
        traced.stdin.close()
        return "strace may not trace" if strace.wait() != 0 else ""


def check_system_calls(folder):
    """One echo is one receive and one send on epoll; of an end that is the server's, everybody closes once."""
    if reason := why_no_tracing():
        print("SKIPPED: system calls, since", reason, file=sys.stderr)
        return
    figures = folder / "calls.json"
    run("--smoke", "--modes=syscalls", "--tracer=strace", "--scenarios=S1,S6-close", "--json=%s" % figures)
    tables = json.loads(figures.read_text(encoding="utf-8"))["tables"]
    assert len(tables) == 2, tables
    # In 32 bits the C library has a call of its own for recv(), which strace names.
    for table, often in zip(tables, [r"\brecv(from)? 1\.", r"\bclose 1\."]):
        rows = {row[0]: row for row in table["rows"]}
        assert OURS <= rows.keys(), rows
        for name in ("hp-epoll", "raw-epoll"):
            assert re.search(often, rows[name][2]), rows[name]


def check_interruption():
    """Ctrl-C while it measures: it prints what it has and leaves no process behind."""
    command = [PROGRAM, "--scenarios=S1", "--servers=hp-epoll,raw-epoll", "--rounds=1000000", "--sample_ms=20"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        children = pathlib.Path("/proc/%d/task/%d/children" % (process.pid, process.pid))
        while len(children.read_text(encoding="ascii").split()) < 4:
            assert process.poll() is None, line
        born = children.read_text(encoding="ascii").split()
        process.send_signal(signal.SIGINT)
        process.communicate()
        assert process.returncode == 130, process.returncode
        for child in born:
            assert not os.path.exists("/proc/%s" % child), child


def main():
    with tempfile.TemporaryDirectory() as folder:
        check_contests(pathlib.Path(folder))
        check_other_modes(pathlib.Path(folder))
        check_system_calls(pathlib.Path(folder))
    check_interruption()


if __name__ == "__main__":
    main()
