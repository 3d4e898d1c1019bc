#!/usr/bin/env python3
"""The C# binding on the C library: csharp_test.py LIBRARY ...

HPSOCKET_REQUIRE_PROGRAMS=1: fails instead of skipping where mcs or mono is missing.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parents[1] / "demos/common")]
sys.dont_write_bytecode = True

import csharp_programs  # noqa: E402
import demo_driver  # noqa: E402
import program_tests  # noqa: E402

(LIBRARY, _) = demo_driver.main(2)
os.environ["LD_LIBRARY_PATH"] = os.path.dirname(LIBRARY)

MISSING = csharp_programs.missing_programs()
FOLDER = tempfile.TemporaryDirectory()
COMMAND = [] if MISSING else csharp_programs.build(pathlib.Path(FOLDER.name), HERE / "csharp_test.cs")
if COMMAND:
    ProgramTest = program_tests.cases(COMMAND)


class ProcessTest(unittest.TestCase):

    def setUp(self):
        demo_driver.require_programs(MISSING)

    def test_process_ends_while_components_run(self):
        self.assertIn("shut down\n", program_tests.run([*COMMAND, "ProcessEndsWhileComponentsRun"]))

    def test_process_ends_after_what_callbacks_close(self):
        said = program_tests.run([*COMMAND, "ProcessEndsAfterWhatCallbacksClose"])
        self.assertEqual(said.count("shut down\n"), 3, said)

    def test_the_readmes_program_compiles(self):
        source = pathlib.Path(FOLDER.name) / "Readme.cs"
        source.write_text(program_tests.block(HERE / "README.md", "csharp"), encoding="utf-8")
        csharp_programs.build(pathlib.Path(FOLDER.name), source)

    def test_mono_is_told_how_to_be_started(self):
        # Its garbage collector would wait for ever for threads that block its signals.
        command = ["env", "--unset=MONO_THREADS_SUSPEND", *COMMAND[2:], "ProcessEndsWhileComponentsRun"]
        ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                               timeout=program_tests.PATIENCE_S)
        self.assertNotEqual(ended.returncode, 0)
        self.assertIn("MONO_THREADS_SUSPEND=coop", ended.stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
