"""What tests with foreign UDP programs share: sockets of Python's, and socat."""

import shutil
import socket

import demo_driver

LOOPBACK = "127.0.0.1"
# What Python's module has no names for.
IP_RECVTTL = 12
IP_UNICAST_IF = 50


def udp_socket(case, address=LOOPBACK, port=0):
    """A bound socket with a deadline, closed at the end of the test `case`."""
    peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    case.addCleanup(peer.close)
    peer.settimeout(demo_driver.DEADLINE_S)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    peer.bind((address, port))
    return peer


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


def receive_with_ttl(peer):
    """The next datagram, who sent it, and the TTL with which it arrived; `peer` has IP_RECVTTL."""
    data, ancillary, _, source = peer.recvmsg(65536, socket.CMSG_SPACE(4))
    (ttl,) = [int.from_bytes(value, "little") for level, kind, value in ancillary
              if (level, kind) == (socket.IPPROTO_IP, socket.IP_TTL)]
    return data, source, ttl


def socat(case, *arguments):
    """A running socat; its messages tell what it does."""
    if shutil.which("socat") is None:
        demo_driver.require_programs(["socat"])
    return case.start("socat", "-d", "-d", *arguments)
