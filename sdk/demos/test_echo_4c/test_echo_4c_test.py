#!/usr/bin/env python3
"""Drives test_echo_4c_server and test_echo_4c_client through pipes, as a user would."""

import os
import re
import signal
import socket
import struct
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "common"))

import demo_driver  # noqa: E402

SERVER, CLIENT = demo_driver.main(2)
HEADER = struct.Struct("=Ii")


def package(seq, text, name=b"raw", age=7):
    body = struct.pack("=30sh", name, age) + text + b"\0"
    return HEADER.pack(seq, len(body)) + body


class TestEcho4cTest(demo_driver.DemoTest):

    def start_server(self, *options):
        server = self.start(SERVER, "-b", "127.0.0.1", "-p", "0", *options)
        return server, server.expect(r"^listening on 127\.0\.0\.1:(\d+)$").group(1)

    def connected_client(self, port):
        client = self.start(CLIENT, "-p", port)
        client.expect(r"\[ \d+, OnConnect \] -> local address: 127\.0\.0\.1:\d+")
        client.expect(r"^\$ Client Start OK --> \(127\.0\.0\.1 : \d+\)$")
        return client

    def test_packages_come_back_part_by_part(self):
        server, port = self.start_server()
        client = self.connected_client(port)
        connection = server.expect(r"\[ (\d+), OnAccept \] -> PASS \(127\.0\.0\.1:\d+\)").group(1)
        client.type("send hello, world")
        client.expect(r"^\$ \(\d+\) Send OK --> hello, world$", r"OnReceive \] -> seq: 1, body: 45 bytes",
                      r"OnReceive \] -> name: HP-Socket, age: 23, desc: hello, world$", r"OnSend \] -> \(53 bytes\)")
        server.expect(rf"\[ {connection}, OnReceive \] -> \(8 bytes\)")
        server.expect(rf"\[ {connection}, OnReceive \] -> \(45 bytes\)")
        client.type("send again")
        client.expect(r"OnReceive \] -> seq: 2, body: 38 bytes")
        client.end_input()
        self.assertEqual(client.finish(), 0)
        self.assertIn("*** Summary: send - 2, recv - 2", client.text)
        server.expect(rf"\[ {connection}, On(Close|Error) \]")
        server.end_input()
        self.assertEqual(server.finish(), 0)
        self.assertIn("$ Server Stop", server.text)

    def test_end_of_input_waits_for_the_echo(self):
        _, port = self.start_server()
        client, code = self.run_to_end(CLIENT, "-p", port, text="\n".join("send line %d" % i for i in range(100)))
        self.assertEqual(code, 0)
        self.assertIn("*** Summary: send - 100, recv - 100", client.text)

    def test_server_takes_packages_apart_however_they_are_cut(self):
        _, port = self.start_server()
        data = package(1, b"one") + package(2, b"x" * 3000) + package(3, b"")
        with socket.create_connection(("127.0.0.1", int(port)), timeout=demo_driver.DEADLINE_S) as peer:
            for i in range(0, len(data), 7):
                peer.sendall(data[i:i + 7])
            answer = b""
            while len(answer) < len(data):
                received = peer.recv(65536)
                self.assertTrue(received, "ended after %d of %d bytes" % (len(answer), len(data)))
                answer += received
            self.assertEqual(answer, data)

    def test_server_ends_a_connection_that_sends_nonsense(self):
        server, port = self.start_server()
        for length in (-1, 0, 32, 1 << 30):
            with self.subTest(length=length), \
                    socket.create_connection(("127.0.0.1", int(port)), timeout=demo_driver.DEADLINE_S) as peer:
                peer.sendall(HEADER.pack(1, length))
                server.expect(r"\[ \d+, OnError \] -> OP: 4, CODE: 125")

    def test_kick_and_status(self):
        server, port = self.start_server()
        client = self.connected_client(port)
        connection = server.expect(r"\[ (\d+), OnAccept").group(1)
        server.type("status")
        server.expect(r"^connections: 1$")
        server.type(f"kick {connection}")
        server.expect(rf"^\$ \({connection}\) Disconnect OK$", rf"\[ {connection}, OnClose \]")
        client.expect(r"On(Close|Error) \]")
        server.type("kick nobody")
        server.expect(r"which connection\?")
        server.type("dance")
        server.expect(r"unknown command 'dance'")
        server.type("exit")
        self.assertEqual(server.finish(), 1)  # a script must learn that commands failed

    def test_rejected_address(self):
        server, port = self.start_server("-j", "127.0.0.1")
        client = self.start(CLIENT, "-p", port)
        server.expect(r"OnAccept \] -> REJECT \(127\.0\.0\.1:\d+\)")
        client.expect(r"On(Close|Error) \]")

    def test_failures_are_explained(self):
        _, port = self.start_server()
        second, code = self.run_to_end(SERVER, "-b", "127.0.0.1", "-p", port)
        self.assertEqual(code, 1)
        self.assertIn("$ Server Start Fail --> Bind SOCKET Fail (4): Address already in use", second.text)
        with socket.create_server(("127.0.0.1", 0)) as closed:
            free = closed.getsockname()[1]
        client, code = self.run_to_end(CLIENT, "-p", free)
        self.assertEqual(code, 1)
        self.assertIn("$ Client Start Fail --> Connect to Server Fail (11): Connection refused", client.text)
        for program in (SERVER, CLIENT):
            wrong, code = self.run_to_end(program, "-p", "70000")
            self.assertEqual(code, 2)
            shown, code = self.run_to_end(program, "--help")
            self.assertEqual((code, shown.text), (0, wrong.text))

    def test_signals_stop_both(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number=number):
                server, port = self.start_server()
                client = self.connected_client(port)
                client.send_signal(number)
                self.assertEqual(client.finish(), 0)
                server.send_signal(number)
                self.assertEqual(server.finish(), 0)
                self.assertIn("$ Server Stop", server.text)

    def test_both_are_linked_to_the_c_library_alone(self):
        for program in (SERVER, CLIENT):
            shown = subprocess.run(["readelf", "-d", program], stdout=subprocess.PIPE, check=True, text=True).stdout
            needed = re.findall(r"\(NEEDED\).*\[(\S+)\]", shown)
            self.assertIn("libhpsocket4c.so.1", needed)
            self.assertNotIn("libhpsocket.so.1", needed)
            names = subprocess.run(["nm", "-C", program], stdout=subprocess.PIPE, check=True, text=True).stdout
            self.assertNotIn("hpsocket::", names)


if __name__ == "__main__":
    unittest.main()
