#!/usr/bin/env python3
"""The load generator, and the other clients, find out each way in which a server can be wrong."""

import socket
import subprocess
import sys
import threading
import unittest

PROGRAMS = sys.argv[1:]


def flip_one_bit(number, data):
    return data[:-1] + bytes([data[-1] ^ 1]) if number == 3 else data


def lose_a_message(number, data):
    return data[64:] if number == 3 else data


def double_a_message(number, data):
    return data + data[:64] if number == 3 else data


def close_early(number, data):
    return None if number == 3 else data


def say_more(number, data):
    return data + b"more"


class Server:
    """Echoes on one connection after the other; `spoil(number of the chunk, bytes)` says with what it answers.
    A server that dismisses closes after its first answer."""

    def __init__(self, spoil, dismisses=False):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._spoil = spoil
        self._dismisses = dismisses
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            connection, _ = self._listener.accept()
            threading.Thread(target=self._echo, args=(connection,), daemon=True).start()

    def _echo(self, connection):
        number = 0
        with connection:
            while data := connection.recv(1 << 16):
                number += 1
                answer = self._spoil(number, data)
                if answer is None:
                    return
                connection.sendall(answer)
                if self._dismisses:
                    return


class EchoLoadTest(unittest.TestCase):

    def run_against(self, program, spoil, depth=4):
        port = Server(spoil).port
        commands = "connect 3\nclosed 100\n"
        done = subprocess.run([program, "--port=%d" % port, "--depth=%d" % depth], input=commands, text=True,
                              stdout=subprocess.PIPE, check=False)
        return done.returncode, done.stdout.splitlines()

    def test_a_right_server_gives_a_sample(self):
        for program in PROGRAMS:
            with self.subTest(program):
                code, lines = self.run_against(program, lambda number, data: data)
                self.assertEqual((code, lines[0], lines[1].split()[0]), (0, "done", "sample"), lines)
                self.assertGreaterEqual(int(lines[1].split()[1]), 12)

    def assert_found(self, spoil, words):
        for program in PROGRAMS:
            with self.subTest(program):
                code, lines = self.run_against(program, spoil)
                self.assertEqual(code, 1)
                self.assertRegex(lines[-1], words)

    def test_a_flipped_bit(self):
        self.assert_found(flip_one_bit, "^error connection [0-2] got wrong bytes")

    def test_a_lost_message(self):
        self.assert_found(lose_a_message, "^error connection [0-2] got wrong bytes")

    def test_a_doubled_message(self):
        self.assert_found(double_a_message, "^error connection [0-2] got (wrong bytes|[0-9]+ bytes that nobody has sent)")

    def test_a_server_that_closes(self):
        self.assert_found(close_early, "^error connection [0-2] ended by the server|^error send on connection")

    def dismissal_by(self, spoil):
        server = Server(spoil, dismisses=True)
        done = subprocess.run([PROGRAMS[0], "--port=%d" % server.port], input="dismissal 50 4\n", text=True,
                              stdout=subprocess.PIPE, check=False)
        return done.returncode, done.stdout

    def test_a_dismissal(self):
        code, text = self.dismissal_by(lambda number, data: data)
        self.assertEqual((code, text.split()[0]), (0, "sample"), text)
        self.assertGreaterEqual(int(text.split()[1]), 4)

    def test_bytes_before_a_dismissal_that_nobody_has_sent(self):
        code, text = self.dismissal_by(say_more)
        self.assertEqual(code, 1)
        self.assertRegex(text, "^error connection [0-9]+ (got [0-9]+ bytes that nobody|was not closed)")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
