#!/usr/bin/env python3
"""Drives test_echo_udp_server and test_echo_udp_client through pipes, as a user would."""

import os
import signal
import socket
import sys
import threading
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "common"))

import demo_driver  # noqa: E402
import echo_driver  # noqa: E402

SERVER, CLIENT = demo_driver.main(2)


class TestEchoUdpTest(echo_driver.EchoTest):
    SERVER = SERVER
    CLIENT = CLIENT

    def peer(self, port):
        """A program that knows nothing of sessions."""
        peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(peer.close)
        peer.settimeout(demo_driver.DEADLINE_S)
        peer.connect(("127.0.0.1", int(port)))
        return peer

    def test_what_is_sent_comes_back(self):
        server, port = self.start_server()
        client = self.connected_client(port)
        connection = server.expect(r"\[ (\d+), OnAccept \] -> PASS \(127\.0\.0\.1:\d+\)").group(1)
        client.type("send hello, world")
        client.expect(r"^\$ \(\d+\) Send OK --> hello, world$", r"OnReceive \] -> \(12 bytes\) hello, world",
                      r"OnSend \] -> \(12 bytes\)")
        server.expect(rf"\[ {connection}, OnReceive \] -> \(12 bytes\)")
        client.end_input()
        self.assertEqual(client.finish(), 0)
        self.assertIn("*** Summary: send - 12, recv - 12", client.text)
        server.end_input()
        self.assertEqual(server.finish(), 0)
        self.assertIn(f"[ {connection}, OnClose ]", server.text)
        self.assertIn("*** Summary: send - 12, recv - 12", server.text)
        # Heartbeats are nobody's data.
        self.assertNotIn("(0 bytes)", server.text + client.text)

    def test_one_shot_without_commands(self):
        for options in ([], ["-n"]):
            with self.subTest(options=options):
                _, port = self.start_server()
                client, code = self.run_to_end(CLIENT, "-p", port, "--no-interactive", "--text", "once", *options)
                self.assertEqual(code, 0)
                self.assertIn("(4 bytes) once", client.text)

    def test_foreign_programs_are_served(self):
        server, port = self.start_server("--detect-attempts", "0")
        peer = self.peer(port)
        peer.send(b"")
        self.assertEqual(peer.recv(100), b"")  # the handshake that HP-Socket's clients begin with
        connection = server.expect(r"\[ (\d+), OnAccept \] -> PASS").group(1)
        peer.send(b"plain")
        self.assertEqual(peer.recv(100), b"plain")
        server.type(f"send {connection} from the server")
        server.expect(rf"^\$ \({connection}\) Send OK --> from the server$")
        self.assertEqual(peer.recv(100), b"from the server")

    def test_silent_peers_are_found_out(self):
        server, port = self.start_server("--detect-attempts", "1", "--detect-interval", "1")
        self.peer(port).send(b"and gone")
        connection = server.expect(r"\[ (\d+), OnAccept").group(1)
        server.expect(rf"\[ {connection}, OnClose \]")
        client = self.connected_client(port, "--detect-attempts", "1", "--detect-interval", "1")
        server.send_signal(signal.SIGTERM)
        self.assertEqual(server.finish(), 0)
        client.expect(r"OnError \] -> OP: 2, CODE: 104")
        client.end_input()
        self.assertEqual(client.finish(), 1)

    def test_client_says_what_did_not_come_back(self):
        # A port that is bound and silent: UDP tells nobody.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
            silent.bind(("127.0.0.1", 0))
            client, code = self.run_to_end(CLIENT, "-p", silent.getsockname()[1], text="send lost")
            self.assertEqual(code, 1)
            self.assertIn("*** Summary: send - 4, recv - 0", client.text)

    def test_a_text_that_is_lost_does_not_keep_a_client_that_has_nothing_else_to_do(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
            server.bind(("127.0.0.1", 0))

            def answer_heartbeats():
                while True:
                    datagram, peer = server.recvfrom(100)
                    if datagram == b"end":
                        return
                    if not datagram:
                        server.sendto(b"", peer)

            thread = threading.Thread(target=answer_heartbeats)
            thread.start()
            client, code = self.run_to_end(CLIENT, "-p", server.getsockname()[1], "--text", "lost",
                                           "--no-interactive", "--detect-interval", "1")
            self.peer(server.getsockname()[1]).send(b"end")
            thread.join()
        self.assertEqual(code, 1)
        self.assertIn("*** Summary: send - 4, recv - 0", client.text)

    def test_kick_long_and_silent(self):
        server, port = self.start_server()
        peer = self.peer(port)
        for command, shown in (("kick {}", "({}) Disconnect OK"), ("kickl 0", "Disconnect Long Connections OK"),
                               ("kicks 0", "Disconnect Silence Connections OK")):
            with self.subTest(command=command):
                peer.send(b"x")
                self.assertEqual(peer.recv(10), b"x")
                connection = server.expect(r"\[ (\d+), OnAccept").group(1)
                server.type(command.format(connection))
                server.expect(r"^\$ " + shown.format(connection).replace("(", r"\(").replace(")", r"\)"),
                              rf"\[ {connection}, OnClose \]")
        server.type(f"kick {connection}")
        server.expect(rf"^\$ \({connection}\) Disconnect Fail --> ")

    def test_rejected_address(self):
        server, port = self.start_server("-j", "127.0.0.1")
        peer = self.peer(port)
        peer.send(b"hello")
        server.expect(r"OnAccept \] -> REJECT \(127\.0\.0\.1:\d+\)")
        self.check_no_connection_is_left(server)

    def test_oversize_datagrams_are_counted_and_end_nothing(self):
        server, port = self.start_server()
        peer = self.peer(port)
        peer.send(b"x" * 1472)
        self.assertEqual(len(peer.recv(2000)), 1472)
        peer.send(b"x" * 1473)
        peer.send(b"after")
        self.assertEqual(peer.recv(2000), b"after")
        server.type("stat")
        server.expect(r"^  oversize datagrams = 1$")
        client = self.connected_client(port)
        client.type("send " + "x" * 1473)
        client.expect(r"Send Fail --> .*Message too long")

    def test_status_args_and_help(self):
        server, port = self.start_server("-t", "2", "-s", "direct")
        client = self.connected_client(port)
        client.type("send figures")
        client.expect(r"\(7 bytes\) figures")
        server.type("status")
        server.expect(r"^state: STARTED$")
        server.expect(r"^connections: 1$")
        server.type("args")
        server.expect(r"^  threads = 2$")
        server.expect(r"^  detect-attempts = 3$")
        server.type("help")
        server.expect(r"^  kick <id>")
        client.type("status")
        client.expect(rf"127\.0\.0\.1:\d+ -> 127\.0\.0\.1:{port}$")
        client.type("pause")
        client.expect(r"unknown command 'pause'")  # TCP's
        client.end_input()
        self.assertEqual(client.finish(), 1)

    def test_stop_and_start_again(self):
        server, port = self.start_server()
        client = self.connected_client(port)
        server.type("stop")
        server.expect(r"^\$ Server Stop$")
        server.type(f"start 127.0.0.1 {port}")
        server.expect(rf"^listening on 127\.0\.0\.1:{port}$")
        client.type("send again")
        client.expect(r"\(5 bytes\) again")
        client.type("stop")
        client.expect(r"OnClose \]")
        client.type("start")
        client.expect(r"^\$ Client Start OK")

    def test_failures_are_explained(self):
        _, port = self.start_server()
        second, code = self.run_to_end(SERVER, "-b", "127.0.0.1", "-p", port)
        self.assertEqual(code, 1)
        self.assertIn("Address already in use [98]", second.text)
        client, code = self.run_to_end(CLIENT, "-a", "", "-p", "1")
        self.assertEqual(code, 1)
        self.assertIn("$ Client Start Fail --> ", client.text)

    def test_command_line(self):
        programs = ([SERVER], [CLIENT])
        self.check_help(*programs, parts=("Usage:", "-p, --port PORT", "--detect-attempts", "Commands:", "Exit codes:"))
        self.check_mistakes(*[[*program, *options] for program in programs for options in (
            ["-p", "70000"], ["--nonsense"], ["stray"], ["--detect-interval", "soon"])])

    def test_signals_stop_both(self):
        self.check_signals_stop_both("--no-interactive")

    # Spec: §4.1
    def test_both_have_the_library_inside(self):
        for program in (SERVER, CLIENT):
            self.assertFalse([name for name in demo_driver.needed_libraries(program) if "hpsocket" in name])

    def test_a_text_that_no_datagram_carries_is_a_mistake_on_the_command_line(self):
        _, port = self.start_server()
        client, code = self.run_to_end(CLIENT, "-p", port, "--text", "x" * 1472, "--no-interactive", "--quiet")
        self.assertEqual(code, 0)
        client, code = self.run_to_end(CLIENT, "-p", port, "--text", "x" * 1473, "--no-interactive")
        self.assertEqual(code, 2)
        self.assertIn("at most 1472 bytes", client.text)
        self.assertNotIn("Client Start OK", client.text)

    def test_full_disk_is_a_failure(self):
        _, port = self.start_server()
        self.check_full_disk(SERVER, "-p", "0")
        self.check_full_disk(CLIENT, "-p", port, text="send lost\n")


if __name__ == "__main__":
    unittest.main(verbosity=2)
