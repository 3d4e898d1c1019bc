#!/usr/bin/env python3
"""Drives agent_pfm and test_echo_pfm's server through pipes, as a user would."""

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

SERVER, AGENT = demo_driver.main(2)


class AgentPfmTest(pfm_driver.PfmTest):
    SERVER = [SERVER, "server"]
    CLIENT = [AGENT]

    def check_run(self, backend):
        server, port = self.start_server()
        agent, code = self.run_to_end(
            *self.client_command(port, "-c", "20", "-e", "20", "--port-backend", backend, "--json"))
        self.assertEqual(code, 0)
        self.assertRegex(agent.text, r"(?m)^\$ Agent Start OK --> \(127\.0\.0\.1 : \d+\)$")
        self.assertRegex(agent.text, rf"     port: {backend}")
        summary = self.check_complete(agent, 2000000)
        self.assertEqual(summary["demo"], "agent_pfm")
        self.assertEqual(summary["messages"], 400)
        server.expect(r"^ \*\*\* Summary: send - 2000000, recv - 2000000$")

    def test_no_byte_is_lost_on_epoll(self):
        self.check_run("epoll")

    def test_no_byte_is_lost_on_io_uring(self):
        if self.io_uring_can_be_had():
            self.check_run("io_uring")
            return
        # Where the system forbids io_uring, asking for it is refused with the reason.
        agent, code = self.run_to_end(*self.client_command("1", "--port-backend", "io_uring"))
        self.assertEqual(code, 1)
        self.assertRegex(agent.text, r"Agent Start Fail --> Create IOCP Fail \(7\): .+ \[\d+\]; .+")

    def test_policies_threads_and_odd_lengths(self):
        _, port = self.start_server()
        for options in (["-s", "safe", "-t", "1"], ["-s", "direct", "-t", "4", "-r", "parallel"]):
            for length in ("1", "65537"):
                with self.subTest(options=options, length=length):
                    agent, code = self.run_to_end(*self.client_command(
                        port, "-c", "5", "-e", "10", "-l", length, "-w", "3", "-i", "0", "--json", *options))
                    self.assertEqual(code, 0)
                    self.assertEqual(self.summary(agent)["recv"], 50 * int(length))

    def test_killed_server_is_a_failure(self):
        for options in ([], ["-s", "direct", "-r", "parallel", "-t", "4"]):
            with self.subTest(options=options):
                server, port = self.start_server()
                agent = self.start(*self.client_command(port, "-c", "10", *ENDLESS, "--json", *options))
                agent.expect(r"\d+ s +[1-9]\d* messages")  # it is under way
                server.send_signal(signal.SIGKILL)
                self.assertEqual(agent.finish(), 1)
                self.assertIn(" *** Fail: manual terminated ? (or data lost)", agent.text)
                self.assertGreater(self.summary(agent)["lost_connections"], 0)

    def test_server_that_never_answers_is_given_up(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            agent, code = self.run_to_end(*self.client_command(
                listener.getsockname()[1], "-c", "2", "-e", "1", "-l", "100", "--timeout", "1"))
            self.assertEqual(code, 1)
            self.assertIn("nothing came back on connection 0", agent.text)
            self.assertIn("expect -  200, send - 200, recv - 0", agent.text)

    def test_server_that_sends_more_is_a_failure(self):
        self.check_server_that_sends_more_is_a_failure()

    def test_interrupted_agent_sums_up(self):
        _, port = self.start_server()
        agent = self.start(*self.client_command(port, "-c", "4", *ENDLESS, "--json"))
        agent.expect(r"\d+ s +[1-9]\d* messages")
        agent.send_signal(signal.SIGINT)
        # A run of given length was cut short but is complete: all that was begun came back.
        self.assertEqual(agent.finish(), 0)
        self.assertTrue(self.summary(agent)["interrupted"])

    def test_interrupted_while_it_connects(self):
        self.check_interrupted_connect()

    def test_failures_are_explained(self):
        with socket.socket() as holder:
            holder.bind(("127.0.0.1", 0))
            agent, code = self.run_to_end(*self.client_command(holder.getsockname()[1]))
            self.assertEqual(code, 1)
            self.assertIn("$ Agent Start Fail --> Connect to Server Fail (11): Connection refused [111]", agent.text)
            self.assertIn("is 'test_echo_pfm server' running there?", agent.text)
        agent, code = self.run_to_end(*self.client_command("1", "-b", "nowhere"))
        self.assertEqual(code, 1)
        self.assertIn("$ Agent Start Fail --> Bind SOCKET Fail (4)", agent.text)

    def test_help_and_mistakes(self):
        self.check_help(self.CLIENT)
        self.check_mistakes([AGENT, "-c", "0"], [AGENT, "-l", "1x"], [AGENT, "-s", "loose"], [AGENT, "client"],
                            [AGENT, "-c", "1000000", "-w", "1000000"])

    def test_full_disk_is_a_failure(self):
        _, port = self.start_server()
        self.check_full_disk(*self.client_command(port, "-c", "1", "-e", "1", "--quiet", "--json"))

    # Spec: §4.1
    def test_it_has_the_library_inside(self):
        self.assertFalse([name for name in demo_driver.needed_libraries(AGENT) if "hpsocket" in name])


if __name__ == "__main__":
    unittest.main(verbosity=2)
