#!/usr/bin/env python3
"""The Java binding on the C library: java_test.py LIBRARY ...

HPSOCKET_REQUIRE_PROGRAMS=1: fails instead of skipping where the JDK or JNA is missing.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = pathlib.Path(__file__).parents[3]  # of the runfiles, where the headers are
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "demos/common")]
sys.dont_write_bytecode = True

import demo_driver  # noqa: E402
import java_programs  # noqa: E402

(LIBRARY, _) = demo_driver.main(2)
os.environ["HPSOCKET4C_LIBRARY"] = LIBRARY
PATIENCE_S = 240

HEADERS = ("cast/c_api.h", "core/api/c_types.h", "core/c_api/c_api.h", "core/c_api/helpers.h", "tcp_agent/c_api.h",
           "tcp_client/c_api.h", "tcp_server/c_api.h", "udp/c_api.h")
TYPES = {
    "void": "void", "BOOL": "boolean", "int": "int", "long": "long", "DWORD": "int", "USHORT": "short", "SOCKET": "int",
    "uint64_t": "long", "UINT_PTR": "long", "HP_CONNID": "long", "LPCTSTR": "String", "PVOID": "Pointer",
    "void*": "Pointer", "LPVOID": "byte[]", "LPDWORD": "int[]", "TCHAR*": "byte[]", "BYTE*": "byte[]",
    "const BYTE*": "byte[]", "const BYTE**": "long[]", "int*": "int[]", "BOOL*": "int[]", "DWORD*": "int[]",
    "USHORT*": "short[]", "HP_CONNID*": "long[]", "PVOID*": "long[]", "unsigned long*": "long[]",
    "const WSABUF*": "Pointer", "const LPWSABUF": "Pointer", "HP_Stats*": "byte[]",
    "HP_LogHandler": "void(int,String,Pointer)",
}
# Besides the array that its declaration asks for: the bytes at an address.
ALSO_BY_ADDRESS = ("HP_Server_Send", "HP_Agent_Send", "HP_Client_Send")


class CHeaders:
    """The C headers, in Java's words."""

    def __init__(self):
        text = "".join((ROOT / header).read_text(encoding="utf-8") for header in HEADERS)
        text = re.sub(r"//[^\n]*", "", text)
        self._callbacks = {
            name: (result, self._parameters(parameters)) for result, name, parameters in
            re.findall(r"^typedef (\w+)\(__stdcall\* ?(\w+)\)\(([^)]*)\);", text, re.MULTILINE)}
        self.functions = {
            name: "%s(%s)" % (self._type(result), ",".join(map(self._type, self._parameters(parameters))))
            for result, name, parameters in
            re.findall(r"^HPSOCKET_API (\w+) __stdcall (\w+)\(([^)]*)\);", text, re.MULTILINE)}
        self.enumerations = {}
        for name, body in re.findall(r"^typedef enum (\w+) \{(.*?)\}", text, re.MULTILINE | re.DOTALL):
            names = {}
            for enumerator, number in re.findall(r"HP_[A-Z]{2}_(\w+) = (\d+),", body):
                names.setdefault(int(number), enumerator)  # what comes later is another spelling
            self.enumerations[name] = [names[number] for number in range(len(names))]
        stats = re.search(r"^typedef struct HP_Stats \{(.*?)\}", text, re.MULTILINE | re.DOTALL).group(1)
        self.figures = re.findall(r"uint64_t (\w+);", stats)

    @staticmethod
    def _parameters(text):
        types = []
        for parameter in re.sub(r"\s+", " ", text).split(","):
            match = re.fullmatch(r"(.*?[ *])(\w+)(\[\])?", parameter.strip())
            if match:
                types.append(match.group(1).strip() + ("*" if match.group(3) else ""))
        return types

    def _type(self, name):
        if name in self._callbacks:
            result, parameters = self._callbacks[name]
            # A client's handle stands where others have an ID; data is shown, not copied.
            return "%s(%s)" % (self._type(result), ",".join(
                {"HP_Client": "long", "const BYTE*": "Pointer"}.get(parameter) or self._type(parameter)
                for parameter in parameters))
        if name in TYPES:
            return TYPES[name]
        return "int" if name.startswith("En_HP_") else "Pointer"  # a handle


class JavaTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        demo_driver.require_programs(java_programs.missing_programs())
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        java_programs.build(cls.folder, *sorted((HERE / "test/hpsocket").glob("*.java")))

    def run_java(self, *arguments):
        done = subprocess.run([*java_programs.java(self.folder), "hpsocket.BindingTest", *arguments],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
                              timeout=PATIENCE_S, check=False)
        return done.returncode, done.stdout, done.stderr

    def test_binding(self):
        code, output, errors = self.run_java()
        print(output)
        self.assertEqual(code, 0, output + errors)
        # As many as there are, so that none is lost on the way.
        written = sum(len(re.findall(r"^  static void test\w+\(", source.read_text(encoding="utf-8"), re.MULTILINE))
                      for source in (HERE / "test/hpsocket").glob("*.java"))
        self.assertEqual(len(re.findall("^ok test", output, re.MULTILINE)), written)

    def test_java_ends_while_components_run(self):
        code, output, errors = self.run_java("end")
        self.assertEqual((code, output), (0, "end\nshut down\n"), errors)

    def test_java_may_be_ended_in_a_callback(self):
        code, _, errors = self.run_java("exit")
        self.assertEqual(code, 3, errors)

    def test_program_of_the_readme_compiles(self):
        readme = (HERE / "README.md").read_text(encoding="utf-8")
        (program,) = re.findall(r"^```java\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
        (self.folder / "Echo.java").write_text(program, encoding="utf-8")
        java_programs.run(["javac", "-classpath", self.folder / "hpsocket.jar", "-d", self.folder / "readme",
                           self.folder / "Echo.java"])

    def test_declarations_are_those_of_the_c_headers(self):
        code, output, errors = self.run_java("describe")
        self.assertEqual(code, 0, errors)
        headers = CHeaders()
        self.assertGreater(len(headers.functions), 330)
        declared = re.findall(r"^function (\w+) (.*)$", output, re.MULTILINE)
        by_address = {(name, headers.functions[name].replace("byte[]", "Pointer")) for name in ALSO_BY_ADDRESS}
        self.assertEqual(sorted(declared), sorted({*headers.functions.items(), *by_address}))

        enumerations = re.findall(r"^enum (\w+) (.*)$", output, re.MULTILINE)
        self.assertEqual({name: words.split() for name, words in enumerations}, headers.enumerations)

        size = int(re.search(r"^size (\d+)$", output, re.MULTILINE).group(1))
        figures = re.findall(r"^figure (\d+) get(\w+)$", output, re.MULTILINE)
        self.assertEqual(size, 8 + 8 * len(headers.figures))
        self.assertEqual({int(place): name for place, name in figures},
                         {8 + 8 * number: "".join(word.capitalize() for word in figure.split("_"))
                          for number, figure in enumerate(headers.figures)})


if __name__ == "__main__":
    unittest.main()
