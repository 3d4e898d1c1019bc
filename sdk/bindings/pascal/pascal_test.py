#!/usr/bin/env python3
"""The Pascal binding on the C library: pascal_test.py LIBRARY ...

HPSOCKET_REQUIRE_PROGRAMS=1: fails instead of skipping where Free Pascal is missing.
"""

import pathlib
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
SDK = pathlib.Path(__file__).absolute().parents[2]  # of the runfiles
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parents[1] / "demos/common")]
sys.dont_write_bytecode = True

import demo_driver  # noqa: E402
import pascal_programs  # noqa: E402
import program_tests  # noqa: E402

LIBRARIES = demo_driver.main(2)

MISSING = pascal_programs.missing_programs()
TEMPORARY = tempfile.TemporaryDirectory()
FOLDER = pathlib.Path(TEMPORARY.name)
COMMAND = [] if MISSING else pascal_programs.build(FOLDER, HERE / "pascal_test.pas", LIBRARIES)
if COMMAND:
    ProgramTest = program_tests.cases(COMMAND)


class ProcessTest(unittest.TestCase):

    def setUp(self):
        demo_driver.require_programs(MISSING)

    def test_program_ends_while_components_run(self):
        self.assertIn("shut down\n", program_tests.run([*COMMAND, "ProgramEndsWhileComponentsRun"]))

    def test_program_ends_while_callbacks_release(self):
        program_tests.run([*COMMAND, "ProgramEndsWhileCallbacksRelease"])

    def test_the_readmes_program_compiles(self):
        source = FOLDER / "echo.pas"
        source.write_text(program_tests.block(HERE / "README.md", "pascal"), encoding="utf-8")
        pascal_programs.build(FOLDER, source, LIBRARIES)

    def test_every_declared_function_is_in_the_library(self):
        lines = [line for name in ("hpsocket4c.functions", "hpsocket4c.additions")
                 for line in (SDK / name).read_text(encoding="utf-8").splitlines()]
        names = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
        source = FOLDER / "every_function.pas"
        source.write_text("""program every_function;
{$MODE DELPHI}
uses hpsocket4c;
const Functions: array [1 .. %d] of Pointer = (@%s);
var I: Integer;
begin
  for I := 1 to High(Functions) do
    if Functions[I] = nil then Halt(1);
  WriteLn(High(Functions));
end.
""" % (len(names), ",\n  @".join(names)), encoding="utf-8")
        self.assertEqual(program_tests.run(pascal_programs.build(FOLDER, source, LIBRARIES)), "%d\n" % len(names))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
