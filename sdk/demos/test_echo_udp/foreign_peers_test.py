#!/usr/bin/env python3
"""UDP Server and UDP Client with programs that are not ours: Python's sockets and socat.

HPSOCKET_REQUIRE_PROGRAMS=1: fails instead of skipping where socat is missing.
"""

import os
import socket
import sys
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "common"))

import demo_driver  # noqa: E402
import echo_driver  # noqa: E402
import foreign_driver  # noqa: E402

SERVER, CLIENT = demo_driver.main(2)


class OnTheUsualPort(echo_driver.EchoTest):
    SERVER = SERVER
    CLIENT = CLIENT
    OPTIONS = ()

    def start_server(self, *options, program=None):
        return super().start_server(*self.OPTIONS, *options, program=program)

    def connected_client(self, port, *options):
        return super().connected_client(port, *self.OPTIONS, *options)

    def test_python_is_a_client(self):
        server, port = self.start_server()
        peer = foreign_driver.udp_socket(self)
        peer.setsockopt(socket.IPPROTO_IP, foreign_driver.IP_RECVTTL, 1)
        address = (foreign_driver.LOOPBACK, int(port))
        for data in (b"", b"x", b"y" * 1472):
            peer.sendto(data, address)
            self.assertEqual(foreign_driver.receive_with_ttl(peer), (data, address, 64))
        # Heartbeats that follow each other too fast are not all answered; one that comes later is.
        peer.settimeout(0.1)
        deadline = time.monotonic() + demo_driver.DEADLINE_S
        answer = None
        while answer is None and time.monotonic() < deadline:
            peer.sendto(b"", address)
            try:
                answer = foreign_driver.receive_with_ttl(peer)
            except TimeoutError:
                pass
        self.assertEqual(answer, (b"", address, 64))
        server.expect(r"\[ \d+, OnAccept \] -> PASS \(127\.0\.0\.1:%d\)" % peer.getsockname()[1])
        server.type("status")
        server.expect(r"^connections: 1$")

    def test_python_is_a_server_that_answers_heartbeats(self):
        peer = foreign_driver.udp_socket(self)
        client = self.connected_client(peer.getsockname()[1], "--detect-attempts", "1", "--detect-interval", "1")
        # As long as they are answered, though by this side's own word: an empty datagram.
        for _ in range(4):
            data, source = peer.recvfrom(65536)
            self.assertEqual(data, b"")
            peer.sendto(b"", source)
        client.type("send ping")
        while data != b"ping":  # a heartbeat may be under way
            data, source = peer.recvfrom(65536)
        peer.sendto(b"pong", source)
        client.expect(r"OnReceive \] -> \(4 bytes\) pong$")
        self.assertNotIn("OnError", client.text)
        # And then no longer.
        client.expect(r"OnError \] -> OP: 2, CODE: 104")

    def test_python_is_a_server_that_knows_no_heartbeats(self):
        peer = foreign_driver.udp_socket(self)
        client = self.connected_client(peer.getsockname()[1], "--detect-attempts", "0")
        data, source = peer.recvfrom(65536)
        self.assertEqual(data, b"")  # one goes all the same
        for text in ("one", "two"):
            client.type("send " + text)
            self.assertEqual(peer.recvfrom(65536), (text.encode(), source))
            peer.sendto(text.upper().encode(), source)
            client.expect(r"OnReceive \] -> \(3 bytes\) %s$" % text.upper())

    def test_socat_is_a_client(self):
        server, port = self.start_server("--detect-attempts", "0")
        peer = foreign_driver.socat(self, "-", f"UDP4:127.0.0.1:{port}")
        for text in ("hello from socat", "and again"):
            peer.type(text)
            server.expect(r"OnReceive \] -> \(%d bytes\)" % (len(text) + 1))
            peer.expect(rf"^{text}$")
        server.type("status")
        server.expect(r"^connections: 1$")

    def test_socat_is_a_server(self):
        port = foreign_driver.free_port()
        peer = foreign_driver.socat(self, f"UDP4-RECVFROM:{port},bind=127.0.0.1,fork", "EXEC:cat")
        peer.expect(r"receiving on AF=2 127\.0\.0\.1:%d$" % port)
        client = self.connected_client(port, "--detect-attempts", "0")
        for text in ("hello", "socat"):
            client.type("send " + text)
            client.expect(rf"OnReceive \] -> \(5 bytes\) {text}$")
        self.assertNotIn("OnError", client.text)


class OnEpoll(OnTheUsualPort):
    OPTIONS = ("--port-backend", "epoll")


if __name__ == "__main__":
    unittest.main(verbosity=2)
