#!/usr/bin/env python3
"""Drives test_echo_udp_pfm through pipes, as a user would, also against servers that lose, repeat or change."""

import os
import signal
import socket
import sys
import threading
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "common"), os.path.join(HERE, "..", "common_pfm")]

import demo_driver  # noqa: E402
import pfm_driver  # noqa: E402
from pfm_driver import ENDLESS  # noqa: E402

(PROGRAM,) = demo_driver.main(1)

# One datagram under way at most: nothing can find a full buffer, so nothing is lost here.
GENTLE = ["-c", "1", "-w", "1"]


class EvilServer:
    """Answers each datagram, heartbeats aside, with those that `answers(number, datagram)` gives."""

    def __init__(self, answers):
        self._answers = answers
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)

    def _serve(self):
        number = 0
        while True:
            datagram, peer = self._socket.recvfrom(65536)
            if datagram == b"end":
                return
            if datagram:
                for answer in self._answers(number, datagram):
                    self._socket.sendto(answer, peer)
                number += 1

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ender:
            ender.sendto(b"end", ("127.0.0.1", self.port))
        self._thread.join()
        self._socket.close()


class Repeater:
    """Answers the first datagram, loses the others, and repeats that answer, or wrong bytes, until the end."""

    def __init__(self, wrong):
        self._wrong = wrong
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve)

    def _serve(self):
        datagram, peer = b"", None
        while not datagram:
            datagram, peer = self._socket.recvfrom(65536)
        self._socket.sendto(datagram, peer)
        while not self._ended.wait(0.2):
            self._socket.sendto(bytes(len(datagram)) if self._wrong else datagram, peer)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()
        self._socket.close()


