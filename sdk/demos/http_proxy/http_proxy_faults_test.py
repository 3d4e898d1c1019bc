#!/usr/bin/env python3
"""Drives http_proxy where something is wrong, forbidden or broken off, and as a program with commands and signals."""

import os
import queue
import re
import signal
import socket
import sys
import threading
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import proxy_fixture  # noqa: E402  (finds the others)
import demo_driver  # noqa: E402
import web_servers  # noqa: E402
from proxy_fixture import MIB, PROXY  # noqa: E402


class HttpProxyFaultsTest(proxy_fixture.ProxyTest):

    # What goes wrong.

    def test_origins_that_cannot_be_reached(self):
        self.start_proxy()
        status, text = self.status_and_text("http://no-such-host.invalid/")
        self.assertEqual(status, 502)
        self.assertIn("The name no-such-host.invalid cannot be resolved.", text)
        with socket.socket() as holder:  # bound but not listening: it refuses, and nobody else can take it
            holder.bind(("127.0.0.1", 0))
            port = holder.getsockname()[1]
            status, text = self.status_and_text(f"http://127.0.0.1:{port}/")
            self.assertEqual(status, 502)
            self.assertIn(f"127.0.0.1:{port} refused the connection", text)
            code, _ = self.curl(f"https://127.0.0.1:{port}/")
            self.assertEqual(code, 56)
            self.assertIn("502", self.curl_errors)
        self.assertEqual(self.figures()["failed here (5xx)"], 3)
        self.check_end()

    def test_an_origin_that_never_accepts_stalls_nobody_else(self):
        listener = web_servers.FullListener()
        self.addCleanup(listener.stop)
        self.start_proxy("--connect-timeout", "5", "-t", "1")
        waiting = self.connect()
        waiting.sendall(f"GET http://127.0.0.1:{listener.port}/ HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        self.wait_for(lambda figures: figures["requests"] == 1)
        url = self.nginx.write("quick", b"quick")
        for _ in range(10):
            self.assertEqual(self.status_and_text(url), (200, "quick"))
        self.assertEqual(self.figures()["failed here (5xx)"], 0)
        raw = self.rest_of(waiting)
        self.assertTrue(raw.startswith(b"HTTP/1.1 504 Gateway Timeout\r\n"), raw)
        self.check_end()

    def test_an_origin_that_does_not_answer(self):
        self.start_proxy("--idle-timeout", "1")
        origin = self.origin(lambda connection: connection.recv(1) and self.rest_of(connection))
        status, text = self.status_and_text(origin.url())
        self.assertEqual(status, 504)
        self.assertIn("did not answer in 1 seconds", text)

    def test_a_client_that_goes_on_sending_keeps_no_silent_origin(self):
        self.start_proxy("--idle-timeout", "1")
        origin = self.origin(self.rest_of)
        connection = self.connect()
        connection.sendall(f"GET {origin.url()} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        connection.settimeout(0.2)
        raw = b""
        for _ in range(50):
            connection.sendall(b"G")  # of a pipelined request
            try:
                raw = connection.recv(1000)
                break
            except socket.timeout:
                pass
        self.assertTrue(raw.startswith(b"HTTP/1.1 504 Gateway Timeout\r\n"), raw)

    def test_origins_that_break_off(self):
        def reset_in_body(connection):
            web_servers.read_header(connection)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + bytes(1000))
            web_servers.reset(connection)

        def close_in_chunk(connection):
            web_servers.read_header(connection)
            connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel")

        def reset_at_once(connection):
            web_servers.read_header(connection)
            web_servers.reset(connection)

        def talk_nonsense(connection):
            web_servers.read_header(connection)
            connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n\r\n\r\n")

        def two_lengths(connection):
            web_servers.read_header(connection)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")

        self.start_proxy()
        for serve in (reset_in_body, close_in_chunk):
            with self.subTest(serve=serve.__name__):
                code, _ = self.curl(self.origin(serve).url())
                self.assertEqual(code, 18, self.curl_errors)  # partial file, or its chunked sibling
        self.wait_for(lambda figures: figures["broken off"] == 2)
        for serve in (reset_at_once, talk_nonsense, two_lengths):
            with self.subTest(serve=serve.__name__):
                status, _ = self.status_and_text(self.origin(serve).url())
                self.assertEqual(status, 502)
        self.check_end()

    def test_what_is_cut_off_looks_complete_to_no_old_client(self):
        def serving(response, end):
            def serve(connection):
                web_servers.read_header(connection)
                connection.sendall(response)
                end(connection)
            return serve

        def keep(connection):
            """Closed in order by whoever has called us."""

        self.start_proxy("--idle-timeout", "1")
        endless = b"HTTP/1.1 200 OK\r\n\r\nhello"
        chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello"
        for response, end, expected in ((endless, web_servers.reset, "reset"), (chunked, web_servers.reset, "reset"),
                                        (chunked, keep, "reset"), (chunked + b"\r\nnonsense\r\n", keep, "reset"),
                                        (endless, lambda connection: connection.recv(1), "reset"),  # the time-out
                                        (endless, keep, "end"), (chunked + b"\r\n0\r\n\r\n", keep, "end")):
            with self.subTest(response=response, end=end.__name__):
                url = self.origin(serving(response, end)).url()
                connection = self.connect()
                connection.sendall(f"GET {url} HTTP/1.0\r\n\r\n".encode())
                data, ended = self.rest_and_end(connection)
                self.assertTrue(data.startswith(b"HTTP/1.1 200 OK\r\n"), data)
                self.assertTrue(data.endswith(b"\r\n\r\nhello"), data)
                self.assertEqual(ended, expected)
                code, output = self.curl("--http1.0", url)
                self.assertEqual((code, output), (56 if expected == "reset" else 0, b"hello"), self.curl_errors)
        self.check_end()

    def test_a_reset_goes_through_a_tunnel(self):
        ends = queue.Queue()

        def reset_it(connection):
            connection.recv(1)
            connection.sendall(b"last words")
            web_servers.reset(connection)

        def close_it(connection):
            connection.recv(1)
            connection.sendall(b"last words")

        self.start_proxy()
        for serve, expected in ((reset_it, "reset"), (close_it, "end")):
            with self.subTest(serve=serve.__name__):
                connection = self.open_tunnel(self.origin(serve).port)
                connection.sendall(b"x")
                self.assertEqual(self.rest_and_end(connection), (b"last words", expected))
        origin = self.origin(lambda connection: ends.put(self.rest_and_end(connection)))
        for close, expected in ((web_servers.reset, "reset"), (socket.socket.close, "end")):
            with self.subTest(close=close.__name__):
                connection = self.open_tunnel(origin.port)
                connection.sendall(b"last words")
                close(connection)
                self.assertEqual(ends.get(timeout=demo_driver.DEADLINE_S), (b"last words", expected))
        self.check_end()

    def test_a_tunnel_that_is_given_up_ends_in_resets(self):
        ends = queue.Queue()
        origin = self.origin(lambda connection: ends.put(self.rest_and_end(connection)))
        for options, end in ((["--idle-timeout", "1"], lambda: None),
                             (["--no-interactive"], lambda: self.proxy.send_signal(signal.SIGTERM))):
            with self.subTest(options=options):
                self.start_proxy(*options)
                connection = self.open_tunnel(origin.port)
                end()
                self.assertEqual(self.rest_and_end(connection), (b"", "reset"))
                self.assertEqual(ends.get(timeout=demo_driver.DEADLINE_S), (b"", "reset"))

    def test_a_half_closed_tunnel_ends(self):
        ends = queue.Queue()

        def serve(connection):
            question = connection.recv(8, socket.MSG_WAITALL)
            connection.sendall(b"answer")
            connection.shutdown(socket.SHUT_WR)
            ends.put((question, self.rest_and_end(connection)))

        self.start_proxy()
        connection = self.open_tunnel(self.origin(serve).port)
        connection.sendall(b"question")
        self.assertEqual(self.rest_and_end(connection), (b"answer", "end"))
        # Its own end is told at once: it cannot take it that more of the client comes.
        self.assertEqual(ends.get(timeout=demo_driver.DEADLINE_S), (b"question", (b"", "end")))
        self.check_end()

    def test_clients_that_vanish(self):
        self.start_proxy()
        url = self.nginx.write_sparse("vanish", 64 * MIB)
        target = f"127.0.0.1:{self.nginx.port}"
        held = self.origin(self.rest_of)
        for request in (f"GET {url} HTTP/1.1\r\nHost: x\r\n\r\n",
                        f"CONNECT {target} HTTP/1.1\r\n\r\nGET /vanish HTTP/1.1\r\nHost: x\r\n\r\n",
                        f"PUT http://{target}/upload/vanish HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\n123",
                        f"GET {held.url()} HTTP/1.1\r\nHost: x\r\n\r\n",
                        "GET http://"):
            for ungently in (False, True):
                with self.subTest(request=request, ungently=ungently):
                    connections = [self.connect() for _ in range(8)]
                    for connection in connections:
                        connection.sendall(request.encode())
                    for connection in connections:
                        if "vanish HTTP" in request and "PUT" not in request:
                            connection.recv(1000)  # it has begun
                        if ungently:
                            web_servers.reset(connection)
                        else:
                            connection.close()
                    self.wait_for(lambda figures: figures["clients"] == 0 and figures["origins"] == 0)
        self.check_memory()
        self.check_end()

    def test_an_origin_that_talks_and_never_listens_does_not_outlive_its_client(self):
        def serve(connection):
            paced = threading.Event()
            while not paced.wait(0.05):
                connection.sendall(b".")

        self.start_proxy("--idle-timeout", "1")
        origin = self.origin(serve)
        connection = self.connect()
        connection.sendall(f"CONNECT 127.0.0.1:{origin.port} HTTP/1.1\r\n\r\n".encode())
        self.assertIn(b"200 Connection established", connection.recv(1000))
        connection.settimeout(1)
        with self.assertRaises(OSError):  # every queue on the way to the origin is full
            while True:
                connection.sendall(bytes(MIB))
        web_servers.reset(connection)
        self.wait_for(lambda figures: figures["clients"] == 0 and figures["origins"] == 0)
        self.check_end()

    def test_what_is_no_request(self):
        self.start_proxy()
        for data, status in ((b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),  # TLS
                             (b"GET\r\n\r\n", 400), (b"GET / HTTP/1.1\r\n\r\n", 400),
                             (b"GET http:///x HTTP/1.1\r\n\r\n", 400), (b"CONNECT here HTTP/1.1\r\n\r\n", 400),
                             (b"CONNECT h:1 HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello", 400),
                             (b"GET ftp://h/ HTTP/1.1\r\n\r\n", 501),
                             (b"GET http://h/ HTTP/1.1\r\nbad header\r\n\r\n", 400),
                             (b"PUT http://h/ HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
                             (b"PUT http://h/ HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
                             (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400)):
            with self.subTest(data=data):
                raw = self.talk(data)
                self.assertTrue(raw.startswith(f"HTTP/1.1 {status} ".encode()), raw)
                self.assertIn(b"\r\n\r\nhttp_proxy: ", raw)
        self.check_end()

    def test_random_bytes(self):
        self.start_proxy()
        for _ in range(100):
            raw = self.talk(self.random.randbytes(self.random.randint(50, 20000)))
            self.assertTrue(raw == b"" or raw.startswith(b"HTTP/1.1 4"), raw)
        self.check_memory()
        self.check_end()

    def test_what_never_ends_is_bounded(self):
        self.start_proxy()
        for data, status in ((b"GET http://h/" + b"a" * MIB, 414),
                             (b"GET http://h/ HTTP/1.1\r\nX: " + b"a" * MIB, 431),
                             (b"GET http://h/ HTTP/1.1\r\n" + b"A: b\r\n" * (MIB // 6), 431)):
            with self.subTest(status=status):
                raw = self.talk(data)
                self.assertTrue(raw.startswith(f"HTTP/1.1 {status} ".encode()), raw[:200])
        origin = self.origin(lambda connection: (
            web_servers.read_header(connection),
            connection.sendall(b"HTTP/1.1 200 OK\r\nX: " + b"a" * MIB)))
        status, text = self.status_and_text(origin.url())
        self.assertEqual(status, 502)
        self.check_memory()
        self.check_end()

    def test_headers_are_bounded_wherever_their_pieces_end(self):
        def send_lines(connection, start, offset):
            """A MiB of lines; whatever is read at once ends `offset` bytes into one of them."""
            line = b"A: bcd\r\n"  # its length divides what the proxy reads at most
            rest = (line[offset:] + line[:offset]) * 128
            try:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connection.sendall(start + line[:offset])
                for _ in range(MIB // len(rest)):
                    connection.sendall(rest)
            except OSError:
                pass  # the proxy need not listen to the end

        self.start_proxy()
        for offset in range(8):
            with self.subTest(offset=offset):
                connection = self.connect()
                send_lines(connection, b"GET http://h/ HTTP/1.1\r\n", offset)
                raw = self.rest_of(connection)
                self.assertTrue(raw.startswith(b"HTTP/1.1 431 "), raw[:200])
                origin = self.origin(lambda connection, offset=offset: (
                    web_servers.read_header(connection), send_lines(connection, b"HTTP/1.1 200 OK\r\n", offset)))
                status, text = self.status_and_text(origin.url())
                self.assertEqual(status, 502)
                self.assertIn("gave no HTTP response", text)
        self.check_memory()
        self.check_end()

    def test_a_header_that_does_not_end_in_time(self):
        self.start_proxy("--header-timeout", "1")
        for data in (b"G", b"GET http://h/ HTTP/1.1\r\nHost: "):
            raw = self.talk(data)
            self.assertTrue(raw.startswith(b"HTTP/1.1 408 Request Timeout\r\n"), raw)

    # Rules and loops.

    def test_denied_and_allowed_targets(self):
        url = self.nginx.write("rules", b"rules")
        port = self.nginx.port
        by_name = url.replace("127.0.0.1", "localhost")
        for options, denied, closed in ((["--deny", f"*:{port}"], (url, by_name), ()),
                                        (["--deny", "127.0.0.0/8,::1"], (url,), (by_name,)),  # whatever the name
                                        (["--deny", "localhost"], (by_name,), ()),
                                        (["--allow", "*.example"], (url, by_name), ()),
                                        (["--allow", "192.0.2.0/24"], (url,), (by_name,)),
                                        (["--allow", "*.example", "--allow", "127.0.0.1"], (), ())):
            with self.subTest(options=options):
                self.start_proxy(*options)
                self.assertNotIn("every target may be reached", self.proxy.text)
                for target in (url, by_name):
                    status, text = self.status_and_text(target)
                    self.assertEqual(status, 403 if target in denied else 502 if target in closed else 200, text)
                    if target in denied:
                        self.assertRegex(text, r"is (denied by --deny|not among what --allow names)")
                self.proxy.end_input()
                self.assertEqual(self.proxy.finish(), 0)
        self.start_proxy("--deny", "127.0.0.1")
        code, _ = self.curl(f"https://127.0.0.1:{self.nginx.tls_port}/")
        self.assertEqual(code, 56)
        self.assertIn("403", self.curl_errors)

    def test_a_denied_address_is_never_connected_however_it_is_written(self):
        self.start_proxy("--deny", "127.0.0.0/8")
        origin = self.origin(self.rest_of)
        for host in ("2130706433", "0x7f000001", "0x7F.1", "127.1", "127.0.1", "0177.0.0.1", "0", "0.0",
                     "[::ffff:127.0.0.1]"):
            for request in (f"GET http://{host}:{origin.port}/ HTTP/1.1\r\nHost: x\r\n\r\n",
                            f"CONNECT {host}:{origin.port} HTTP/1.1\r\n\r\n"):
                with self.subTest(request=request):
                    raw = self.talk(request.encode())
                    self.assertTrue(raw.startswith(b"HTTP/1.1 403 "), raw)
        self.assertEqual(self.figures()["origins in all"], 0)
        self.assertEqual(origin.connections, 0)

    def test_names_tell_nothing_of_the_ports_behind_a_rule(self):
        full = web_servers.FullListener()
        self.addCleanup(full.stop)
        for rule in (["--deny", "127.0.0.0/8,::1"], ["--allow", "192.0.2.0/24"]):
            with self.subTest(rule=rule), socket.socket() as closed:
                closed.bind(("127.0.0.1", 0))
                self.start_proxy(*rule, "--connect-timeout", "1")
                answers = set()
                for port in (self.nginx.port, closed.getsockname()[1], full.port):
                    raw = self.talk(f"GET http://localhost:{port}/ HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                    self.assertTrue(raw.startswith(b"HTTP/1.1 502 "), raw)
                    answers.add(raw.partition(b"\r\n\r\n")[2].replace(str(port).encode(), b"PORT"))
                self.assertEqual(len(answers), 1, answers)
                self.assertIn(b"a rule denies its address", answers.pop())

    def test_a_request_to_itself_ends(self):
        for options in ([], ["-b", "127.0.0.1"]):
            self.start_proxy(*options)
            for host in ("127.0.0.1", "0.0.0.0", "localhost"):
                with self.subTest(host=host):
                    status, _ = self.status_and_text("--noproxy", "", f"http://{host}:{self.port}/")
                    self.assertEqual(status, 508)
        # Through another proxy and back: Via tells.
        via = re.search(rb"Via: 1\.1 (\S+)", self.talk(
            f"GET {self.nginx.write('via', b'')} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())).group(1)
        raw = self.talk(b"GET http://h/ HTTP/1.1\r\nVia: 1.1 a, 1.1 " + via + b"\r\nHost: h\r\n\r\n")
        self.assertTrue(raw.startswith(b"HTTP/1.1 508 "), raw)

    def test_max_forwards(self):
        seen = queue.Queue()
        self.start_proxy()
        origin = self.origin(lambda connection: (
            seen.put(web_servers.read_header(connection)[0]),
            connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")))
        for method in ("TRACE", "OPTIONS"):
            for value, status, passed_on in (("3", 204, b"2"), ("0", 200, None), ("x", 400, None)):
                with self.subTest(method=method, value=value):
                    raw = self.talk(f"{method} {origin.url()} HTTP/1.1\r\nHost: x\r\nMax-Forwards: {value}\r\n"
                                    "Cookie: secret\r\nConnection: close\r\n\r\n".encode())
                    self.assertTrue(raw.startswith(f"HTTP/1.1 {status} ".encode()), raw)
                    if passed_on:
                        self.assertIn(b"\r\nMax-Forwards: " + passed_on + b"\r\n", seen.get_nowait())
                    elif method == "TRACE" and status == 200:
                        self.assertIn(f"\r\n\r\nTRACE {origin.url()} HTTP/1.1\r\nHost: x\r\n".encode(), raw)
                        self.assertNotIn(b"secret", raw)
        self.assertEqual(origin.connections, 2)
        self.check_end()

    # The program.

    def test_figures_log_and_commands(self):
        log = os.path.join(self.folder, "log")
        self.start_proxy("--log", log)
        self.assertIn("no --allow and no --deny: every target may be reached", self.proxy.text)
        url = self.nginx.write("logged", b"12345")
        self.curl(url)
        self.curl(url + "-not")
        self.curl("--cacert", self.nginx.certificate, f"https://127.0.0.1:{self.nginx.tls_port}/logged")
        self.talk(b'GET http:///"200\xc2\x9b31m\\ HTTP/1.1\r\n\r\n')
        figures = self.wait_for(lambda figures: figures["clients"] == 0)
        self.assertEqual(figures["clients in all"], 4)
        self.assertEqual(figures["requests"], 4)
        self.assertEqual(figures["tunnels"], 1)
        self.assertEqual(figures["responses 2xx"], 1)
        self.assertEqual(figures["responses 4xx"], 1)
        self.proxy.send_signal(signal.SIGUSR1)
        self.proxy.expect(r"statistics since the start:\n", r"^  broken off = 0$")
        self.proxy.type("status")
        self.proxy.expect(r"^state: STARTED$", r"^clients: 0$")
        self.proxy.type("args")
        self.proxy.expect(r"^  connect-timeout = 10$")
        self.proxy.type("dance")
        self.proxy.expect(r"unknown command 'dance'")
        self.proxy.type("exit")
        self.assertEqual(self.proxy.finish(), 1)  # a script must learn that a command failed
        with open(log, encoding="utf-8") as file:
            lines = file.read()
        self.assertRegex(lines, rf'(?m)^127\.0\.0\.1:\d+ "GET {re.escape(url)}" 200 5 bytes \d+ ms$')
        self.assertRegex(lines, r'(?m)"GET \S+-not" 404 ')
        self.assertRegex(lines, r'(?m)"CONNECT \S+" 200 \d+ bytes ')
        self.assertIn(r'"GET http:///\x22200\xC2\x9B31m\x5C" 400 0 bytes ', lines)

    def test_the_log_names_what_is_refused_and_no_password(self):
        log = os.path.join(self.folder, "log")
        self.start_proxy("--log", log, "--header-timeout", "1")
        url = self.nginx.write("logged", b"12345").encode()
        asked = b"GET " + url + b" HTTP/1.1\r\nHost: x\r\n\r\n"
        refused = ((b"\x16\x03\x01\x02\x00\x01", "-", 400), (asked + b"GET\r\n\r\n", "-", 400),
                   (b"GET http://u:secret@h/ HTTP/1.1\r\nbad header\r\n\r\n", "GET http://***@h/", 400),
                   (b"GET /" + b"a" * MIB, "-", 414), (b"HEAD / HTTP/1.1\r\nX: " + b"a" * MIB, "HEAD /", 431),
                   (b"GET http://u:secret@h/ HTTP/1.1\r\nHost: ", "GET http://***@h/", 408), (b"G", "-", 408),
                   (b"CONNECT u:secret@h:1 HTTP/1.1\r\n\r\n", "CONNECT ***@h:1", 400))
        expected = []
        for data, request, status in refused:
            self.assertIn(f"HTTP/1.1 {status} ".encode(), self.talk(data))
            if data.startswith(asked):
                expected.append(f'"GET {url.decode()}" 200 5 bytes')
            expected.append(f'"{request}" {status} 0 bytes')
        self.assertEqual(self.curl(url.decode().replace("//", "//u:secret@"))[1], b"12345")
        expected.append(f'"GET {url.decode()}" 200 5 bytes')  # curl sends it as a field
        self.talk(asked.replace(b"//", b"//u:secret@").replace(b"Host: x", b"Connection: close"))
        expected.append(f'"GET {url.decode().replace("//", "//***@")}" 200 5 bytes')
        self.check_end()
        with open(log, encoding="utf-8") as file:
            lines = file.read().splitlines()[:-1]
        self.assertEqual([re.sub(r"^127\.0\.0\.1:\d+ (.*) \d+ ms$", r"\1", line) for line in lines], expected)

    def test_signals_end_it_cleanly_in_the_middle_of_transfers(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number=number):
                self.start_proxy("--no-interactive")
                url = self.nginx.write_sparse("interrupted", 64 * MIB)
                connections = [self.connect() for _ in range(10)]
                for connection in connections:
                    connection.sendall(f"GET {url} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                    connection.recv(1000)
                self.proxy.send_signal(number)
                self.assertEqual(self.proxy.finish(), 0)
                self.assertIn(" *** Summary: connections - 10, requests - 10, ", self.proxy.text)

    def test_mistakes(self):
        for options, code, words in ((["--deny", "a b"], 2, "--deny wants HOST[:PORT]"), (["-p", "x"], 2, "--help"),
                                     (["--deny", "10.0.0"], 2, "a whole address"), (["-A", "x,127.1"], 2, "a network"),
                                     (["stray"], 2, "--help"), (["-b", "nowhere"], 1, "Bind SOCKET Fail"),
                                     (["-l", "/no/such/folder/log"], 1, "cannot write to /no/such/folder/log")):
            with self.subTest(options=options):
                ended, exit_code = self.run_to_end(PROXY, "-p", "0", *options)
                self.assertEqual(exit_code, code)
                self.assertIn(words, ended.text)
        self.start_proxy()
        second, code = self.run_to_end(PROXY, "-p", str(self.port))
        self.assertEqual(code, 1)
        self.assertIn("choose another port", second.text)
        ended, code = self.run_to_end(PROXY, "--help")
        self.assertEqual(code, 0)
        for part in ("-p, --port PORT", "--allow RULE", "--deny RULE", "Commands:", "Exit codes:"):
            self.assertIn(part, ended.text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
