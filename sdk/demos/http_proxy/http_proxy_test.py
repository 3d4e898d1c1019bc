#!/usr/bin/env python3
"""Drives http_proxy as its users would: curl through it to nginx, and clients and origins that take their time.

HTTP_PROXY_TEST_MIB: size of the download and the upload that meet a slow reader (default 128).
"""

import hashlib
import os
import re
import socket
import subprocess
import sys
import threading
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import proxy_fixture  # noqa: E402  (finds the other two)
import demo_driver  # noqa: E402
import web_servers  # noqa: E402
from proxy_fixture import MIB  # noqa: E402

SLOW_SIZE = int(os.environ.get("HTTP_PROXY_TEST_MIB") or 128) * MIB
# Both sides' queues and the pieces on their way, far below what is transferred.
QUEUE_LIMIT = 4 * MIB


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class HttpProxyTest(proxy_fixture.ProxyTest):

    # Transfers.

    def test_plain_download_is_unchanged(self):
        self.start_proxy()
        data = self.random.randbytes(3 * MIB + 1)
        code, output = self.curl(self.nginx.write("plain", data))
        self.assertEqual(code, 0, self.curl_errors)
        self.assertEqual(sha256(output), sha256(data))
        self.check_end()

    def test_https_goes_through_a_tunnel(self):
        self.start_proxy()
        data = self.random.randbytes(3 * MIB + 1)
        self.nginx.write("secret", data)
        code, output = self.curl("--cacert", self.nginx.certificate, f"https://127.0.0.1:{self.nginx.tls_port}/secret")
        self.assertEqual(code, 0, self.curl_errors)
        self.assertEqual(sha256(output), sha256(data))
        self.assertEqual(self.figures()["tunnels"], 1)
        self.check_end()

    def test_200_parallel_downloads_are_unchanged(self):
        self.start_proxy()
        sums = {}
        arguments = ["--fail", "--parallel", "--parallel-immediate", "--parallel-max", "200"]
        for i in range(200):
            if i < 20:
                data = self.random.randbytes(100_000 + 20_011 * i)
                url = self.nginx.write(f"parallel{i}", data)
                sums[i] = (url, sha256(data))
            target = os.path.join(self.folder, str(i))
            arguments += ["-o", target, sums[i % 20][0]]
        code, _ = self.curl(*arguments)
        self.assertEqual(code, 0, self.curl_errors)
        for i in range(200):
            with open(os.path.join(self.folder, str(i)), "rb") as file:
                self.assertEqual(sha256(file.read()), sums[i % 20][1], f"download {i}")
        figures = self.figures()
        self.assertEqual(figures["responses 2xx"], 200)
        self.assertEqual(figures["refused here (4xx)"] + figures["failed here (5xx)"] + figures["broken off"], 0)
        self.check_end()

    def test_uploads_with_a_length_and_in_chunks(self):
        self.start_proxy()
        data = self.random.randbytes(5 * MIB + 1)
        source = os.path.join(self.folder, "source")
        with open(source, "wb") as file:
            file.write(data)
        for name, options in (("length", []), ("chunked", ["-H", "Transfer-Encoding: chunked"]),
                              ("unexpected", ["-H", "Expect:"])):
            with self.subTest(name=name):
                status, _ = self.status_and_text(*options, "-T", source,
                                                 f"http://127.0.0.1:{self.nginx.port}/upload/{name}")
                self.assertEqual(status, 201)
                with open(os.path.join(self.nginx.www, "upload", name), "rb") as file:
                    self.assertEqual(sha256(file.read()), sha256(data))
        self.check_end()

    def test_responses_without_a_length(self):
        chunked = (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                   b"6;x=y\r\nchunks\r\n5\r\n here\r\n0\r\nX-Sum: 11\r\n\r\n")
        endless = b"HTTP/1.0 200 OK\r\n\r\nuntil the end"
        for response, body in ((chunked, b"chunks here"), (endless, b"until the end")):
            def serve(connection, response=response):
                web_servers.read_header(connection)
                for byte in response:  # every boundary is met
                    connection.sendall(bytes([byte]))

            self.start_proxy()
            origin = self.origin(serve)
            for options in ([], ["--http1.0"]):
                with self.subTest(body=body, options=options):
                    code, output = self.curl(*options, origin.url())
                    self.assertEqual(code, 0, self.curl_errors)
                    self.assertEqual(output, body)
            raw = self.talk(f"GET {origin.url()} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            self.assertIn(b"Transfer-Encoding: chunked", raw)
            self.assertTrue(raw.endswith(b"0\r\nX-Sum: 11\r\n\r\n" if response is chunked else b"0\r\n\r\n"), raw)

    def test_100_continue_is_waited_for_and_passed_on(self):
        def serve(connection):
            header, rest = web_servers.read_header(connection)
            assert b"Expect: 100-continue" in header and not rest
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.assertEqual(connection.recv(4, socket.MSG_WAITALL), b"body")
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

        self.start_proxy()
        origin = self.origin(serve)
        connection = self.connect()
        connection.sendall(f"PUT {origin.url()} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                           "Content-Length: 4\r\n\r\n".encode())
        file = connection.makefile("rb")
        self.assertEqual(self.read_response(file), (100, b""))
        connection.sendall(b"body")
        self.assertEqual(self.read_response(file), (200, b"ok"))

    def test_an_origin_that_answers_before_the_upload_has_ended(self):
        def serve(connection):
            web_servers.read_header(connection)
            connection.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nno!")
            connection.recv(1)

        self.start_proxy()
        origin = self.origin(serve)
        raw = self.talk(f"PUT {origin.url()} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n".encode())
        self.assertTrue(raw.startswith(b"HTTP/1.1 413 Too Large\r\n"), raw)
        self.assertIn(b"Connection: close\r\n", raw)
        self.assertTrue(raw.endswith(b"no!"), raw)
        self.check_end()

    # Load.

    def test_wrk_finds_no_fault(self):
        demo_driver.require_programs([] if web_servers.program("wrk") else ["wrk"])
        self.start_proxy()
        url = self.nginx.write("load", self.random.randbytes(1000))
        script = os.path.join(self.folder, "absolute.lua")
        with open(script, "w", encoding="ascii") as file:
            file.write(f'request = function() return wrk.format("GET", "{url}") end\n')
        done = subprocess.run(
            [web_servers.program("wrk"), "-t", "2", "-c", "20", "-d", "2s", "--timeout", f"{demo_driver.DEADLINE_S}s",
             "-s", script, f"http://127.0.0.1:{self.port}/"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, text=True, timeout=demo_driver.DEADLINE_S)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertGreater(int(re.search(r"(\d+) requests in ", done.stdout).group(1)), 0, done.stdout)
        for complaint in ("Socket errors", "Non-2xx or 3xx responses"):
            self.assertNotIn(complaint, done.stdout)
        figures = self.figures()
        self.assertGreater(figures["responses 2xx"], 0)
        self.assertEqual(figures["refused here (4xx)"] + figures["failed here (5xx)"], 0)
        self.check_end()

    def test_ipv6_literals(self):
        seen = []

        def serve(connection):
            while True:
                seen.append(web_servers.read_header(connection)[0])
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nsix")

        try:
            origin = self.origin(serve, "::1")
        except OSError as error:
            self.skipTest(f"no ::1 here: {error}")
        self.start_proxy()
        for url in (origin.url(), origin.url().replace("[::1]", "[0:0::0001]")):
            self.assertEqual(self.status_and_text("--globoff", url), (200, "six"))
        self.assertIn(f"\r\nHost: [::1]:{origin.port}\r\n".encode(), seen[0])
        self.assertEqual(self.status_and_text("--globoff", "--proxytunnel", origin.url()), (200, "six"))
        connection = self.open_tunnel(origin.port, "[::1]")
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertEqual(self.read_response(connection.makefile("rb")), (200, b"six"))
        self.assertEqual(self.figures()["tunnels"], 2)
        self.check_end()
        self.start_proxy("--deny", "::/64")
        for request in (f"GET {origin.url()} HTTP/1.1\r\n\r\n", f"CONNECT [0::1]:{origin.port} HTTP/1.1\r\n\r\n",
                        f"CONNECT [::]:{origin.port} HTTP/1.1\r\n\r\n"):
            raw = self.talk(request.encode())
            self.assertTrue(raw.startswith(b"HTTP/1.1 403 "), raw)
        self.assertEqual(self.figures()["origins in all"], 0)

    # Connections.

    def test_two_hosts_over_one_connection(self):
        self.start_proxy()
        here = self.nginx.write("here", b"here")
        other = self.origin(lambda connection: (
            web_servers.read_header(connection),
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nthere")))
        code, output = self.curl("-w", " %{num_connects}\n", here, other.url(), here, here)
        self.assertEqual(code, 0, self.curl_errors)
        self.assertEqual(output, b"here 1\nthere 0\nhere 0\nhere 0\n")
        figures = self.figures()
        self.assertEqual(figures["clients in all"], 1)
        self.assertEqual(figures["origins in all"], 3)
        self.assertEqual(figures["requests over a connection that was there"], 1)

    def test_pipelined_requests_are_answered_in_order(self):
        self.start_proxy()
        urls = []
        for i in range(20):
            urls.append(self.nginx.write(f"pipeline{i}", f"number {i}".encode()))
        other = self.origin(lambda connection: (
            web_servers.read_header(connection),
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother")))
        urls.insert(10, other.url())
        connection = self.connect()
        connection.sendall(b"".join(f"GET {url} HTTP/1.1\r\nHost: x\r\n\r\n".encode() for url in urls))
        file = connection.makefile("rb")
        for i in range(21):
            expected = b"other" if i == 10 else f"number {i - (i > 10)}".encode()
            self.assertEqual(self.read_response(file), (200, expected))

    def test_an_origin_that_closes_idle_connections_is_connected_again(self):
        # The origin answers one request per connection without saying so: the second one meets a closed connection.
        origin = self.origin(lambda connection: (
            web_servers.read_header(connection),
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
            connection.recv(1) if origin.connections == 1 else None,
            web_servers.reset(connection)))
        self.start_proxy()
        connection = self.connect()
        file = connection.makefile("rb")
        request = f"GET {origin.url()} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        for _ in range(3):
            connection.sendall(request)
            self.assertEqual(self.read_response(file), (200, b"ok"))

    def test_a_post_is_never_sent_twice(self):
        posts = []

        def serve(connection):
            while True:
                header, _ = web_servers.read_header(connection)
                if header.startswith(b"POST"):
                    posts.append(header)
                    return web_servers.reset(connection)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

        self.start_proxy()
        url = self.origin(serve).url()
        connection = self.connect()
        connection.sendall(f"GET {url} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        file = connection.makefile("rb")
        self.assertEqual(self.read_response(file), (200, b"ok"))
        connection.sendall(f"POST {url} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".encode())
        self.assertEqual(self.read_response(file)[0], 502)
        self.assertEqual(len(posts), 1)

    def test_what_concerns_one_connection_is_not_passed_on(self):
        self.start_proxy()
        status, text = self.status_and_text(
            "-i", "-H", "Proxy-Connection: keep-alive", "-H", "Connection: X-Mine", "-H", "X-Mine: 1",
            f"http://127.0.0.1:{self.nginx.port}/headers")
        self.assertEqual(status, 204)
        self.assertRegex(text, r"Seen-Via: 1\.1 http_proxy-[0-9a-f]{16}")
        self.assertIn("Seen-Proxy-Connection: <>", text)
        seen = []
        origin = self.origin(lambda connection: (
            seen.append(web_servers.read_header(connection)[0]),
            connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")))
        self.status_and_text("-H", "Connection: X-Mine", "-H", "X-Mine: 1", origin.url("/path?query"))
        self.assertTrue(seen[0].startswith(b"GET /path?query HTTP/1.1\r\n"), seen[0])
        self.assertIn(f"Host: 127.0.0.1:{origin.port}\r\n".encode(), seen[0])
        self.assertNotIn(b"X-Mine", seen[0])

    def test_head_has_no_body(self):
        self.start_proxy()
        url = self.nginx.write("head", b"twelve bytes")
        connection = self.connect()
        connection.sendall(f"HEAD {url} HTTP/1.1\r\nHost: x\r\n\r\nGET {url} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        file = connection.makefile("rb")
        header = b""
        while (line := file.readline()) != b"\r\n":
            header += line
        self.assertIn(b"Content-Length: 12\r\n", header)
        self.assertEqual(self.read_response(file), (200, b"twelve bytes"))

    def test_head_has_no_last_chunk_either(self):
        def serve(connection):
            for body in (b"", b"2\r\nok\r\n0\r\n\r\n"):
                web_servers.read_header(connection)
                connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body)

        self.start_proxy()
        url = self.origin(serve).url()
        raw = self.talk(f"HEAD {url} HTTP/1.1\r\nHost: x\r\n\r\n"
                        f"GET {url} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        self.assertRegex(raw, rb"^HTTP/1\.1 200 OK\r\n(?:\S+: .*\r\n)*\r\nHTTP/1\.1 200 OK\r\n")
        self.assertTrue(raw.endswith(b"\r\n\r\n2\r\nok\r\n0\r\n\r\n"), raw)

    # Memory.

    def test_a_slow_reader_costs_no_memory(self):
        self.start_proxy()
        url = self.nginx.write_sparse("slow", SLOW_SIZE)
        for tunnel in (False, True):
            with self.subTest(tunnel=tunnel):
                connection = socket.socket()
                self.addCleanup(connection.close)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
                connection.settimeout(demo_driver.DEADLINE_S)
                connection.connect(("127.0.0.1", self.port))
                before = self.figures()["bytes from origins"]
                if tunnel:
                    connection.sendall(f"CONNECT 127.0.0.1:{self.nginx.port} HTTP/1.1\r\n\r\n".encode())
                    self.assertIn(b"200 Connection established", connection.recv(1000))
                    connection.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
                else:
                    connection.sendall(f"GET {url} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                self.wait_until_stalled("bytes from origins")
                figures = self.figures()
                self.assertLess(figures["bytes from origins"] - before, SLOW_SIZE // 4)
                header, rest = web_servers.read_header(connection)
                self.assertIn(b" 200 ", header)
                left = SLOW_SIZE - len(rest)
                checked = 0
                while left:
                    piece = connection.recv(min(left, 65536))
                    self.assertTrue(piece, "it ended early")
                    self.assertEqual(piece.count(0), len(piece))
                    left -= len(piece)
                    if (SLOW_SIZE - left) // (16 * MIB) > checked:
                        checked += 1
                        figures = self.figures()
                        self.assertLess(figures["bytes from origins"] - figures["bytes to clients"], QUEUE_LIMIT)
                connection.close()
                self.check_memory()
        self.check_end()

    def test_a_slow_origin_makes_the_upload_wait(self):
        go_on = threading.Event()
        got = []

        def serve(connection):
            _, rest = web_servers.read_header(connection)
            go_on.wait(demo_driver.DEADLINE_S)
            count = len(rest)
            while count < SLOW_SIZE:
                count += len(connection.recv(MIB))
            got.append(count)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

        self.start_proxy()
        origin = self.origin(serve)
        connection = self.connect()

        def upload():
            connection.sendall(f"PUT {origin.url()} HTTP/1.1\r\nHost: x\r\n"
                               f"Content-Length: {SLOW_SIZE}\r\n\r\n".encode())
            block = bytes(MIB)
            for _ in range(SLOW_SIZE // MIB):
                connection.sendall(block)

        uploader = threading.Thread(target=upload, daemon=True)
        uploader.start()
        self.assertLess(self.wait_until_stalled("bytes from clients"), SLOW_SIZE // 2)
        figures = self.figures()
        self.assertLess(figures["bytes from clients"] - figures["bytes to origins"], QUEUE_LIMIT)
        go_on.set()
        uploader.join()
        self.assertEqual(self.read_response(connection.makefile("rb")), (200, b"ok"))
        self.assertEqual(got, [SLOW_SIZE])
        self.check_memory()

    def test_full_disk_is_a_failure(self):
        self.check_full_disk(proxy_fixture.PROXY, "-p", "0")

    # Spec: §4.1
    def test_it_is_linked_to_the_shared_library(self):
        self.assertIn("libhpsocket.so.1", demo_driver.needed_libraries(proxy_fixture.PROXY))


if __name__ == "__main__":
    unittest.main(verbosity=2)
