#!/usr/bin/env python3
"""The UDP load finds out each way in which a server can be wrong, and counts what is right."""

import socket
import struct
import subprocess
import sys
import threading
import unittest

PROGRAM = sys.argv.pop(1)
REPORT, START, STOP = 1, 2, 3
NOTE = struct.Struct("QQQ")  # wish, number, question


class Server:
    """`answer(datagram)` gives a list of datagrams for each that comes."""

    def __init__(self, answer):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._answer = answer
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            datagram, peer = self._socket.recvfrom(1 << 16)
            for answer in self._answer(datagram):
                self._socket.sendto(answer, peer)


def run(answer, commands, message=64):
    command = [PROGRAM, "--port=%d" % Server(answer).port, "--depth=2", "--message=%d" % message]
    done = subprocess.run(command, input=commands, text=True, stdout=subprocess.PIPE, check=False)
    return done.returncode, done.stdout.splitlines()


def numbered(number, length=1200):
    word = struct.pack("Q", number)
    return word + bytes(length - 16) + word


class Echo:
    """Right but for the third datagram."""

    def __init__(self, spoil):
        self._count = 0
        self._spoil = spoil

    def __call__(self, datagram):
        self._count += 1
        return self._spoil(datagram) if self._count == 3 else [datagram]


class Counter:
    """Says that it has received a share of what came."""

    def __init__(self):
        self._count = 0

    def __call__(self, datagram):
        if len(datagram) != NOTE.size:
            self._count += 1
            return []
        _, _, question = NOTE.unpack(datagram)
        late = [NOTE.pack(REPORT, 0, question - 1)]  # what was asked before is not of interest any more
        return late + [NOTE.pack(REPORT, self._count // 2, question)]


class Sender:
    """Sends `datagrams` when it is to start, and that there were `count`."""

    def __init__(self, datagrams, count):
        self._datagrams = datagrams
        self._count = count

    def __call__(self, datagram):
        wish, _, question = NOTE.unpack(datagram)
        return self._datagrams if wish == START else [NOTE.pack(STOP, self._count, question)]


class ClosedLoopTest(unittest.TestCase):

    def test_a_right_server_gives_a_sample(self):
        code, lines = run(lambda datagram: [datagram], "connect 3\nclosed 50\n")
        self.assertEqual((code, lines[0], lines[1].split()[0]), (0, "done", "sample"), lines)
        self.assertGreaterEqual(int(lines[1].split()[1]), 6)

    def assert_found(self, spoil, words):
        code, lines = run(Echo(spoil), "connect 1\nclosed 50\n")
        self.assertEqual(code, 1)
        self.assertRegex(lines[-1], words)

    def test_a_flipped_bit(self):
        self.assert_found(lambda datagram: [datagram[:-1] + bytes([datagram[-1] ^ 1])], "^error .* wrong bytes")

    def test_a_doubled_datagram(self):
        self.assert_found(lambda datagram: [datagram, datagram], "^error .* (wrong bytes|that nobody has sent)")

    def test_a_longer_datagram(self):
        self.assert_found(lambda datagram: [datagram + b"x"], "^error .* a datagram of 65 bytes")

    def test_a_shorter_datagram(self):
        self.assert_found(lambda datagram: [datagram[1:]], "^error .* a datagram of 63 bytes")


class OneWayTest(unittest.TestCase):

    def test_a_blast_counts_what_the_server_received(self):
        code, lines = run(Counter(), "blast 20\n", 1200)
        self.assertEqual(code, 0, lines)
        words = lines[0].split()
        self.assertGreater(int(words[1]), 0)
        self.assertTrue(0.5 <= float(words[6]) < 1, words)

    def test_a_drain_counts_what_the_server_sent(self):
        code, lines = run(Sender([numbered(1), numbered(2), numbered(4)], 4), "drain 20\n", 1200)
        self.assertEqual(code, 0, lines)
        words = lines[0].split()
        self.assertEqual((int(words[1]), float(words[6])), (4, 0.25), words)

    def assert_found(self, datagrams):
        code, lines = run(Sender(datagrams, 2), "drain 20\n", 1200)
        self.assertEqual(code, 1)
        self.assertRegex(lines[-1], "^error a wrong datagram")

    def test_a_doubled_datagram(self):
        self.assert_found([numbered(1), numbered(1)])

    def test_a_datagram_of_another_length(self):
        self.assert_found([numbered(1, 1199)])

    def test_a_mixed_up_datagram(self):
        self.assert_found([numbered(1)[:-1] + b"x"])

    def test_a_server_that_sends_nothing(self):
        code, lines = run(Sender([], 0), "drain 20\n", 1200)
        self.assertEqual((code, lines), (1, ["error nothing came from the server"]))


class SessionsTest(unittest.TestCase):

    def test_every_peer_is_heard_once(self):
        peers = []
        code, lines = run(lambda datagram: peers.append(datagram) or [datagram], "sessions 100 0\nsessions 30 64\n")
        self.assertEqual((code, lines), (0, ["done", "done"]))
        self.assertEqual([len(datagram) for datagram in peers], [0] * 100 + [64] * 30)

    def test_a_wrong_answer(self):
        code, lines = run(lambda datagram: [b"x" * 64], "sessions 1 64\n")
        self.assertEqual((code, lines), (1, ["error a wrong answer from the server"]))


if __name__ == "__main__":
    unittest.main()
