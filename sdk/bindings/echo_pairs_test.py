#!/usr/bin/env python3
"""The echo demos of all languages with each other: every server with every client.

echo_pairs_test.py C_SERVER C_CLIENT PYTHON_DEMO LIBRARY ...
"""

import os
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "demos/common"))

import demo_driver  # noqa: E402

C_SERVER, C_CLIENT, PYTHON, LIBRARY, _ = demo_driver.main(5)
os.environ["HPSOCKET4C_LIBRARY"] = LIBRARY
os.environ["PYTHONDONTWRITEBYTECODE"] = "1"

# Language -> command of its server, and of its client. One more line for each language that comes.
DEMOS = {
    "C": ([C_SERVER], [C_CLIENT]),
    "Python": ([sys.executable, PYTHON, "server"], [sys.executable, PYTHON, "client"]),
}


class EchoPairsTest(demo_driver.DemoTest):

    def test_every_client_with_every_server(self):
        texts = ["one", "two and more", "three " + 3000 * "x", "vier: ÄÖÜ, 五"]
        for server_language, (server_command, _) in DEMOS.items():
            for client_language, (_, client_command) in DEMOS.items():
                with self.subTest("%s client, %s server" % (client_language, server_language)):
                    server = self.start(*server_command, "-b", "127.0.0.1", "-p", "0")
                    port = server.expect(r"^listening on 127\.0\.0\.1:(\d+)$").group(1)
                    client, code = self.run_to_end(*client_command, "-p", port, text="\n".join("send " + t for t in texts))
                    self.assertEqual(code, 0)
                    self.assertIn(" *** Summary: send - 4, recv - 4", client.text)
                    for text in texts:
                        self.assertIn("name: HP-Socket, age: 23, desc: %s\n" % text, client.text)
                    server.expect(r"\[ \d+, On(Close|Error) \]")
                    server.end_input()
                    self.assertEqual(server.finish(), 0)
                    self.assertIn("$ Server Stop", server.text)


if __name__ == "__main__":
    unittest.main()
