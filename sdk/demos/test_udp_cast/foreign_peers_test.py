#!/usr/bin/env python3
"""UDP Cast with programs that are not ours: Python's sockets and socat.

HPSOCKET_REQUIRE_PROGRAMS=1: fails instead of skipping where socat is missing.
"""

import os
import socket
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "common"))

import demo_driver  # noqa: E402
import foreign_driver  # noqa: E402

(CAST,) = demo_driver.main(1)
GROUP = "233.0.0.1"


class OnTheUsualPort(demo_driver.DemoTest):
    OPTIONS = ()

    def setUp(self):
        self.port = foreign_driver.free_port()

    def member(self, *options):
        member = self.start(CAST, "-b", "127.0.0.1", "-p", self.port, "-r", *self.OPTIONS, *options)
        member.expect(rf"^\$ Cast Start OK --> \({GROUP} : {self.port}\)$")
        return member

    def listener(self):
        """A member that is Python's."""
        peer = foreign_driver.udp_socket(self, GROUP, self.port)
        peer.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                        socket.inet_aton(GROUP) + socket.inet_aton("127.0.0.1"))
        peer.setsockopt(socket.IPPROTO_IP, foreign_driver.IP_RECVTTL, 1)
        return peer

    def sender(self):
        peer = foreign_driver.udp_socket(self)
        peer.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
        return peer

    def test_python_hears_the_member_and_its_ttl(self):
        listener = self.listener()
        for options, ttl in (((), 1), (("-k", "0"), 0), (("-k", "7"), 7), (("-k", "255"), 255)):
            with self.subTest(ttl=ttl):
                member = self.member(*options)
                member.type("send hello")
                self.assertEqual(foreign_driver.receive_with_ttl(listener),
                                 (b"hello", ("127.0.0.1", self.port), ttl))
                member.type("exit")
                self.assertEqual(member.finish(), 0)

    def test_member_hears_python(self):
        member = self.member()
        sender = self.sender()
        for data in (b"", b"x", b"y" * 1472):
            sender.sendto(data, (GROUP, self.port))
            member.expect(r"OnReceive \] -> <127\.0\.0\.1:%d> \(%d bytes\)" % (sender.getsockname()[1], len(data)))
        sender.sendto(b"z" * 1473, (GROUP, self.port))
        sender.sendto(b"end", (GROUP, self.port))
        member.expect(r"OnReceive .*\(3 bytes\) end$")
        member.type("stat")
        member.expect(r"^  oversize datagrams = 1$")

    def test_broadcasts_go_both_ways(self):
        member = self.start(CAST, "-b", "127.0.0.1", "-p", self.port, "-r", "-o", "broadcast", *self.OPTIONS)
        member.expect(r"^\$ Cast Start OK")
        listener = foreign_driver.udp_socket(self, "0.0.0.0", self.port)
        member.type("send everybody")
        data, (_, port) = listener.recvfrom(100)  # on loopback the system puts no source address in
        self.assertEqual((data, port), (b"everybody", self.port))
        member.expect(r"OnReceive .*\(9 bytes\) everybody$")  # its own
        sender = foreign_driver.udp_socket(self)
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sender.setsockopt(socket.IPPROTO_IP, foreign_driver.IP_UNICAST_IF, socket.htonl(socket.if_nametoindex("lo")))
        sender.sendto(b"you, too", ("255.255.255.255", self.port))
        member.expect(r"OnReceive \] -> <127\.0\.0\.1:%d> \(8 bytes\) you, too$" % sender.getsockname()[1])

    def test_socat_hears_the_member(self):
        listener = foreign_driver.socat(
            self, "-u", f"UDP4-RECV:{self.port},reuseaddr,ip-add-membership={GROUP}:127.0.0.1", "-")
        listener.expect(r"starting data transfer loop")
        member = self.member()
        member.type("send hello")
        listener.expect(r"^hello")

    def test_member_hears_socat(self):
        member = self.member()
        sender = foreign_driver.socat(self, "-u", "-", f"UDP4-DATAGRAM:{GROUP}:{self.port},ip-multicast-if=127.0.0.1")
        sender.type("hello")
        member.expect(r"OnReceive \] -> <127\.0\.0\.1:\d+> \(6 bytes\) hello")


class OnEpoll(OnTheUsualPort):
    OPTIONS = ("--port-backend", "epoll")


if __name__ == "__main__":
    unittest.main(verbosity=2)
