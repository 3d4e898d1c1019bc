"""Runs the units of a campaign by turns, and remembers what came of them."""

import collections
import json
import os
import pathlib
import re
import shlex
import signal
import subprocess
import threading
import time

# A unit that takes this long hangs. Conformance programs end themselves sooner.
_LONGEST = {"opt": 1800, "asan": 3600, "tsan": 3600}
_FAILURES = 3  # of a row, after which the others get its time until the next run


class State:
    """What a campaign has found out so far, as a file that every change rewrites."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self._path = self.folder / "state.json"
        self._rows = json.loads(self._path.read_text(encoding="utf-8")) if self._path.exists() else {}

    def of(self, row):
        return self._rows.get(row.key, {"units": 0, "done": 0, "failures": [], "skipped": ""})

    def complete(self, row):
        return self.of(row)["done"] >= row.target

    def failed(self, rows):
        return any(self.of(row)["failures"] for row in rows)

    def note(self, row, failure=None, skipped=""):
        entry = self.of(row)
        entry["skipped"] = skipped
        entry["units"] += 1
        if failure:
            entry["failures"] = entry["failures"] + [failure]
            if row.in_a_row:
                entry["done"] = 0
        elif not skipped:
            entry["done"] = min(row.target, entry["done"] + row.step)
        self._rows[row.key] = entry
        self.folder.mkdir(parents=True, exist_ok=True)
        new = self._path.with_suffix(".new")
        new.write_text(json.dumps(self._rows, indent=1), encoding="utf-8")
        new.replace(self._path)


class Runner:
    """Gives each row a unit by turns, those with the fewest first, until all are complete or it is stopped.

    `program(row)` is where the program of a row lies; `environments` has what each configuration needs.
    """

    def __init__(self, state, program, environments, say=print):
        self._state = state
        self._program = program
        self._environments = environments
        self._say = say
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._running = set()
        self._set_aside = set()  # in this run
        self._failures = collections.Counter()

    def stop(self, *_):
        """Ends running units, which then do not count. Also a signal's handler."""
        self._stop.set()

    def run(self, rows, deadline, jobs=1):
        """Until `deadline`, of time.monotonic()."""
        threads = [threading.Thread(target=self._work, args=(rows, deadline)) for _ in range(jobs)]
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():  # join() alone would keep signals waiting
                thread.join(0.2)

    def _work(self, rows, deadline):
        while not self._stop.is_set() and time.monotonic() < deadline:
            with self._lock:
                waiting = [row for row in rows if not self._state.complete(row) and row.key not in self._running
                           and row.key not in self._set_aside]
                if not waiting:
                    return
                row = min(waiting, key=lambda one: self._state.of(one)["units"])
                self._running.add(row.key)
            try:
                self._unit(row, deadline)
            finally:
                with self._lock:
                    self._running.discard(row.key)

    def _unit(self, row, deadline):
        unit = self._state.of(row)["units"]
        environment, arguments = row.command(unit)
        environment = {**self._environments.get(row.config, {}), **environment}
        command = [str(self._program(row)), *arguments]
        log = self._state.folder / "logs" / ("%s-%d.log" % (re.sub(r"\W+", "_", row.key), unit))
        log.parent.mkdir(parents=True, exist_ok=True)
        started = time.monotonic()
        code = self._execute(command, environment, log, min(deadline, started + _LONGEST[row.config]))
        seconds = time.monotonic() - started
        if code is None and seconds < _LONGEST[row.config]:  # stopped, or the time is over: it never was
            log.unlink()
            self._say("%s: ended after %.0f s, does not count: %s" % (row.key, seconds, " ".join(arguments)))
            return
        output = log.read_text(encoding="utf-8", errors="replace")
        trouble = judge(code, output)
        skipped = "" if trouble else why_skipped(output)
        failure = None
        if trouble:
            shown = ["%s=%s" % (name, shlex.quote(value)) for name, value in environment.items()]
            replay = re.search(r"^.*\breplay: (.*)$", output, re.MULTILINE)
            failure = {"what": trouble, "log": str(log), "replay": " ".join([*shown, shlex.join(command)])}
            if replay:
                failure["seed"] = replay.group(1)
        else:
            log.unlink()
        with self._lock:
            self._state.note(row, failure, skipped)
            self._failures[row.key] += bool(failure)
            if skipped or self._failures[row.key] == _FAILURES:
                self._set_aside.add(row.key)
            entry = self._state.of(row)
            self._say("%s: %d of %d, %.0f s, %s" % (row.key, entry["done"], row.target, seconds, (
                "FAILED: %s\n  log: %s\n  again: %s" % (trouble, log, failure["replay"]) if failure else
                "skipped: " + skipped if skipped else "passed: " + " ".join(arguments))))

    def _execute(self, command, environment, log, deadline):
        """The exit code; None if it did not end by itself."""
        with open(log, "wb") as output:
            # Nobody's HPSOCKET_PORT or HPSOCKET_SEED; "again" has to say everything.
            inherited = {name: value for name, value in os.environ.items() if not name.startswith("HPSOCKET_")}
            process = subprocess.Popen(command, env={**inherited, **environment}, stdin=subprocess.DEVNULL,
                                       stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
        while not self._stop.is_set() and time.monotonic() < deadline:
            try:
                return process.wait(0.1)
            except subprocess.TimeoutExpired:
                pass
        # Its whole group: death tests have children. A look into what hangs would come too late here.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return None


def judge(code, output):
    """What is wrong with a run, in a few words; "" if nothing is."""
    if code is None:
        return "it hung"
    if code != 0:
        failed = re.findall(r"^\[ *FAILED *\] (\S+\.\S+?),? ", output, re.MULTILINE)
        return "exit code %d %s" % (code, " ".join(sorted(set(failed))[:5]))
    if not re.search(r"^\[ *(PASSED|SKIPPED) *\] [1-9]", output, re.MULTILINE):
        return "no test ran"
    return ""


def why_skipped(output):
    """The reason, where every test of a run was skipped."""
    if re.search(r"^\[ *PASSED *\] [1-9]", output, re.MULTILINE):
        return ""
    reason = re.search(r": Skipped\n(.+)$", output, re.MULTILINE)
    return reason.group(1) if reason else "every test was skipped"
