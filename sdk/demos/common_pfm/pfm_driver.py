"""What the tests of the performance demos have in common; see demo_driver."""

import json
import signal
import socket

import demo_driver

# A run that never ends by itself.
ENDLESS = ["--duration", "100000", "-i", "0"]


class PfmTest(demo_driver.DemoTest):
    """SERVER and CLIENT are the commands without options."""

    SERVER = []
    CLIENT = []

    def server_command(self, *options):
        return [*self.SERVER, "-b", "127.0.0.1", "-p", "0", *options]

    def start_server(self, *options, **kwargs):
        server = self.start(*self.server_command(*options), **kwargs)
        port = server.expect(r"^listening on 127\.0\.0\.1:(\d+)$").group(1)
        return server, port

    def client_command(self, port, *options):
        return [*self.CLIENT, "-p", port, "--wait-ms", "0", *options]

    def summary(self, client):
        return json.loads([line for line in client.text.splitlines() if line.startswith('{"demo"')][-1])

    def io_uring_can_be_had(self):
        probe = self.start(*self.server_command(), env=demo_driver.environment_without_port())
        return "io_uring" in probe.expect(r"^port: (\S+)").group(1)

    def check_complete(self, client, size):
        """The client's words after a run that went well."""
        self.assertIn(" *** willing to send data after 0 seconds ...", client.text)
        self.assertIn(" *** Go Now !", client.text)
        self.assertIn(f" *** Summary: expect -  {size}, send - {size}, recv - {size}", client.text)
        self.assertRegex(client.text, r" \*\*\* Success: time consuming -  \d+ millisecond !")
        self.assertRegex(client.text, r"  > \[ END TEST \] -> Total Time Consuming: \d+")
        self.assertRegex(client.text, r"round trip: p50 .*, p99 .*, p99\.9 .*, max ")
        summary = self.summary(client)
        self.assertTrue(summary["ok"])
        self.assertGreater(summary["messages_per_second"], 0)
        self.assertLessEqual(summary["p50_us"], summary["p99_us"])
        self.assertLessEqual(summary["p999_us"], summary["max_us"])
        return summary

    def check_server_that_sends_more_is_a_failure(self):
        """Right bytes, but more of them: the pattern repeats after 65521."""
        length = 65521

        def serve(connection):
            message = b""
            while len(message) < length:
                data = connection.recv(length - len(message))
                if not data:
                    return
                message += data
            while True:
                connection.sendall(message * 16)

        # In the middle of a run, which waits for room, and behind its end, which waits for the echo.
        for options in (["-e", "1000000", "-i", "10", "-w", "1"], ["-e", "1"]):
            with self.subTest(options=options):
                port = self.serve_once(serve)
                client, code = self.run_to_end(*self.client_command(port, "-c", "1", "-l", length, "--json", *options))
                self.assertEqual(code, 1)
                summary = self.summary(client)
                self.assertEqual(summary["failure"], "more, or other bytes, came back than were sent")
                self.assertEqual(summary["corrupt_connections"], 0)
                self.assertGreater(summary["recv"], length)

    def check_interrupted_connect(self):
        """Ctrl-C ends a client whose server takes no connection any more."""
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen(0)  # of several connects, all but the first wait
            client = self.start(*self.client_command(listener.getsockname()[1], "-c", "10"))
            client.expect(r"^hpsocket: info: ")  # its first component starts
            client.send_signal(signal.SIGINT)
            self.assertEqual(client.finish(), 1)
            self.assertNotIn("timed out", client.text)
            self.assertNotIn("Go Now", client.text)
