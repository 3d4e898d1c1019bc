#!/usr/bin/env python3
"""The echo demos of all languages with each other: every server with every client.

echo_pairs_test.py C_SERVER C_CLIENT PYTHON_DEMO JAVA_DEMO CSHARP_DEMO PASCAL_DEMO LIBRARY ...

HPSOCKET_REQUIRE_PROGRAMS=1: fails instead of skipping the pairs of a language whose programs are missing.
"""

import os
import pathlib
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "demos/common"), str(HERE / "java"), str(HERE / "csharp"), str(HERE / "pascal"), str(HERE)]

import csharp_programs  # noqa: E402
import demo_driver  # noqa: E402
import java_programs  # noqa: E402
import pascal_programs  # noqa: E402

C_SERVER, C_CLIENT, PYTHON, JAVA, CSHARP, PASCAL, *LIBRARIES = demo_driver.main(8)
os.environ["HPSOCKET4C_LIBRARY"] = LIBRARIES[0]
os.environ["LD_LIBRARY_PATH"] = os.path.dirname(LIBRARIES[0])
os.environ["PYTHONDONTWRITEBYTECODE"] = "1"


def java(folder):
    """Compiles the demo into a folder; the command that runs it."""
    java_programs.build(folder, JAVA)
    return [*java_programs.java(folder), "TestEcho4C"]


# Language -> what it lacks here, and what makes the command of its demo in a folder; C has two demos. One more line for
# each language that comes.
DEMOS = {
    "C": ([], None),
    "Python": ([], lambda folder: [sys.executable, PYTHON]),
    "Java": (java_programs.missing_programs(), java),
    "C#": (csharp_programs.missing_programs(), lambda folder: csharp_programs.build(folder, CSHARP)),
    "Pascal": (pascal_programs.missing_programs(), lambda folder: pascal_programs.build(folder, PASCAL, LIBRARIES)),
}


class EchoPairsTest(demo_driver.DemoTest):

    @classmethod
    def setUpClass(cls):
        cls.commands = {}

    def command(self, language, role):
        """The command of a language's server or client; skips the pair if the language is not here."""
        missing, make = DEMOS[language]
        demo_driver.require_programs(missing)
        if language == "C":
            return [C_SERVER if role == "server" else C_CLIENT]
        if language not in self.commands:
            folder = tempfile.TemporaryDirectory()
            self.addClassCleanup(folder.cleanup)
            self.commands[language] = make(pathlib.Path(folder.name))
        return [*self.commands[language], role]

    def test_every_client_with_every_server(self):
        texts = ["one", "two and more", "three " + 3000 * "x", "vier: ÄÖÜ, 五"]
        for server_language in DEMOS:
            for client_language in DEMOS:
                with self.subTest("%s client, %s server" % (client_language, server_language)):
                    server_command = self.command(server_language, "server")
                    client_command = self.command(client_language, "client")
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
