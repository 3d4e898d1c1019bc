#!/usr/bin/env python3
"""Drives test_echo_4c_server and test_echo_4c_client through pipes, as a user would."""

import os
import socket
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "common"))

import demo_driver  # noqa: E402
import echo_driver  # noqa: E402

SERVER, CLIENT = demo_driver.main(2)


class TestEcho4cTest(echo_driver.EchoTest):
    SERVER = SERVER
    CLIENT = CLIENT

    def test_packages_come_back_part_by_part(self):
        _, client = self.check_packages_come_back()
        self.assertIn("*** Summary: send - 2, recv - 2", client.text)

    def test_end_of_input_waits_for_the_echo(self):
        _, port = self.start_server()
        client, code = self.run_to_end(CLIENT, "-p", port, text="\n".join("send line %d" % i for i in range(100)))
        self.assertEqual(code, 0)
        self.assertIn("*** Summary: send - 100, recv - 100", client.text)

    def test_server_takes_packages_apart_however_they_are_cut(self):
        _, port = self.start_server()
        self.check_packages_cut_into(7, port)

    def test_server_ends_a_connection_that_sends_nonsense(self):
        server, port = self.start_server()
        self.check_lengths_end_the_connection(server, port, (-1, 0, 32, 1 << 30))

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
        self.check_tcp_client_is_rejected()

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
        self.check_signals_stop_both()

    def test_what_the_peer_says_commands_no_terminal(self):
        self.check_answer_commands_no_terminal(
            CLIENT, command="send hello", shown="name: .evil., age: 7, desc: .[2J..$ (1) forged.")

    def test_full_disk_is_a_failure(self):
        _, port = self.start_server()
        self.check_full_disk(SERVER, "-p", "0")
        self.check_full_disk(CLIENT, "-p", port, text="send lost\n")
        self.check_full_disk(CLIENT, "--help")

    # Spec: §4.1
    def test_both_are_linked_to_the_c_library_alone(self):
        for program in (SERVER, CLIENT):
            needed = demo_driver.needed_libraries(program)
            self.assertIn("libhpsocket4c.so.1", needed)
            self.assertNotIn("libhpsocket.so.1", needed)
            names = subprocess.run(["nm", "-C", program], stdout=subprocess.PIPE, check=True, text=True).stdout
            self.assertNotIn("hpsocket::", names)


if __name__ == "__main__":
    unittest.main()
