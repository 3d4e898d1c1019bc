"""What the tests of the interactive echo demos have in common; see demo_driver."""

import signal
import socket
import struct

import demo_driver

HEADER = struct.Struct("=Ii")


def package(seq, text, name=b"raw", age=7):
    """A package as the PULL demos send it: the header with the body's length, then the body."""
    body = struct.pack("=30sh", name, age) + text + b"\0"
    return HEADER.pack(seq, len(body)) + body


class EchoTest(demo_driver.DemoTest):
    """SERVER and CLIENT are the programs."""

    SERVER = ""
    CLIENT = ""

    def start_server(self, *options, program=None):
        server = self.start(program or self.SERVER, "-b", "127.0.0.1", "-p", "0", *options)
        return server, server.expect(r"^listening on 127\.0\.0\.1:(\d+)$").group(1)

    def connected_client(self, port, *options):
        client = self.start(self.CLIENT, "-p", port, *options)
        client.expect(r"\[ \d+, OnConnect \] -> local address: 127\.0\.0\.1:\d+")
        client.expect(r"^\$ Client Start OK --> \(127\.0\.0\.1 : \d+\)$")
        return client

    def tcp_peer(self, port):
        return socket.create_connection(("127.0.0.1", int(port)), timeout=demo_driver.DEADLINE_S)

    def check_signals_stop_both(self, *server_options):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number=number):
                server, port = self.start_server(*server_options)
                client = self.connected_client(port)
                client.send_signal(number)
                self.assertEqual(client.finish(), 0)
                server.send_signal(number)
                self.assertEqual(server.finish(), 0)
                self.assertIn("$ Server Stop", server.text)

    def check_tcp_client_is_rejected(self):
        """The server, which goes on."""
        server, port = self.start_server("-j", "127.0.0.1")
        client = self.start(self.CLIENT, "-p", port)
        server.expect(r"OnAccept \] -> REJECT \(127\.0\.0\.1:\d+\)")
        client.expect(r"On(Close|Error) \]")
        return server

    def check_no_connection_is_left(self, server):
        """Events come before the connection has gone."""
        while True:
            server.type("status")
            if server.expect(r"^connections: (\d+)$").group(1) == "0":
                return

    def check_packages_cut_into(self, size, port):
        data = package(1, b"one") + package(2, b"x" * 3000) + package(3, b"")
        with self.tcp_peer(port) as peer:
            for i in range(0, len(data), size):
                peer.sendall(data[i:i + size])
            answer = b""
            while len(answer) < len(data):
                received = peer.recv(65536)
                self.assertTrue(received, "ended after %d of %d bytes" % (len(answer), len(data)))
                answer += received
            self.assertEqual(answer, data)

    def check_lengths_end_the_connection(self, server, port, lengths):
        for length in lengths:
            with self.subTest(length=length), self.tcp_peer(port) as peer:
                peer.sendall(HEADER.pack(1, length))
                server.expect(r"\[ \d+, OnError \] -> OP: 4, CODE: 125")

    def check_answer_commands_no_terminal(self, *client, command, shown):
        """A client whose package "hello" meets an answer that would clear the screen and forge a line."""
        def serve(connection):
            connection.recv(len(package(1, b"hello")), socket.MSG_WAITALL)
            connection.sendall(package(1, b"\x1b[2J\r\n$ (1) forged\x9b", name=b"\revil\n"))
            connection.recv(1)

        ended, code = self.run_to_end(*client, "-p", self.serve_once(serve), text=command)
        self.assertEqual(code, 0)
        self.assertIn(shown, ended.text)

    def check_packages_come_back(self):
        """Two packages; server and client after both have ended."""
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
        server.expect(rf"\[ {connection}, On(Close|Error) \]")
        server.end_input()
        self.assertEqual(server.finish(), 0)
        self.assertIn("$ Server Stop", server.text)
        return server, client
