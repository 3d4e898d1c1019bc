#!/usr/bin/env python3
"""Drives agent_pull and both servers for it through pipes, as a user would, also against servers that misbehave."""

import os
import re
import signal
import socket
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "common"))

import demo_driver  # noqa: E402
import echo_driver  # noqa: E402

SERVER_4C, SERVER_PULL, AGENT = demo_driver.main(3)

# A package's header and body around a text.
OVERHEAD = 8 + 32 + 1


class AgentPullTest(echo_driver.EchoTest):
    SERVER = SERVER_PULL

    def start_agent(self, port, connections):
        agent = self.start(AGENT, "-p", port, "-c", str(connections))
        # Each has said before that it is connecting.
        agent.expect(rf"(?:^\$ \(\d+\) Connect OK --> \(127\.0\.0\.1:{port}\)$[\s\S]*?){{{connections}}}")
        ids = re.findall(r"^\$ \((\d+)\) Connecting ", agent.text, re.MULTILINE)
        return agent, ids

    def check_packages_come_back_on_every_connection(self, program):
        server, port = self.start_server(program=program)
        agent, ids = self.start_agent(port, 3)
        agent.type("send all hello, everybody")
        agent.expect(*[rf"\[ {conn_id}, OnReceive \] -> name: HP-Socket, age: 23, desc: hello, everybody$"
                       for conn_id in ids])
        agent.type(f"send {ids[1]} only you")
        agent.expect(rf"\[ {ids[1]}, OnReceive \] -> seq: 4, body: 41 bytes$",
                     rf"\[ {ids[1]}, OnReceive \] -> name: HP-Socket, age: 23, desc: only you$",
                     rf"\[ {ids[1]}, OnSend \] -> \(49 bytes\)$")
        server.expect(r"\[ \d+, OnReceive \] -> \(41 bytes\)$")
        agent.end_input()
        self.assertEqual(agent.finish(), 0)
        size = 3 * (OVERHEAD + len("hello, everybody")) + OVERHEAD + len("only you")
        self.assertIn(f" *** Summary: send - {size}, recv - {size}", agent.text)
        self.assertIn("[ OnShutdown ]", agent.text)

    def test_gets_on_with_the_server_in_c(self):
        self.check_packages_come_back_on_every_connection(SERVER_4C)

    def test_gets_on_with_the_pull_server(self):
        self.check_packages_come_back_on_every_connection(SERVER_PULL)

    def test_what_is_said_while_it_connects_is_sent_then(self):
        _, port = self.start_server()
        agent, code = self.run_to_end(AGENT, "-p", port, "-c", "20", text="\n".join(["send all hurry"] * 20))
        self.assertEqual(code, 0)
        size = 400 * (OVERHEAD + len("hurry"))
        self.assertIn(f" *** Summary: send - {size}, recv - {size}", agent.text)

    def test_one_shot_without_commands(self):
        _, port = self.start_server()
        longest = "x" * 3999
        agent, code = self.run_to_end(AGENT, "-p", port, "-c", "3", "--no-interactive", "--text", longest)
        self.assertEqual(code, 0)
        self.assertEqual(agent.text.count("desc: " + longest), 3)

    def test_connections_are_made_and_ended_one_by_one(self):
        server, port = self.start_server()
        agent, ids = self.start_agent(port, 1)
        agent.type(f"connect localhost {port}")
        second = agent.expect(r"^\$ \((\d+)\) Connecting \.\.\. --> \(localhost:\d+\)$").group(1)
        agent.expect(rf"^\$ \({second}\) Connect OK")
        agent.type(f"kick {ids[0]}")
        agent.expect(rf"^\$ \({ids[0]}\) Disconnect OK$", rf"\[ {ids[0]}, OnClose \]")
        server.expect(r"\[ \d+, On(Close|Error) \]")
        agent.type(f"send {ids[0]} too late")
        agent.expect(rf"^\$ \({ids[0]}\) Send Fail --> ")
        agent.type(f"kick {ids[0]}")
        agent.expect(rf"^\$ \({ids[0]}\) Disconnect Fail$")
        agent.type(f"send {second} in time")
        agent.expect(r"desc: in time$")
        server.type("exit")
        agent.expect(rf"\[ {second}, On(Close|Error) \]")
        agent.type("exit")
        self.assertEqual(agent.finish(), 1)  # a script must learn that commands failed

    def test_stop_and_start_again(self):
        _, port = self.start_server()
        agent, ids = self.start_agent(port, 2)
        agent.type("stop")
        agent.expect(*[rf"\[ {conn_id}, OnClose \]" for conn_id in ids], r"\[ OnShutdown \]", r"^\$ Agent Stop$")
        agent.type("start")
        agent.expect(r"^\$ Agent Start OK$")
        agent.type("connect")
        agent.expect(r"^\$ \(\d+\) Connect OK")
        agent.type("send all again")
        agent.expect(r"desc: again$")
        agent.end_input()
        self.assertEqual(agent.finish(), 0)

    def test_status_stat_args_and_help(self):
        _, port = self.start_server()
        agent, ids = self.start_agent(port, 1)
        agent.type("status")
        agent.expect(r"^state: STARTED$", r"^port: \S+", r"^connections: 1$",
                     rf"^  {ids[0]}  127\.0\.0\.1:\d+ -> 127\.0\.0\.1:{port}, packages under way: 0$")
        agent.type("stat")
        agent.expect(r"^  connections = 1$")
        agent.type("args")
        agent.expect(rf"^  port = {port}$")
        agent.type("?")
        agent.expect(r"^  send <id>\|all <text> ")
        for mistake, complaint in (("send", "which connection"), ("send all", "send what"), ("send x y", "'x' is no"),
                                   ("kick 0", "'0' is no"), ("connect here there", "'there' is no port"),
                                   ("dance", "unknown command")):
            with self.subTest(mistake=mistake):
                agent.type(mistake)
                agent.expect(complaint)
        agent.type("stop")
        agent.expect(r"^\$ Agent Stop$")
        agent.type("send all nobody")
        agent.expect(r"^there is no connection; connect first$")
        agent.end_input()
        self.assertEqual(agent.finish(), 1)

    def test_refused_connection_is_explained(self):
        # A port that is bound but not listening refuses, and nobody else can take it meanwhile.
        with socket.socket() as holder:
            holder.bind(("127.0.0.1", 0))
            port = holder.getsockname()[1]
            for options in ([], ["--no-interactive", "--text", "x"]):
                with self.subTest(options=options):
                    agent, code = self.run_to_end(AGENT, "-p", port, *options)
                    self.assertEqual(code, 1)
                    self.assertIn("OnError ] -> OP: 2, CODE: 111 (Connection refused)", agent.text)
                    self.assertRegex(agent.text, rf"Connect Fail --> 127\.0\.0\.1:{port}: Connection refused")

    def test_what_comes_back_is_compared(self):
        changed = self.misbehaving_server(lambda data: data.replace(b"hello", b"hallo"))
        senseless = self.misbehaving_server(lambda data: bytes(len(data)))
        for port in (changed, senseless):
            with self.subTest(port=port):
                agent, code = self.run_to_end(AGENT, "-p", port, "--no-interactive", "--text", "hello")
                self.assertEqual(code, 1)
                self.assertIn("what came back is not what was sent", agent.text)
                self.assertIn("packages lost: 1", agent.text)

    def test_signals_stop_it(self):
        _, port = self.start_server()
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number=number):
                agent, _ = self.start_agent(port, 1)
                agent.send_signal(number)
                self.assertEqual(agent.finish(), 0)
                self.assertIn("$ Agent Stop", agent.text)

    def test_signal_while_it_connects(self):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen(0)  # of several connects, all but the first wait
            agent = self.start(AGENT, "-p", listener.getsockname()[1], "-c", "5", "--text", "never")
            for _ in range(5):
                agent.expect(r"^\$ \(\d+\) Connecting ")
            agent.send_signal(signal.SIGINT)
            self.assertEqual(agent.finish(), 1)
            self.assertIn("packages lost: 1", agent.text)

    def test_command_line(self):
        agent, code = self.run_to_end(AGENT, "--help")
        self.assertEqual(code, 0)
        for word in ("--connections", "--bind", "kick <id>", "Exit codes"):
            self.assertIn(word, agent.text)
        for mistake in (["-c", "many"], ["-p", "0"], ["--text", "x" * 4000], ["stray"]):
            with self.subTest(mistake=mistake):
                self.assertEqual(self.run_to_end(AGENT, *mistake)[1], 2)
        agent, code = self.run_to_end(AGENT, "-b", "nowhere")
        self.assertEqual(code, 1)
        self.assertIn("$ Agent Start Fail --> Bind SOCKET Fail (4)", agent.text)

    def test_full_disk_is_a_failure(self):
        _, port = self.start_server()
        self.check_full_disk(AGENT, "-p", port, text="send all lost\n")

    # Spec: §4.1
    def test_it_is_linked_to_the_shared_library(self):
        self.assertIn("libhpsocket.so.1", demo_driver.needed_libraries(AGENT))


if __name__ == "__main__":
    unittest.main(verbosity=2)
