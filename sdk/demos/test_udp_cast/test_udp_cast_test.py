#!/usr/bin/env python3
"""Drives several test_udp_cast on the loopback interface through pipes, as a user would."""

import os
import signal
import socket
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "common"))

import demo_driver  # noqa: E402

(CAST,) = demo_driver.main(1)
GROUP = "233.0.0.1"


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


class TestUdpCastTest(demo_driver.DemoTest):

    def setUp(self):
        self.port = free_port()

    def command(self, *options):
        return [CAST, "-b", "127.0.0.1", "-p", self.port, *options]

    def member(self, *options):
        member = self.start(*self.command("-r", *options))
        member.expect(rf"^\$ Cast Start OK --> \({GROUP} : {self.port}\)$")
        return member

    def test_members_hear_each_other(self):
        first = self.member()
        second = self.member()
        first.type("send hello")
        heard = rf"OnReceive \] -> <127\.0\.0\.1:{self.port}> \(5 bytes\) hello$"
        first.expect(r"^\$ \(\d+\) Send OK --> hello$", r"OnSend \] -> \(5 bytes\)", heard)
        second.expect(heard)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
            stranger.sendto(b"", (GROUP, int(self.port)))
            stranger_port = stranger.getsockname()[1]
        for member in (first, second):
            member.expect(rf"OnReceive \] -> <127\.0\.0\.1:{stranger_port}> \(0 bytes\)")
        for member in (first, second):
            member.end_input()
            self.assertEqual(member.finish(), 0)
        self.assertIn("*** Summary: send - 5, recv - 5", first.text)
        self.assertIn("*** Summary: send - 0, recv - 5", second.text)

    def test_ends_when_enough_have_come(self):
        waiting = self.member("--no-interactive", "--count", "2", "--quiet")
        sending = self.member()
        sending.type("send one")
        sending.type("send two")
        self.assertEqual(waiting.finish(), 0)
        self.assertIn("*** Summary: send - 0, recv - 6", waiting.text)
        self.assertNotIn("OnReceive", waiting.text)

    def test_leaves_and_joins_again(self):
        member = self.member()
        member.type("stop")
        member.expect(r"OnClose \]")
        member.type("status")
        member.expect(r"^member of: nothing$")
        member.type("start")
        member.expect(r"^\$ Cast Start OK")
        member.type("send again")
        member.expect(r"OnReceive .*\(5 bytes\) again$")
        member.type("stat")
        member.expect(r"^statistics since the last start:$")
        member.type("exit")
        self.assertEqual(member.finish(), 0)

    def test_joins_again_for_the_same_source(self):
        member = self.member("--source", "127.0.0.1")
        member.type("stop")
        member.expect(r"OnClose \]")
        member.type("start")
        member.expect(r"^\$ Cast Start OK")
        member.type("send heard")
        member.expect(r"OnReceive .*\(5 bytes\) heard$")
        member.type("exit")
        self.assertEqual(member.finish(), 0)

    def test_a_signal_ends_it(self):
        member = self.member("--no-interactive")
        member.send_signal(signal.SIGINT)
        self.assertEqual(member.finish(), 0)
        self.assertIn("OnClose", member.text)
        incomplete = self.member("--no-interactive", "--count", "1")
        incomplete.send_signal(signal.SIGTERM)
        self.assertEqual(incomplete.finish(), 1)

    def test_says_why_it_cannot_join(self):
        holder = self.start(*self.command())
        holder.expect(r"^\$ Cast Start OK")
        other, code = self.run_to_end(*self.command("-r"))
        self.assertEqual(code, 1)
        self.assertIn("--reuse-address", other.text)
        no_group, code = self.run_to_end(*self.command("-r", "-a", "127.0.0.1"))
        self.assertEqual(code, 1)
        self.assertIn("$ Cast Start Fail --> ", no_group.text)
        no_source, code = self.run_to_end(*self.command("-r", "--source", "nobody"))
        self.assertEqual(code, 1)
        self.assertIn("'nobody' is no address", no_source.text)

    def test_full_disk_is_a_failure(self):
        self.check_full_disk(*self.command())

    def test_command_line(self):
        help_page, code = self.run_to_end(CAST, "--help")
        self.assertEqual(code, 0)
        for word in ("--mode", "--ttl", "--loop", "--reuse-address", "Exit codes"):
            self.assertIn(word, help_page.text)
        for mistake in (["-k", "256"], ["-o", "unicast"], ["--count", "-1"]):
            with self.subTest(mistake=mistake):
                self.assertEqual(self.run_to_end(CAST, *mistake)[1], 2)

    # Spec: §4.1
    def test_it_has_the_library_inside(self):
        self.assertFalse([name for name in demo_driver.needed_libraries(CAST) if "hpsocket" in name])


if __name__ == "__main__":
    unittest.main(verbosity=2)
