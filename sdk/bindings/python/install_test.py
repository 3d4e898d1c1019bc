#!/usr/bin/env python3
"""The Python binding as pip installs it, offline: install_test.py LIBRARY ...

HPSOCKET_REQUIRE_PROGRAMS=1: fails instead of skipping where pip or mypy is missing.
"""

import importlib.util
import os
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
SDK = pathlib.Path(__file__).absolute().parents[2]  # of the runfiles
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / "demos/common")]
sys.dont_write_bytecode = True

import demo_driver  # noqa: E402
import program_tests  # noqa: E402

LIBRARIES = [pathlib.Path(library) for library in demo_driver.main(2)]


def missing(**modules):
    """The packages whose modules this Python lacks."""
    return [package for module, package in modules.items() if not importlib.util.find_spec(module)]


class Installed(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        demo_driver.require_programs(missing(pip="python3-pip", setuptools="python3-setuptools", wheel="python3-wheel"))
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.site = cls.folder / "site"
        cls.environment = {name: value for name, value in os.environ.items()
                           if name not in ("HPSOCKET4C_LIBRARY", "LD_LIBRARY_PATH")}
        cls.environment.update(HOME=folder.name, PYTHONPATH=str(cls.site), PYTHONDONTWRITEBYTECODE="1")
        # As README.md says.
        source = cls.folder / "python"
        shutil.copytree(HERE / "hpsocket", source / "hpsocket", ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("README.md", "pyproject.toml"):
            shutil.copy(HERE / name, source)
        for library in LIBRARIES:
            shutil.copy(library, source / "hpsocket")
        cls.run_module("pip", "--disable-pip-version-check", "install", "--no-index", "--no-build-isolation",
                       "--no-cache-dir", "--target", str(cls.site), str(source))

    @classmethod
    def run_module(cls, *command):
        return program_tests.run([sys.executable, "-m", *command], env=cls.environment, cwd=cls.folder)

    def run_program(self, text):
        return program_tests.run([sys.executable, "-c", "if True:\n" + text], env=self.environment, cwd=self.folder)

class InstallTest(Installed):

    def test_every_file_is_installed(self):
        wanted = [path.name for path in (HERE / "hpsocket").iterdir() if path.name != "__pycache__"]
        self.assertIn("py.typed", wanted)
        self.assertEqual(sorted(path.name for path in (self.site / "hpsocket").iterdir() if path.name != "__pycache__"),
                         sorted(wanted + [library.name for library in LIBRARIES]))

    def test_installed_package_works(self):
        said = self.run_program("""
            import hpsocket, hpsocket.aio, threading
            class Echo(hpsocket.ServerListener):
                def on_receive(self, sender, conn_id, data): sender.send(conn_id, data)
            class Says(hpsocket.ClientListener):
                def on_receive(self, sender, data):
                    print(data.decode())
                    said.set()
            said = threading.Event()
            with hpsocket.TcpServer(Echo()) as server, hpsocket.TcpClient(Says()) as client:
                server.start("127.0.0.1")
                client.start(*server.listen_address)
                client.send(b"from where it was installed")
                said.wait()
            print(hpsocket.__file__)
        """)
        self.assertIn("from where it was installed\n", said)
        self.assertIn(str(self.site / "hpsocket/__init__.py"), said)

    def test_version_is_the_sdks(self):
        wanted = re.search(r'^VERSION = "(.*)"$', (SDK / "version.bzl").read_text(encoding="utf-8"), re.MULTILINE).group(1)
        self.assertEqual(self.run_program("""
            import importlib.metadata
            print(importlib.metadata.version("hpsocket"))
        """), wanted + "\n")


class TypeTest(Installed):
    """What mypy says of the package, and of programs that use it."""

    @classmethod
    def setUpClass(cls):
        demo_driver.require_programs(missing(mypy="mypy"))
        super().setUpClass()

    def run_mypy(self, *arguments):
        return self.run_module("mypy", "--strict", "--cache-dir", str(self.folder / "cache"), *arguments)

    def check(self, text):
        (self.folder / "program.py").write_text(text, encoding="utf-8")
        return self.run_mypy(str(self.folder / "program.py"))

    def test_package_has_types(self):
        self.run_mypy("-p", "hpsocket")

    def test_programs_see_them(self):
        program = """
import hpsocket

class Echo(hpsocket.ServerListener):
    def on_receive(self, sender: hpsocket.Server, conn_id: int, data: bytes) -> None:
        sender.send(conn_id, data)

with hpsocket.TcpServer(Echo()) as server:
    server.worker_thread_count = 4
    server.start("0.0.0.0", 5555)
    server.send(1, b"bytes")
"""
        self.check(program)
        for right, wrong in (("b\"bytes\"", "\"text\""), ("count = 4", "count = \"4\""), ("Echo())", "Echo)")):
            with self.subTest(wrong), self.assertRaisesRegex(AssertionError, r"program\.py:\d+: error: "):
                self.check(program.replace(right, wrong))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
