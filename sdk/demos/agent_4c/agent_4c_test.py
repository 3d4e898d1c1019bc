#!/usr/bin/env python3
"""Drives agent_4c and test_echo_4c_server through pipes, as a user would."""

import os
import signal
import socket
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "common"))

import demo_driver  # noqa: E402
import echo_driver  # noqa: E402

SERVER, AGENT = demo_driver.main(2)


class Agent4cTest(echo_driver.EchoTest):
    SERVER = SERVER

    def start_agent(self, port, connections):
        agent = self.start(AGENT, "-p", port, "-c", str(connections))
        ids = [agent.expect(r"^\$ \((\d+)\) Connect OK --> \(127\.0\.0\.1 : \d+\)$").group(1) for _ in range(connections)]
        return agent, ids

    def test_packages_come_back_on_every_connection(self):
        _, port = self.start_server()
        agent, ids = self.start_agent(port, 3)
        agent.type("send all hello, everybody")
        agent.expect(*[rf"\[ {conn_id}, OnReceive \] -> desc: hello, everybody$" for conn_id in ids])
        agent.type(f"send {ids[1]} only you")
        agent.expect(rf"\[ {ids[1]}, OnReceive \] -> desc: only you$")
        agent.type("status")
        agent.expect(r"^connections: 3$")
        agent.end_input()
        self.assertEqual(agent.finish(), 0)
        self.assertIn("*** Summary: send - 4, recv - 4", agent.text)
        self.assertIn("[ OnShutdown ]", agent.text)

    def test_end_of_input_waits_for_the_echo(self):
        _, port = self.start_server()
        agent, code = self.run_to_end(AGENT, "-p", port, "-c", "20", text="\n".join(["send all hurry"] * 20))
        self.assertEqual(code, 0)
        self.assertIn("*** Summary: send - 400, recv - 400", agent.text)

    def test_connections_are_made_and_ended_one_by_one(self):
        server, port = self.start_server()
        agent, ids = self.start_agent(port, 1)
        agent.type("connect")
        second = agent.expect(r"^\$ \((\d+)\) Connect OK").group(1)
        agent.type(f"kick {ids[0]}")
        agent.expect(rf"^\$ \({ids[0]}\) Disconnect OK$", rf"\[ {ids[0]}, OnClose \]")
        agent.type(f"send {ids[0]} too late")
        agent.expect(rf"^\$ \({ids[0]}\) Send Fail --> Invalid slot$")
        agent.type(f"send {second} in time")
        agent.expect(r"desc: in time$")
        server.type("exit")
        agent.expect(rf"\[ {second}, On(Close|Error) \]")
        agent.type("exit")
        self.assertEqual(agent.finish(), 1)  # a script must learn that commands failed

    def test_failures_are_explained(self):
        with socket.create_server(("127.0.0.1", 0)) as closed:
            free = closed.getsockname()[1]
        agent, code = self.run_to_end(AGENT, "-p", free)
        self.assertEqual(code, 1)
        self.assertRegex(agent.text, r"\$ \(\d+\) Connect Fail --> Connection refused")
        _, code = self.run_to_end(AGENT, "-c", "many")
        self.assertEqual(code, 2)

    def test_signals_stop_it(self):
        _, port = self.start_server()
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number=number):
                agent, _ = self.start_agent(port, 1)
                agent.send_signal(number)
                self.assertEqual(agent.finish(), 0)

    def test_what_the_peer_says_commands_no_terminal(self):
        self.check_answer_commands_no_terminal(
            AGENT, command="send all hello", shown="desc: .[2J..$ (1) forged.")

    def test_full_disk_is_a_failure(self):
        _, port = self.start_server()
        self.check_full_disk(AGENT, "-p", port, text="send all lost\n")

    # Spec: §4.1
    def test_it_is_linked_to_the_c_library_alone(self):
        needed = demo_driver.needed_libraries(AGENT)
        self.assertIn("libhpsocket4c.so.1", needed)
        self.assertNotIn("libhpsocket.so.1", needed)


if __name__ == "__main__":
    unittest.main()
