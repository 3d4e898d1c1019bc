#!/usr/bin/env python3
"""Drives test_echo_server and test_echo_client through pipes, as a user would."""

import os
import signal
import socket
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "common"))

import demo_driver  # noqa: E402
import echo_driver  # noqa: E402

SERVER, CLIENT = demo_driver.main(2)


class TestEchoTest(echo_driver.EchoTest):
    SERVER = SERVER
    CLIENT = CLIENT

    def test_what_is_sent_comes_back(self):
        server, port = self.start_server()
        client = self.connected_client(port)
        connection = server.expect(r"\[ (\d+), OnAccept \] -> PASS \(127\.0\.0\.1:\d+\)").group(1)
        client.type("send hello, world")
        client.expect(r"^\$ \(\d+\) Send OK --> hello, world$",
                      r"OnReceive \] -> \(12 bytes\) hello, world",
                      r"OnSend \] -> \(12 bytes\)")
        server.expect(rf"\[ {connection}, OnReceive \] -> \(12 bytes\)")
        server.expect(rf"\[ {connection}, OnSend \] -> \(12 bytes\)")
        client.end_input()
        self.assertEqual(client.finish(), 0)
        self.assertIn("*** Summary: send - 12, recv - 12", client.text)
        server.expect(rf"\[ {connection}, On(Close|Error) \]")
        server.end_input()
        self.assertEqual(server.finish(), 0)
        self.assertIn("*** Summary: send - 12, recv - 12", server.text)
        self.assertIn("$ Server Stop", server.text)

    def test_end_of_input_waits_for_the_echo(self):
        _, port = self.start_server()
        client, code = self.run_to_end(CLIENT, "-p", port, text="send one\nsend two")
        self.assertEqual(code, 0)
        self.assertIn("*** Summary: send - 6, recv - 6", client.text)

    def test_one_shot_without_commands(self):
        for options in ([], ["-n"]):
            with self.subTest(options=options):
                _, port = self.start_server()
                client, code = self.run_to_end(CLIENT, "-p", port, "--no-interactive", "--text", "once", *options)
                self.assertEqual(code, 0)
                self.assertIn("(4 bytes) once", client.text)

    def test_asynchronous_client(self):
        server, port = self.start_server()
        client = self.start(CLIENT, "-p", port, "-n")
        client.expect(r"^\$ Client Starting \.\.\. --> \(127\.0\.0\.1 : \d+\)$")
        client.expect(r"^\$ Client Start OK")
        client.type("send async")
        client.expect(r"\(5 bytes\) async")
        client.type("exit")
        self.assertEqual(client.finish(), 0)
        server.send_signal(signal.SIGTERM)
        self.assertEqual(server.finish(), 0)

    def test_server_sends_by_itself(self):
        server, port = self.start_server()
        client = self.connected_client(port)
        connection = server.expect(r"\[ (\d+), OnAccept").group(1)
        server.type(f"send {connection} from the server")
        server.expect(rf"^\$ \({connection}\) Send OK --> from the server$")
        client.expect(r"\(15 bytes\) from the server")

    def test_kick(self):
        server, port = self.start_server()
        client = self.connected_client(port)
        connection = server.expect(r"\[ (\d+), OnAccept").group(1)
        server.type(f"kick {connection}")
        server.expect(rf"^\$ \({connection}\) Disconnect OK$", rf"\[ {connection}, OnClose \]")
        client.expect(r"On(Close|Error) \]")
        server.type(f"kick {connection}")
        server.expect(rf"^\$ \({connection}\) Disconnect Fail --> ")
        client.type("start")
        client.expect(r"^\$ Client Start OK")

    def test_kick_long_and_silent(self):
        server, port = self.start_server()
        for command, word in (("kickl", "Long"), ("kicks", "Silence")):
            with self.subTest(command=command):
                client = self.connected_client(port)
                connection = server.expect(r"\[ (\d+), OnAccept").group(1)
                server.type(f"{command} 2000000000")
                server.expect(rf"^\$ Disconnect {word} Connections --> there is none$")
                server.type(f"{command} 0")
                server.expect(rf"^\$ Disconnect {word} Connections OK$", rf"\[ {connection}, OnClose \]")
                client.expect(r"On(Close|Error) \]")

    def test_pause_keeps_bytes_until_resumed(self):
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
        server.expect(r"receives again$")
        client.expect(r"\(5 bytes\) later")

    def test_status_stat_args_and_help(self):
        server, port = self.start_server("-s", "direct", "-t", "2")
        client = self.connected_client(port)
        client.type("send figures")
        client.expect(r"OnReceive \] -> \(7 bytes\) figures", r"OnSend \] -> \(7 bytes\)")
        server.type("status")
        server.expect(r"^state: STARTED$")
        server.expect(r"^port: \S+")
        server.expect(r"^connections: 1$")
        server.type("stat")
        server.expect(r"^  bytes received = 7$")
        server.type("args")
        server.expect(r"^  threads = 2$")
        server.expect(r"^  send-policy = direct$")
        server.type("?")
        server.expect(r"^  kick <id>")
        client.type("status")
        client.expect(r"^state: STARTED$")
        client.expect(rf"127\.0\.0\.1:\d+ -> 127\.0\.0\.1:{port}$")
        client.type("stat")
        client.expect(r"^  bytes sent = 7$")
        client.type("help")
        client.expect(r"^  send <text>")
        client.type("kick 1")
        client.expect(r"a client has one connection")
        client.type("dance")
        client.expect(r"unknown command 'dance'")
        client.end_input()
        self.assertEqual(client.finish(), 1)  # a script must learn that commands failed

    def test_stop_and_start_again(self):
        server, port = self.start_server()
        client = self.connected_client(port)
        server.type("stop")
        server.expect(r"^\$ Server Stop$")
        client.expect(r"On(Close|Error) \]")
        client.type("start")
        client.expect(r"Client Start Fail --> Connect to Server Fail \(11\): Connection refused \[111\]")
        server.type(f"start 127.0.0.1 {port}")
        server.expect(rf"^listening on 127\.0\.0\.1:{port}$")
        client.type("connect")
        client.expect(r"^\$ Client Start OK")
        client.type("send again")
        client.expect(r"\(5 bytes\) again")
        client.type("stop")
        client.expect(r"^\$ Client Stopping \.\.\. --> \(\d+\)$")
        client.expect(r"OnClose \]")

    def test_rejected_address(self):
        self.check_no_connection_is_left(self.check_tcp_client_is_rejected())

    def test_another_address_is_not_rejected(self):
        _, port = self.start_server("-j", "127.0.0.2")
        self.connected_client(port)

    def test_bad_addresses_are_explained(self):
        server, code = self.run_to_end(SERVER, "-b", "not-an-address", "-p", "0")
        self.assertEqual(code, 1)
        self.assertIn("$ Server Start Fail --> Bind SOCKET Fail (4)", server.text)
        client, code = self.run_to_end(CLIENT, "-a", "", "-p", "1")
        self.assertEqual(code, 1)
        self.assertIn("$ Client Start Fail --> Connect to Server Fail (11): Cannot assign requested address [99]",
                      client.text)

    def test_port_in_use_is_explained(self):
        _, port = self.start_server()
        second, code = self.run_to_end(SERVER, "-b", "127.0.0.1", "-p", port)
        self.assertEqual(code, 1)
        self.assertRegex(second.text, r"Server Start Fail --> .* \(\d+\): Address already in use \[98\]")
        self.assertIn("choose another port", second.text)

    def test_refused_connection_is_explained(self):
        # A port that is bound but not listening refuses, and nobody else can take it meanwhile.
        with socket.socket() as holder:
            holder.bind(("127.0.0.1", 0))
            port = holder.getsockname()[1]
            client, code = self.run_to_end(CLIENT, "-p", port)
            self.assertEqual(code, 1)
            self.assertIn("Connect to Server Fail (11): Connection refused [111]", client.text)
            self.assertIn(f"nobody listens at 127.0.0.1:{port}", client.text)
            client, code = self.run_to_end(CLIENT, "-p", port, "--async", "--no-interactive")
            self.assertEqual(code, 1)
            self.assertIn("OnError ] -> OP: 2, CODE: 111 (Connection refused)", client.text)

    def test_mistakes_on_the_command_line(self):
        self.check_mistakes(*[[program, *options] for program in (SERVER, CLIENT) for options in (
            ["-p", "70000"], ["--nonsense"], ["stray"], ["--port-backend", "kqueue"])])

    def test_help_and_version(self):
        self.check_help([SERVER], [CLIENT], parts=("Usage:", "-p, --port PORT", "Commands:", "Exit codes:"))
        for program in (SERVER, CLIENT):
            ended, code = self.run_to_end(program, "--version")
            self.assertEqual(code, 0)
            self.assertRegex(ended.text, r"HP-Socket \d+\.\d+")

    def test_signals_end_it_cleanly(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            for ignored in (False, True):
                with self.subTest(number=number, ignored=ignored):
                    server = self.start(SERVER, "-b", "127.0.0.1", "-p", "0", "--no-interactive",
                                        ignore_sigint=ignored)
                    port = server.expect(r"^listening on .*:(\d+)$").group(1)
                    client = self.connected_client(port)
                    client.send_signal(number)
                    self.assertEqual(client.finish(), 0)
                    self.assertIn("$ Client Stopping", client.text)
                    server.expect(r"On(Close|Error) \]")
                    server.send_signal(number)
                    self.assertEqual(server.finish(), 0)
                    self.assertIn("$ Server Stop", server.text)

    def test_ipv6(self):
        server = self.start(SERVER, "-b", "::1", "-p", "0")
        try:
            port = server.expect(r"^listening on \[::1\]:(\d+)$").group(1)
        except AssertionError:
            if "Cannot assign requested address" in server.text or "not supported" in server.text:
                self.skipTest("no IPv6 on the loopback interface here")
            raise
        client, code = self.run_to_end(CLIENT, "-a", "::1", "-p", port, text="send six")
        self.assertEqual(code, 0)
        self.assertIn("(3 bytes) six", client.text)

    # Spec: §4.1
    def test_both_have_the_library_inside(self):
        for program in (SERVER, CLIENT):
            self.assertFalse([name for name in demo_driver.needed_libraries(program) if "hpsocket" in name])

    def test_full_disk_is_a_failure(self):
        _, port = self.start_server()
        self.check_full_disk(SERVER, "-p", "0")
        self.check_full_disk(CLIENT, "-p", port, text="send lost\n")
        self.check_full_disk(CLIENT, "--help")


if __name__ == "__main__":
    unittest.main(verbosity=2)
