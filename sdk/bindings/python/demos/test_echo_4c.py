#!/usr/bin/env python3
"""HP-Socket's echo demo in Python: test_echo_4c.py server|client, for those of sdk/demos/test_echo_4c, too.

A package is a header with the body's length, then the body. The server sends each part back as soon as it is there; the
client takes what comes back apart. Both do so by PULL, with a connection's state as its extra.
"""

import argparse
import pathlib
import struct
import sys
import threading

try:
    import hpsocket
except ImportError:  # in the tree, not installed
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
    import hpsocket

HEADER = struct.Struct("=Ii")  # number, length of the body
BODY = struct.Struct("=30sh")  # name, age; a text and its NUL follow
MAX_TEXT = 4000
EXIT_OK, EXIT_FAILURE = 0, 1


def show(line):
    """One line at once, from whatever thread."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


class Parser:
    """Takes a connection's packages apart."""

    def __init__(self):
        self.is_header = True
        self.length = HEADER.size

    def parts(self, available, fetch):
        """Each whole part of what is available: (whether it is a header, its bytes)."""
        while available >= self.length:
            part = fetch(self.length)
            available -= len(part)
            was_header = self.is_header
            if was_header:
                _, self.length = HEADER.unpack(part)
                if not BODY.size < self.length <= BODY.size + MAX_TEXT:
                    raise ValueError("a body of %d bytes" % self.length)
            else:
                self.length = HEADER.size
            self.is_header = not was_header
            yield was_header, part


class EchoServer(hpsocket.ServerListener):
    """Sends each part back."""

    def on_accept(self, sender, conn_id, socket):
        sender.set_connection_extra(conn_id, Parser())
        show("  > [ %d, OnAccept ] -> PASS (%s:%d)" % (conn_id, *sender.remote_address(conn_id)))

    def on_pull_receive(self, sender, conn_id, length):
        parser = sender.get_connection_extra(conn_id)
        for _, part in parser.parts(length, lambda size: sender.fetch(conn_id, size)):
            show("  > [ %d, OnReceive ] -> (%d bytes)" % (conn_id, len(part)))
            sender.send(conn_id, part)

    def on_close(self, sender, conn_id):
        show("  > [ %d, OnClose ]" % conn_id)

    def on_error(self, sender, conn_id, operation, error):
        show("  > [ %d, OnError ] -> OP: %d, CODE: %d" % (conn_id, operation, error))

    def on_shutdown(self, sender):
        show("$ Server Stop")


class EchoClient(hpsocket.ClientListener):
    """Shows what comes back, and counts it."""

    def __init__(self):
        self.changed = threading.Condition()
        self.echoed = 0
        self.ended = False

    def on_connect(self, sender):
        sender.extra = Parser()
        show("  > [ %d, OnConnect ] -> local address: %s:%d" % (sender.connection_id, *sender.local_address))

    def on_pull_receive(self, sender, length):
        for is_header, part in sender.extra.parts(length, sender.fetch):
            if is_header:
                show("  > [ %d, OnReceive ] -> seq: %d, body: %d bytes" % (sender.connection_id, *HEADER.unpack(part)))
                continue
            name, age = BODY.unpack_from(part)
            show("  > [ %d, OnReceive ] -> name: %s, age: %d, desc: %s" % (
                sender.connection_id, name.rstrip(b"\0").decode(), age, part[BODY.size:-1].decode("utf-8", "replace")))
            with self.changed:
                self.echoed += 1
                self.changed.notify_all()

    def on_close(self, sender):
        show("  > [ %d, OnClose ]" % sender.connection_id)
        self._end()

    def on_error(self, sender, operation, error):
        show("  > [ %d, OnError ] -> OP: %d, CODE: %d" % (sender.connection_id, operation, error))
        self._end()

    def _end(self):
        with self.changed:
            self.ended = True
            self.changed.notify_all()


def serve(options):
    """Until exit or the end of the input."""
    with hpsocket.TcpPullServer(EchoServer()) as server:
        server.start(options.bind, options.port)
        show("listening on %s:%d" % server.listen_address)
        for line in sys.stdin:
            if line.strip() in ("exit", "stop"):
                break
    return EXIT_OK


def ask(options):
    """Sends what `send TEXT` says; at the end all of it comes back first."""
    listener = EchoClient()
    sent = 0
    with hpsocket.TcpPullClient(listener) as client:
        client.start(options.address, options.port)
        show("$ Client Start OK --> (%s : %d)" % (options.address, options.port))
        for line in sys.stdin:
            command, _, text = line.rstrip("\n").partition(" ")
            if command in ("exit", "stop"):
                break
            body = BODY.pack(b"HP-Socket", 23) + text.encode()[:MAX_TEXT - 1] + b"\0"
            client.send_packets([HEADER.pack(sent + 1, len(body)), body])
            sent += 1
            show("$ (%d) Send OK --> %s" % (client.connection_id, text))
        with listener.changed:
            listener.changed.wait_for(lambda: listener.ended or listener.echoed == sent)
            complete = listener.echoed == sent
    show(" *** Summary: send - %d, recv - %d" % (sent, listener.echoed))
    return EXIT_OK if complete else EXIT_FAILURE


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    roles = parser.add_subparsers(dest="role", required=True)
    server = roles.add_parser("server", help="an echo server; reads 'exit'")
    server.add_argument("-b", "--bind", default="0.0.0.0")
    server.add_argument("-p", "--port", type=int, default=5555)
    client = roles.add_parser("client", help="reads 'send TEXT' and 'exit'")
    client.add_argument("-a", "--address", default="127.0.0.1")
    client.add_argument("-p", "--port", type=int, default=5555)
    options = parser.parse_args()
    try:
        return serve(options) if options.role == "server" else ask(options)
    except hpsocket.Error as error:
        print("$ %s Fail --> %s" % (options.role.capitalize(), error), file=sys.stderr)
        return EXIT_FAILURE


if __name__ == "__main__":
    sys.exit(main())