class TestEchoUdpPfmTest(pfm_driver.PfmTest):
    SERVER = [PROGRAM, "server"]
    CLIENT = [PROGRAM, "client"]

    def check_run(self, backend):
        server, port = self.start_server("--port-backend", backend, "--interactive")
        server.expect(rf"^port: {backend}")
        # 40 datagrams fit into the server's receive buffer even if it sleeps.
        client, code = self.run_to_end(
            *self.client_command(port, "-c", "5", "-e", "8", "--port-backend", backend, "--json"))
        self.assertEqual(code, 0)
        self.assertRegex(client.text, rf"     port: {backend}")
        self.assertEqual(self.check_complete(client, 40000)["messages"], 40)
        server.type("statistics")
        server.expect(r"^ \*\*\* Now: send - 40000, recv - 40000$")
        server.expect(r"^  connections = 5$")
        server.expect(r"^ending every session$")
        server.expect(r"^ \*\*\* Summary: send - 40000, recv - 40000$")
        server.type("s")
        server.expect(r"^there is no session$")
        server.send_signal(signal.SIGINT)
        self.assertEqual(server.finish(), 0)

    def test_echo_on_epoll(self):
        self.check_run("epoll")

    def test_echo_on_io_uring(self):
        if self.io_uring_can_be_had():
            self.check_run("io_uring")
            return
        # Where the system forbids io_uring, asking for it is refused with the reason.
        server, code = self.run_to_end(*self.server_command("--port-backend", "io_uring"))
        self.assertEqual(code, 1)
        self.assertRegex(server.text, r"Server Start Fail --> Create IOCP Fail \(7\): .+ \[\d+\]; .+")

    def test_policies_threads_and_odd_lengths(self):
        for options in (["-s", "safe", "-t", "1", "--receive-count", "1"],
                        ["-s", "direct", "-t", "4", "-r", "parallel", "--receive-buffer", "1000000"]):
            _, port = self.start_server(*options)
            for length in ("1", "7", "8", "1472"):
                with self.subTest(options=options, length=length):
                    client, code = self.run_to_end(
                        *self.client_command(port, *GENTLE, "-e", "20", "-l", length, "-i", "0", "--json"))
                    self.assertEqual(code, 0)
                    self.assertEqual(self.summary(client)["recv"], 20 * int(length))

    def test_sessions_end_by_a_signal_to_a_background_server(self):
        server, port = self.start_server(ignore_sigint=True, stdin=demo_driver.subprocess.DEVNULL)
        for rounds in (3, 2):  # every batch is summed up by itself
            _, code = self.run_to_end(*self.client_command(port, *GENTLE, "-e", rounds, "-l", "10", "--quiet"))
            self.assertEqual(code, 0)
            server.send_signal(signal.SIGUSR1)
            server.expect(rf"^ \*\*\* Summary: send - {10 * rounds}, recv - {10 * rounds}$")
        server.send_signal(signal.SIGINT)
        self.assertEqual(server.finish(), 0)

    def test_loss_is_told_from_failure(self):
        with EvilServer(lambda number, datagram: [] if number % 10 == 3 else [datagram]) as server:
            client, code = self.run_to_end(
                *self.client_command(server.port, "-c", "2", "-e", "10", "-l", "100", "--timeout", "1", "--json"))
        self.assertEqual(code, 3)
        self.assertIn(" *** Summary: expect -  2000, send - 2000, recv - 1800", client.text)
        self.assertIn(" *** Data lost: 200 of 2000 bytes (10.00 %)", client.text)
        self.assertNotIn("Fail", client.text)
        self.assertEqual(self.summary(client)["outcome"], "lost")
        self.assertEqual(self.summary(client)["lost"], 200)

    def test_goes_on_without_what_is_lost(self):
        with EvilServer(lambda number, datagram: [] if number % 2 == 0 else [datagram]) as server:
            client, code = self.run_to_end(*self.client_command(server.port, *GENTLE, "-e", "6", "--timeout", "1"))
        self.assertEqual(code, 3)
        self.assertIn(" *** Data lost: 3000 of 6000 bytes (50.00 %)", client.text)

    def test_what_comes_twice_is_counted_once(self):
        with EvilServer(lambda _, datagram: [datagram, datagram]) as server:
            client, code = self.run_to_end(*self.client_command(server.port, *GENTLE, "-e", "5", "--json"))
        self.assertEqual(code, 0)
        summary = self.summary(client)
        self.assertEqual(summary["recv"], 5000)
        self.assertIn(summary["strays"], (4, 5))  # it need not have waited for the last
        self.assertIn("messages that came twice or too late: ", client.text)

    def test_strays_keep_no_run_alive(self):
        for wrong in (False, True):
            with self.subTest(wrong=wrong), Repeater(wrong) as server:
                client, code = self.run_to_end(
                    *self.client_command(server.port, "-c", "1", "-w", "2", "-e", "2", "--timeout", "1"))
                self.assertEqual(code, 1 if wrong else 3)
                self.assertNotIn("nothing came back", client.text)

    def test_wrong_bytes_are_a_failure(self):
        with EvilServer(lambda _, datagram: [bytes(len(datagram))]) as server:
            client, code = self.run_to_end(
                *self.client_command(server.port, *GENTLE, "-e", "2", "--timeout", "1", "--json"))
        self.assertEqual(code, 1)
        self.assertEqual(self.summary(client)["corrupt_connections"], 1)
        self.assertIn("connections with wrong bytes: 1", client.text)
        self.assertNotIn("nothing came back", client.text)

    def test_server_that_is_not_there_is_no_loss(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
            silent.bind(("127.0.0.1", 0))
            port = silent.getsockname()[1]
            # Both ends of the way there: everything was sent, and not yet.
            for options in (["-e", "1"], ["-e", "1000000", "-i", "10"], ["-e", "1000000", "-w", "1"]):
                with self.subTest(options=options):
                    client, code = self.run_to_end(
                        *self.client_command(port, "-c", "2", *options, "--timeout", "1", "--json"))
                    self.assertEqual(code, 1)
                    self.assertIn(f"nothing came back from 127.0.0.1:{port}; is 'test_echo_udp_pfm server' running",
                                  client.text)
                    self.assertEqual(self.summary(client)["outcome"], "failed")

    def test_killed_server_ends_the_run(self):
        server, port = self.start_server()
        client = self.start(*self.client_command(port, *GENTLE, *ENDLESS, "--timeout", "1"))
        client.expect(r"\d+ s +[1-9]\d* messages")  # it is under way
        server.send_signal(signal.SIGKILL)
        self.assertEqual(client.finish(), 1)
        self.assertIn("any more within the time-out", client.text)

    def test_interrupted_client_sums_up(self):
        _, port = self.start_server()
        client = self.start(*self.client_command(port, *GENTLE, *ENDLESS, "--json"))
        client.expect(r"\d+ s +[1-9]\d* messages")
        client.send_signal(signal.SIGINT)
        # A run of given length was cut short but is complete: all that was begun came back.
        self.assertEqual(client.finish(), 0)
        self.assertTrue(self.summary(client)["interrupted"])

        client = self.start(*self.client_command(port, *GENTLE, "-e", "1000000", "-i", "1000", "--json"))
        client.expect(r"\d+ s +[1-9]\d* messages")
        client.send_signal(signal.SIGTERM)
        self.assertEqual(client.finish(), 1)
        self.assertIn("terminated by a signal", client.text)

    def test_server_stops_under_load(self):
        server, port = self.start_server()
        client = self.start(*self.client_command(port, "-c", "4", *ENDLESS, "--timeout", "1"))
        client.expect(r"\d+ s +[1-9]\d* messages")
        server.send_signal(signal.SIGTERM)
        self.assertEqual(server.finish(), 0)
        self.assertRegex(server.text, r" \*\*\* Summary: send - \d+, recv - [1-9]\d*\n\$ Server Stop")
        self.assertEqual(client.finish(), 1)

    def test_counters_can_be_reset(self):
        server, port = self.start_server("--interactive")
        _, code = self.run_to_end(*self.client_command(port, *GENTLE, "-e", "1", "-l", "10", "--quiet"))
        self.assertEqual(code, 0)
        server.type("r")
        server.expect(r"^counters reset$")
        server.type("s")
        server.expect(r"^ \*\*\* Summary: send - 0, recv - 0$")
        server.type("q")
        self.assertEqual(server.finish(), 0)

    def test_port_in_use_is_explained(self):
        _, port = self.start_server()
        second, code = self.run_to_end(PROGRAM, "server", "-b", "127.0.0.1", "-p", port)
        self.assertEqual(code, 1)
        self.assertRegex(second.text, r"Server Start Fail --> .* \(\d+\): Address already in use \[98\]")

    def test_help_and_mistakes(self):
        self.check_help(self.SERVER, self.CLIENT)
        self.check_mistakes([PROGRAM], [PROGRAM, "dance"], [*self.SERVER, "--keep-alive"], [*self.CLIENT, "-l", "1473"],
                            [*self.SERVER, "--receive-count", "0"])

    def test_full_disk_is_a_failure(self):
        _, port = self.start_server()
        self.check_full_disk(*self.server_command("--interactive"))
        self.check_full_disk(*self.client_command(port, *GENTLE, "-e", "1", "--quiet", "--json"))

    # Spec: §4.1
    def test_it_is_linked_to_the_shared_library(self):
        self.assertIn("libhpsocket.so.1", demo_driver.needed_libraries(PROGRAM))


if __name__ == "__main__":
    unittest.main(verbosity=2)
