"""Runs a demo program as a user would: starts it, types commands, reads what it writes, sends it signals.

Everything waits for a condition with a deadline; nothing sleeps for a fixed time. What every program wrote is shown
when a test fails.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest

# Far beyond what anything takes, sanitizers on a busy machine included.
DEADLINE_S = 120


class Program:
    """A running program. Output and errors are read together, line by line, by a thread of their own."""

    def __init__(self, *command, env=None, ignore_sigint=False, stdin=subprocess.PIPE):
        self.command = [str(word) for word in command]
        before = None
        if ignore_sigint:  # what a shell does to programs that it starts in the background
            before = lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)
        self._process = subprocess.Popen(
            self.command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env, preexec_fn=before)
        self._changed = threading.Condition()
        self._text = ""
        self._ended = False
        self._position = 0  # what expect() has not looked at begins here
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        while True:
            data = os.read(self._process.stdout.fileno(), 65536)
            with self._changed:
                if data:
                    self._text += data.decode("utf-8", "replace")
                else:
                    self._ended = True
                self._changed.notify_all()
            if not data:
                return

    @property
    def text(self):
        with self._changed:
            return self._text

    @property
    def pid(self):
        return self._process.pid

    def expect(self, *patterns, deadline_s=DEADLINE_S):
        """Waits until the output, from the last match on, has a match of each pattern, in any order: what different
        threads write has none. Gives the match of the first; the next call looks behind the last of them."""
        deadline = time.monotonic() + deadline_s
        with self._changed:
            while True:
                matches = [re.compile(p, re.MULTILINE).search(self._text, self._position) for p in patterns]
                if all(matches):
                    self._position = max(match.end() for match in matches)
                    return matches[0]
                left = deadline - time.monotonic()
                if self._ended or left <= 0:
                    reason = "ended" if self._ended else "timed out"
                    missing = [p for p, match in zip(patterns, matches) if not match]
                    raise AssertionError(f"{reason} while waiting for {missing}\n{self._report()}")
                self._changed.wait(left)

    def type(self, line):
        self._process.stdin.write((line + "\n").encode())
        self._process.stdin.flush()

    def end_input(self):
        self._process.stdin.close()

    def send_signal(self, number):
        self._process.send_signal(number)

    def finish(self, deadline_s=DEADLINE_S):
        """Waits for its end; the exit code."""
        try:
            code = self._process.wait(deadline_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"does not end\n{self._report()}") from None
        self._reader.join(deadline_s)
        return code

    def kill(self):
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        if self._process.stdin and not self._process.stdin.closed:
            try:
                self._process.stdin.close()
            except BrokenPipeError:
                pass
        self._reader.join(DEADLINE_S)
        self._process.stdout.close()

    def _report(self):
        return f"--- {' '.join(self.command)} wrote:\n{self._text}---"

    def report(self):
        with self._changed:
            return self._report()


class DemoTest(unittest.TestCase):
    """Ends every program that a test started, and shows their output if it failed."""

    def run(self, result=None):
        self._programs = []
        failures = len(result.failures) + len(result.errors)
        super().run(result)
        for program in self._programs:
            program.kill()
        if len(result.failures) + len(result.errors) > failures:
            for program in self._programs:
                print(program.report(), flush=True)

    def start(self, *command, **kwargs):
        program = Program(*command, **kwargs)
        self._programs.append(program)
        return program

    def run_to_end(self, *command, text="", **kwargs):
        """Runs a program whose whole input is `text`; the program after its end and its exit code."""
        program = self.start(*command, **kwargs)
        if text:
            program.type(text)
        program.end_input()
        return program, program.finish()

    def check_help(self, *commands, parts=("Exit codes:",)):
        for command in commands:
            with self.subTest(command=command):
                ended, code = self.run_to_end(*command, "--help")
                self.assertEqual(code, 0)
                for part in parts:
                    self.assertIn(part, ended.text)

    def check_mistakes(self, *commands):
        """Command lines that make no sense; each is told where help is."""
        for command in commands:
            with self.subTest(command=command):
                ended, code = self.run_to_end(*command)
                self.assertEqual(code, 2)
                self.assertIn("--help", ended.text)

    def check_full_disk(self, *command, text=""):
        """A program whose whole input is `text` and whose output has no room: it says so once, and fails."""
        with self.subTest(command=command), open("/dev/full", "wb") as full:
            ended = subprocess.run([str(word) for word in command], input=text.encode(), stdout=full,
                                   stderr=subprocess.PIPE, timeout=DEADLINE_S, check=False)
            errors = ended.stderr.decode("utf-8", "replace")
            self.assertEqual(ended.returncode, 1, errors)
            self.assertEqual(errors.count("cannot write to the standard output: No space left on device\n"), 1, errors)

    def serve_once(self, serve):
        """Runs `serve(connection)` for the first connection, until either side has had enough; its port."""
        listener = socket.create_server(("127.0.0.1", 0))

        def run():
            try:
                connection, _ = listener.accept()
                with connection:
                    serve(connection)
            except OSError:
                pass

        threading.Thread(target=run, daemon=True).start()
        self.addCleanup(listener.close)
        self.addCleanup(listener.shutdown, socket.SHUT_RDWR)  # wakes the thread if nobody came
        return listener.getsockname()[1]

    def misbehaving_server(self, answer):
        """Gives `answer(data)` back to its one connection; its port."""
        def serve(connection):
            while data := connection.recv(65536):
                connection.sendall(answer(data))

        return self.serve_once(serve)


def environment_without_port():
    """The environment without HPSOCKET_PORT: `auto` decides by itself."""
    return {name: value for name, value in os.environ.items() if name != "HPSOCKET_PORT"}


def require_programs(missing):
    """Skips the running test if something is missing that tools/bootstrap --demos installs; in CI
    (HPSOCKET_REQUIRE_PROGRAMS=1) fails."""
    if not missing:
        return
    reason = f"{', '.join(missing)} not installed; tools/bootstrap --demos does that"
    if os.environ.get("HPSOCKET_REQUIRE_PROGRAMS") == "1":
        raise AssertionError(reason)
    raise unittest.SkipTest(reason)


def needed_libraries(program):
    """The shared libraries that a program asks for itself."""
    shown = subprocess.run(["readelf", "-d", program], stdout=subprocess.PIPE, check=True, text=True).stdout
    return re.findall(r"\(NEEDED\).*\[(\S+)\]", shown)


def main(program_count):
    """Takes the programs' paths off the command line and runs the tests."""
    programs = [os.path.abspath(path) for path in sys.argv[1:1 + program_count]]
    del sys.argv[1:1 + program_count]
    return programs
