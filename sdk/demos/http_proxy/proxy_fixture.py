"""What the tests of http_proxy share: the proxy under test, curl through it, raw connections to it, its figures.

HPSOCKET_REQUIRE_PROGRAMS=1: fails instead of skipping where curl, nginx, openssl or wrk are missing.
"""

import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "common"))

import demo_driver  # noqa: E402
import web_servers  # noqa: E402

(PROXY,) = demo_driver.main(1)
MIB = 1 << 20
MEMORY_LIMIT = 64 * MIB
# Sanitizers keep shadows and freed memory; what the proxy itself keeps is bounded there, too.
SANITIZED = bool(os.environ.get("ASAN_OPTIONS") or os.environ.get("TSAN_OPTIONS"))


class ProxyTest(demo_driver.DemoTest):

    @classmethod
    def setUpClass(cls):
        demo_driver.require_programs(web_servers.missing_programs())
        cls.nginx = web_servers.Nginx()
        cls.random = random.Random(5)

    @classmethod
    def tearDownClass(cls):
        cls.nginx.stop()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    # What the tests are made of.

    def start_proxy(self, *options):
        self.proxy = self.start(PROXY, "-p", "0", *options)
        self.port = int(self.proxy.expect(r"^listening on 127\.0\.0\.1:(\d+)$").group(1))
        return self.proxy

    def origin(self, serve, address="127.0.0.1"):
        origin = web_servers.Origin(serve, address)
        self.addCleanup(origin.stop)
        return origin

    def curl(self, *arguments):
        """curl through the proxy; (exit code, what it wrote)."""
        done = subprocess.run(
            [web_servers.program("curl"), "-sS", "--max-time", str(demo_driver.DEADLINE_S), "-x",
             f"http://127.0.0.1:{self.port}", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
            env={name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")})
        self.curl_errors = done.stderr.decode("utf-8", "replace")
        return done.returncode, done.stdout

    def status_and_text(self, *arguments):
        code, output = self.curl("-w", "\n%{http_code}", *arguments)
        self.assertEqual(code, 0, self.curl_errors)
        text, _, status = output.decode("utf-8", "replace").rpartition("\n")
        return int(status), text

    def connect(self):
        connection = socket.create_connection(("127.0.0.1", self.port), demo_driver.DEADLINE_S)
        self.addCleanup(connection.close)
        return connection

    def talk(self, data):
        """Sends `data` and reads until the proxy closes; all that came."""
        connection = self.connect()
        try:
            connection.sendall(data)
        except OSError:
            pass  # the proxy need not listen to the end
        return self.rest_of(connection)

    @staticmethod
    def rest_of(connection):
        data = b""
        try:
            while more := connection.recv(65536):
                data += more
        except OSError:
            pass
        return data

    @staticmethod
    def rest_and_end(connection):
        """All that comes, and how it ends: "end" or "reset"."""
        data = b""
        try:
            while more := connection.recv(65536):
                data += more
        except ConnectionResetError:
            return data, "reset"
        return data, "end"

    def open_tunnel(self, port, host="127.0.0.1"):
        connection = self.connect()
        connection.sendall(f"CONNECT {host}:{port} HTTP/1.1\r\n\r\n".encode())
        header, rest = web_servers.read_header(connection)
        self.assertIn(b" 200 Connection established", header)
        self.assertEqual(rest, b"")
        return connection

    def read_response(self, file):
        """One response with a Content-Length from a socket's file; (status, body)."""
        status = int(file.readline().split()[1])
        length = 0
        while (line := file.readline()) not in (b"\r\n", b""):
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        return status, file.read(length)

    def figures(self):
        self.proxy.type("stat")
        text = self.proxy.expect(r"statistics since the start:\n(?:  .* = \d+\n)+  broken off = \d+").group(0)
        return {name: int(value) for name, value in re.findall(r"^  (.*) = (\d+)$", text, re.MULTILINE)}

    def wait_for(self, condition):
        """Asks for the figures until they are as wanted: each answer takes a round trip to the proxy."""
        while not condition(figures := self.figures()):
            pass
        return figures

    def wait_until_stalled(self, name):
        """Until a figure has moved and does not move any more: the queues are full."""
        done = threading.Event()
        last = 0
        while True:
            now = self.figures()[name]
            if now == last and now > 0:
                return now
            last = now
            done.wait(0.5)  # what is still under way gets there

    def peak_memory(self):
        with open(f"/proc/{self.proxy.pid}/status", encoding="ascii") as status:
            return int(re.search(r"^VmHWM:\s+(\d+) kB", status.read(), re.MULTILINE).group(1)) * 1024

    def check_memory(self):
        if not SANITIZED:
            self.assertLess(self.peak_memory(), MEMORY_LIMIT)

    def check_end(self):
        """It still works, and stops cleanly."""
        status, _ = self.status_and_text(self.nginx.write("still-alive", b"yes"))
        self.assertEqual(status, 200)
        self.proxy.end_input()
        self.assertEqual(self.proxy.finish(), 0)
        self.assertIn(" *** Summary: connections - ", self.proxy.text)
