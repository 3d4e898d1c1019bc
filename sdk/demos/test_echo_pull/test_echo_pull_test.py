#!/usr/bin/env python3
"""Drives test_echo_pull_server and test_echo_pull_client through pipes, as a user would."""

import os
import random
import socket
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "common"))

import demo_driver  # noqa: E402
import echo_driver  # noqa: E402
from echo_driver import package  # noqa: E402

SERVER, CLIENT, C_SERVER, C_CLIENT = demo_driver.main(4)


class TestEchoPullTest(echo_driver.EchoTest):
    SERVER = SERVER
    CLIENT = CLIENT

    def test_packages_come_back_part_by_part(self):
        server, client = self.check_packages_come_back()
        for program in (server, client):
            self.assertIn("*** Summary: send - 99, recv - 99", program.text)

    def test_end_of_input_waits_for_the_echo(self):
        _, port = self.start_server("--quiet")
        client, code = self.run_to_end(CLIENT, "-p", port, text="\n".join("send line %d" % i for i in range(100)))
        self.assertEqual(code, 0)
        self.assertIn("OnReceive ] -> seq: 100, body:", client.text)

    def test_one_shot_without_commands(self):
        _, port = self.start_server()
        client, code = self.run_to_end(CLIENT, "-p", port, "--no-interactive", "--text", "once")
        self.assertEqual(code, 0)
        self.assertIn("desc: once", client.text)

    def test_gets_on_with_the_programs_in_c(self):
        _, port = self.start_server()
        client, code = self.run_to_end(C_CLIENT, "-p", port, text="send from c")
        self.assertEqual(code, 0)
        self.assertIn("name: HP-Socket, age: 23, desc: from c", client.text)
        _, port = self.start_server(program=C_SERVER)
        client, code = self.run_to_end(CLIENT, "-p", port, text="send to c")
        self.assertEqual(code, 0)
        self.assertIn("name: HP-Socket, age: 23, desc: to c", client.text)

    def test_server_takes_packages_apart_however_they_are_cut(self):
        _, port = self.start_server("--quiet")
        for size in (1, 7, 4096):
            with self.subTest(size=size):
                self.check_packages_cut_into(size, port)

    def test_server_ends_a_connection_that_sends_nonsense(self):
        server, port = self.start_server()
        self.check_lengths_end_the_connection(server, port, (-2**31, -1, 0, 32, 4033, 2**31 - 1))
        noise = random.Random(1)
        for _ in range(20):
            with self.tcp_peer(port) as peer:
                connection = server.expect(r"\[ (\d+), OnAccept \]").group(1)
                # The first length is none that a package has.
                peer.sendall(noise.randbytes(4) + b"\xff\xff\xff\x7f" + noise.randbytes(1000))
                server.expect(rf"\[ {connection}, OnError \] -> OP: 4, CODE: 125")
        with self.tcp_peer(port) as peer:
            peer.sendall(package(1, b"still here"))
            server.expect(r"OnSend \]")

    def test_a_package_that_is_never_complete_is_dropped_with_its_connection(self):
        server, port = self.start_server()
        with self.tcp_peer(port) as peer:
            connection = server.expect(r"\[ (\d+), OnAccept \]").group(1)
            peer.sendall(package(1, b"half")[:20])
            server.expect(rf"\[ {connection}, OnReceive \] -> \(8 bytes\)")
            peer.shutdown(socket.SHUT_WR)
            server.expect(rf"\[ {connection}, OnClose \]")
            self.assertEqual(peer.recv(100), package(1, b"half")[:8])
            self.assertEqual(peer.recv(100), b"")

    def test_kick_pause_and_status(self):
        server, port = self.start_server()
        client = self.connected_client(port)
        connection = server.expect(r"\[ (\d+), OnAccept").group(1)
        server.type(f"pause {connection}")
        server.expect(r"is paused$")
        client.type("send later")
        client.expect(r"Send OK --> later")
        server.type("status")
        server.expect(rf"^  {connection}  127\.0\.0\.1:\d+ .*, paused$")
        server.type(f"pause {connection}")
        client.expect(r"desc: later$")
        server.type(f"kick {connection}")
        server.expect(rf"^\$ \({connection}\) Disconnect OK$", rf"\[ {connection}, OnClose \]")
        client.expect(r"On(Close|Error) \]")
        client.type("start")
        client.expect(r"^\$ Client Start OK")
        client.type("send " + "x" * 4000)
        client.expect(r"a text of up to 3999 bytes$")
        client.type("send " + "x" * 3999)
        client.expect(r"body: 4032 bytes")
        client.end_input()
        self.assertEqual(client.finish(), 1)  # a script must learn that a command failed

    def test_a_text_that_no_package_carries_is_a_mistake_on_the_command_line(self):
        _, port = self.start_server()
        for options in ([], ["--no-interactive"]):
            with self.subTest(options=options):
                client, code = self.run_to_end(CLIENT, "-p", port, "--text", "x" * 4000, *options)
                self.assertEqual(code, 2)
                self.assertIn("--text wants at most 3999 bytes", client.text)
                self.assertNotIn("Client Start OK", client.text)

    def test_what_comes_back_is_compared(self):
        sent = package(1, b"hello", name=b"HP-Socket", age=23)
        for answer in (sent.replace(b"hello", b"hallo"), package(2, b"hello", name=b"HP-Socket", age=23),
                       bytes(len(sent))):
            with self.subTest(answer=answer):
                port = self.misbehaving_server(lambda data, answer=answer: answer)
                client, code = self.run_to_end(CLIENT, "-p", port, "--no-interactive", "--text", "hello")
                self.assertEqual(code, 1)
                self.assertIn("what came back is not what was sent", client.text)

    def test_what_nobody_sent_is_no_echo(self):
        port = self.serve_once(lambda connection: (connection.sendall(package(1, b"unasked")), connection.recv(1)))
        client = self.start(CLIENT, "-p", port, "--no-interactive")
        client.expect(r"what came back is not what was sent$")
        self.assertEqual(client.finish(), 1)

    def test_full_disk_is_a_failure(self):
        _, port = self.start_server()
        self.check_full_disk(SERVER, "-p", "0")
        self.check_full_disk(CLIENT, "-p", port, text="send lost\n")

    def test_rejected_address(self):
        self.check_tcp_client_is_rejected()

    def test_signals_stop_both(self):
        self.check_signals_stop_both("--no-interactive")

    def test_command_line(self):
        programs = ([SERVER], [CLIENT])
        self.check_help(*programs, parts=("Usage:", "-p, --port PORT", "Commands:", "Exit codes:"))
        self.check_mistakes(*[[*program, *options] for program in programs
                              for options in (["-p", "70000"], ["--nonsense"], ["stray"])])
        # Under RP_PARALLEL the parse state would go while OnReceive uses it.
        self.assertEqual(self.run_to_end(SERVER, "-r", "parallel")[1], 2)

    def test_failures_are_explained(self):
        _, port = self.start_server()
        second, code = self.run_to_end(SERVER, "-b", "127.0.0.1", "-p", port)
        self.assertEqual(code, 1)
        self.assertIn("Address already in use [98]", second.text)
        with socket.socket() as holder:
            holder.bind(("127.0.0.1", 0))
            client, code = self.run_to_end(CLIENT, "-p", holder.getsockname()[1])
            self.assertEqual(code, 1)
            self.assertIn("Connection refused [111]", client.text)

    # Spec: §4.1
    def test_both_are_linked_to_the_shared_library(self):
        for program in (SERVER, CLIENT):
            self.assertIn("libhpsocket.so.1", demo_driver.needed_libraries(program))


if __name__ == "__main__":
    unittest.main(verbosity=2)
