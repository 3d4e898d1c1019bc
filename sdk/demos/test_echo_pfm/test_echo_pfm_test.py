#!/usr/bin/env python3
"""Drives test_echo_pfm through pipes, as a user would."""

import os
import signal
import socket
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "common"), os.path.join(HERE, "..", "common_pfm")]

import demo_driver  # noqa: E402
import pfm_driver  # noqa: E402
from pfm_driver import ENDLESS  # noqa: E402

(PROGRAM,) = demo_driver.main(1)


class TestEchoPfmTest(pfm_driver.PfmTest):
    SERVER = [PROGRAM, "server"]
    CLIENT = [PROGRAM, "client"]

    def check_run(self, backend):
        server, port = self.start_server("--port-backend", backend)
        server.expect(rf"^port: {backend}")
        client, code = self.run_to_end(
            *self.client_command(port, "-c", "20", "-e", "20", "-l", "5000", "--port-backend", backend, "--json"))
        self.assertEqual(code, 0)
        self.assertRegex(client.text, rf"     port: {backend}")
        self.assertEqual(self.check_complete(client, 2000000)["messages"], 400)
        server.expect(r"^ \*\*\* Summary: send - 2000000, recv - 2000000$")
        server.send_signal(signal.SIGINT)
        self.assertEqual(server.finish(), 0)

    def test_no_byte_is_lost_on_epoll(self):
        self.check_run("epoll")

    def test_no_byte_is_lost_on_io_uring(self):
        if self.io_uring_can_be_had():
            self.check_run("io_uring")
            return
        # Where the system forbids io_uring, asking for it is refused with the reason.
        server, code = self.run_to_end(PROGRAM, "server", "-p", "0", "--port-backend", "io_uring")
        self.assertEqual(code, 1)
        self.assertRegex(server.text, r"Server Start Fail --> Create IOCP Fail \(7\): .+ \[\d+\]; .+")

    def test_policies_threads_and_odd_lengths(self):
        for options in (["-s", "safe", "-t", "1"], ["-s", "direct", "-t", "4", "-r", "parallel"]):
            for length in ("1", "65537"):
                with self.subTest(options=options, length=length):
                    _, port = self.start_server(*options)
                    client, code = self.run_to_end(
                        *self.client_command(port, "-c", "5", "-e", "10", "-l", length, "-w", "3", "-i", "0", "--json"))
                    self.assertEqual(code, 0)
                    self.assertEqual(self.summary(client)["recv"], 50 * int(length))

    def test_every_batch_is_summed_up_by_itself(self):
        server, port = self.start_server()
        for rounds in (3, 2):
            _, code = self.run_to_end(*self.client_command(port, "-c", "2", "-e", rounds, "-l", "10", "--quiet"))
            self.assertEqual(code, 0)
            server.expect(rf"^ \*\*\* Summary: send - {20 * rounds}, recv - {20 * rounds}$")

    def test_quiet_shows_only_the_summary(self):
        _, port = self.start_server()
        client, code = self.run_to_end(*self.client_command(port, "-c", "1", "-e", "2", "-l", "10", "--quiet"))
        self.assertEqual(code, 0)
        self.assertTrue(all(line.startswith((" *** Summary", " *** Success", "     "))
                            for line in client.text.splitlines()), client.text)

    def test_duration_ends_by_itself(self):
        _, port = self.start_server()
        client, code = self.run_to_end(*self.client_command(port, "-c", "3", "--duration", "1", "--json"))
        self.assertEqual(code, 0)
        summary = self.summary(client)
        self.assertEqual(summary["expect"], summary["rounds"] * 3 * 5000)
        self.assertGreaterEqual(summary["rounds"], 1)

    def test_killed_server_is_a_failure(self):
        server, port = self.start_server()
        client = self.start(*self.client_command(port, "-c", "10", *ENDLESS, "--json"))
        client.expect(r"\d+ s +[1-9]\d* messages")  # it is under way
        server.send_signal(signal.SIGKILL)
        self.assertEqual(client.finish(), 1)
        self.assertIn(" *** Fail: manual terminated ? (or data lost)", client.text)
        self.assertGreater(self.summary(client)["lost_connections"], 0)

    def test_wrong_bytes_are_a_failure(self):
        port = self.misbehaving_server(lambda data: bytes(len(data)))  # as many, but zeros
        client, code = self.run_to_end(*self.client_command(port, "-c", "1", *ENDLESS, "-l", "100", "--json"))
        self.assertEqual(code, 1)
        summary = self.summary(client)
        self.assertEqual(summary["failure"], "more, or other bytes, came back than were sent")
        self.assertEqual(summary["corrupt_connections"], 1)
        self.assertIn("connections with wrong bytes: 1", client.text)

    def test_server_that_sends_more_is_a_failure(self):
        self.check_server_that_sends_more_is_a_failure()

    def test_server_that_never_answers_is_given_up(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            client, code = self.run_to_end(
                *self.client_command(listener.getsockname()[1], "-c", "2", "-e", "1", "-l", "100", "--timeout", "1"))
            self.assertEqual(code, 1)
            self.assertIn("nothing came back on connection 0", client.text)
            self.assertIn("expect -  200, send - 200, recv - 0", client.text)

    def test_interrupted_client_sums_up(self):
        _, port = self.start_server()
        client = self.start(*self.client_command(port, "-c", "4", *ENDLESS, "--json"))
        client.expect(r"\d+ s +[1-9]\d* messages")
        client.send_signal(signal.SIGINT)
        # A run of given length was cut short but is complete: all that was begun came back.
        self.assertEqual(client.finish(), 0)
        self.assertTrue(self.summary(client)["interrupted"])

        client = self.start(*self.client_command(port, "-c", "4", "-e", "1000000", "-i", "1000", "--json"))
        client.expect(r"\d+ s +[1-9]\d* messages")
        client.send_signal(signal.SIGTERM)
        self.assertEqual(client.finish(), 1)
        summary = self.summary(client)
        self.assertFalse(summary["ok"])
        self.assertEqual(summary["send"], summary["recv"])  # what was under way came back
        self.assertIn("terminated by a signal", client.text)

    def test_interrupted_before_it_began(self):
        _, port = self.start_server()
        client = self.start(PROGRAM, "client", "-p", port, "-c", "2", "--wait-ms", "3600000")
        client.expect(r"willing to send data after 3600 seconds")
        client.send_signal(signal.SIGINT)
        self.assertEqual(client.finish(), 1)
        self.assertIn("send - 0, recv - 0", client.text)

    def test_interrupted_while_it_connects(self):
        self.check_interrupted_connect()

    def test_server_stops_under_load(self):
        server, port = self.start_server()
        client = self.start(*self.client_command(port, "-c", "10", *ENDLESS))
        client.expect(r"\d+ s +[1-9]\d* messages")
        server.send_signal(signal.SIGTERM)
        self.assertEqual(server.finish(), 0)
        self.assertRegex(server.text, r" \*\*\* Summary: send - \d+, recv - [1-9]\d*\n\$ Server Stop")
        self.assertEqual(client.finish(), 1)

    def test_background_server_obeys_sigint(self):
        # A script's shell starts it with SIGINT ignored.
        server = self.start(PROGRAM, "server", "-p", "0", ignore_sigint=True, stdin=demo_driver.subprocess.DEVNULL)
        server.expect(r"^listening on 0\.0\.0\.0:\d+$")
        server.send_signal(signal.SIGINT)
        self.assertEqual(server.finish(), 0)

    def test_interactive_server(self):
        server, port = self.start_server("--interactive")
        _, code = self.run_to_end(*self.client_command(port, "-c", "1", "-e", "1", "-l", "10", "--quiet"))
        self.assertEqual(code, 0)
        server.type("s")
        server.expect(r"^ \*\*\* Now: send - 10, recv - 10$")
        server.type("r")
        server.expect(r"^counters reset$")
        server.type("s")
        server.expect(r"^ \*\*\* Now: send - 0, recv - 0$")
        server.type("what")
        server.expect(r"^r = reset")
        server.end_input()
        self.assertEqual(server.finish(), 0)

    def test_port_in_use_and_bad_address_are_explained(self):
        _, port = self.start_server()
        second, code = self.run_to_end(PROGRAM, "server", "-b", "127.0.0.1", "-p", port)
        self.assertEqual(code, 1)
        self.assertRegex(second.text, r"Server Start Fail --> .* \(\d+\): Address already in use \[98\]")
        bad, code = self.run_to_end(PROGRAM, "server", "-b", "1.2.3", "-p", "0")
        self.assertEqual(code, 1)
        self.assertIn("Bind SOCKET Fail (4)", bad.text)

    def test_refused_connection_is_explained(self):
        with socket.socket() as holder:
            holder.bind(("127.0.0.1", 0))
            client, code = self.run_to_end(*self.client_command(holder.getsockname()[1]))
        self.assertEqual(code, 1)
        self.assertIn("Connect to Server Fail (11): Connection refused [111]", client.text)

    def test_background_server_shows_statistics_on_a_signal(self):
        server, _ = self.start_server()
        server.send_signal(signal.SIGUSR1)
        server.expect(r"^ \*\*\* Now: send - 0, recv - 0$")

    def test_help_and_mistakes(self):
        self.check_help(self.SERVER, self.CLIENT)
        for arguments in (["--help"], ["server", "-v"]):
            with self.subTest(arguments=arguments):
                _, code = self.run_to_end(PROGRAM, *arguments)
                self.assertEqual(code, 0)
        self.check_mistakes([PROGRAM], [PROGRAM, "dance"], [*self.SERVER, "-c", "1"], [*self.CLIENT, "-c", "0"],
                            [*self.CLIENT, "-l", "1x"], [*self.CLIENT, "-c", "1000000", "-w", "1000000"])

    def test_full_disk_is_a_failure(self):
        _, port = self.start_server()
        self.check_full_disk(*self.server_command("--interactive"))
        self.check_full_disk(*self.client_command(port, "-c", "1", "-e", "1", "--quiet", "--json"))
        self.check_full_disk(PROGRAM, "--help")

    # Spec: §4.1
    def test_it_is_linked_to_the_shared_library(self):
        self.assertIn("libhpsocket.so.1", demo_driver.needed_libraries(PROGRAM))


if __name__ == "__main__":
    unittest.main(verbosity=2)
