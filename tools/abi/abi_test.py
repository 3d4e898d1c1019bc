#!/usr/bin/env python3
"""Programs of the last release go on working: abi_test.py INSTALL RELEASE DEBUG C_RELEASE C_DEBUG

HPSOCKET_REQUIRE_PROGRAMS=1: fails instead of skipping where abidw is missing.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).absolute().parent
sys.path.insert(0, str(HERE))

import abi  # noqa: E402

INSTALL, LIBRARY, DEBUG, C_LIBRARY, C_DEBUG = [os.path.abspath(argument) for argument in sys.argv[1:]]
RELEASED = HERE / "released"
UPDATE = "if it is meant and the last release did not have it: bazel run --config=opt //tools/abi:update; else raise ABI"

_SAMPLE = """\
namespace hpsocket {
enum Kind : int { ONE = 1, TWO = 2 };
struct HP_Stats { unsigned size; unsigned long calls; };
struct Listener { virtual ~Listener() = default; virtual Kind OnCall(const char* text, int* length) = 0; };
struct Base { virtual bool Start(unsigned short port) = 0; virtual void Stop() = 0; };
struct Both : Base { virtual Kind Get(HP_Stats& stats) const = 0; };
}
extern "C" {
hpsocket::Both* Create(hpsocket::Listener* listener);
void SetHandler(void (*handler)(int, const char*, void*), void* user);
hpsocket::Both* Create(hpsocket::Listener*) { return nullptr; }
void SetHandler(void (*)(int, const char*, void*), void*) {}
}
hpsocket::Kind CallsThem(hpsocket::Listener& listener) { return listener.OnCall(nullptr, nullptr); }
"""
_SAMPLE_DUMP = """\
function Create: hpsocket::Both* (hpsocket::Listener*)
function SetHandler: void (void (*)(int, const char*, void*), void*)
class hpsocket::Base size 8
  virtual 0 Start bool (unsigned short int)
  virtual 1 Stop void ()
class hpsocket::Both size 8
  base 0 hpsocket::Base
  virtual 2 Get hpsocket::Kind (hpsocket::HP_Stats&) const
class hpsocket::HP_Stats size 16
  at 0 unsigned int size
  at 8 unsigned long int calls
enum hpsocket::Kind size 4
  ONE = 1
  TWO = 2
"""


def released(name):
    return (RELEASED / name).read_text(encoding="utf-8")


def needs_abidw():
    if not shutil.which("abidw"):
        if os.environ.get("HPSOCKET_REQUIRE_PROGRAMS") == "1":
            raise AssertionError("abidw is missing; tools/bootstrap installs it (abigail-tools)")
        raise unittest.SkipTest("abidw is missing (abigail-tools)")


class Scratch(unittest.TestCase):
    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="hpsocket-abi-", dir=os.environ.get("TEST_TMPDIR")))
        self.addCleanup(shutil.rmtree, self.scratch)

    def needs_machine(self):
        of_dump = next(first for first in abi.parse(released("libhpsocket.abi")) if first.startswith("machine "))
        if "machine " + abi.machine(LIBRARY) != of_dump:
            self.skipTest("the dumps are of another " + of_dump)


class ReleasedTest(Scratch):
    """Today's libraries and what was written down of the last release's."""

    def check(self, name, *libraries):
        needs_abidw()
        self.needs_machine()
        broken, added = abi.compare(abi.parse(released(name)), abi.dump(*libraries))
        for line in added:
            print("new since the last release: " + line, flush=True)
        self.assertEqual(broken, [], UPDATE)

    def test_the_cpp_library_keeps_its_interface(self):
        self.check("libhpsocket.abi", LIBRARY, DEBUG, C_DEBUG)

    def test_the_c_library_keeps_its_interface(self):
        self.check("libhpsocket4c.abi", C_LIBRARY, C_DEBUG)

    def test_libraries_in_debug_mode_export_the_same(self):
        for library, debug in ((LIBRARY, DEBUG), (C_LIBRARY, C_DEBUG)):
            self.assertEqual(abi.exported(library), abi.exported(debug))

    def test_dumps_are_as_they_are_written(self):
        for name in ("libhpsocket.abi", "libhpsocket4c.abi"):
            entries = abi.parse(released(name))
            self.assertEqual(abi.text_of(entries), released(name))
            self.assertGreater(len([first for first in entries if first.startswith("function ")]), 40)
            self.assertEqual([first for first in entries if first.endswith(" ?")], [], "a type of which nothing is known")
        listeners = [lines for first, lines in abi.parse(released("libhpsocket.abi")).items() if "Listener size" in first]
        self.assertEqual(len(listeners), 10)
        self.assertTrue(all(listeners), "a listener without its events")


class OldProgramTest(Scratch):
    """Programs that know nothing but the last release's headers and names, on today's libraries."""

    def build(self, compiler, source, libraries, headers=RELEASED):
        """A program, linked with libraries that export what the last release's did, and have no code."""
        stubs = self.scratch / "stubs"
        stubs.mkdir()
        for name in libraries:
            code, script, soname = abi.stub(abi.parse(released("lib%s.abi" % name)))
            (stubs / "stub.c").write_text(code)
            (stubs / "stub.map").write_text(script)
            abi.run("gcc", "-shared", "-nostdlib", "-fPIC", "-Wl,-soname," + soname,
                    "-Wl,--version-script,%s" % (stubs / "stub.map"), "-o", stubs / ("lib%s.so" % name), stubs / "stub.c")
        program = self.scratch / "program"
        abi.run(*compiler, "-Wall", "-Wextra", "-Werror", "-I", headers, "-o", program, source, "-L", stubs,
                *["-l" + name for name in libraries], "-pthread")
        return program

    def run_on_todays(self, program):
        today = self.scratch / "today"
        today.mkdir()
        for library in (LIBRARY, C_LIBRARY):
            (today / os.path.basename(library)).symlink_to(os.path.realpath(library))
        return subprocess.run([str(program)], env={**os.environ, "LD_LIBRARY_PATH": str(today)}, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)

    def check(self, program, words):
        done = self.run_on_todays(program)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn(words, done.stdout)

    def test_in_cpp(self):
        self.needs_machine()
        program = self.build(["g++", "-std=c++14"], HERE / "last_release.cc", ["hpsocket"])
        self.check(program, "compiled before, answered today\n")

    def test_in_cpp_with_another_table(self):
        self.needs_machine()
        place = "class IAgentListener : public IComplexSocketListener {\n public:\n"
        text = released("HPSocket.h")
        self.assertEqual(text.count(place), 1)
        (self.scratch / "HPSocket.h").write_text(text.replace(place, place + "  virtual void OnNothing() {}\n"))
        program = self.build(["g++", "-std=c++14"], HERE / "last_release.cc", ["hpsocket"], self.scratch)
        self.assertNotEqual(self.run_on_todays(program).returncode, 0)

    def test_in_c(self):
        self.needs_machine()
        program = self.build(["gcc", "-std=c99"], HERE.parent / "install/consumer/echo.c", ["hpsocket4c"])
        self.check(program, "from C and back, by HPSocket ")

    def test_one_that_needs_what_is_gone_does_not_start(self):
        self.needs_machine()
        source = self.scratch / "gone.c"
        source.write_text("#include \"HPSocket4C.h\"\nint main(void) { return HP_GetHPSocketVersion() == 0; }\n")
        program = self.build(["gcc", "-std=c99"], source, ["hpsocket4c"])
        spoilt = program.read_bytes().replace(b"HP_GetHPSocketVersion\0", b"HP_GetHPSocketVersiom\0")
        self.assertEqual(self.run_on_todays(program).returncode, 0)
        program.write_bytes(spoilt)
        shutil.rmtree(self.scratch / "today")
        done = self.run_on_todays(program)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("HP_GetHPSocketVersiom", done.stdout)


class HeaderTest(Scratch):
    def test_flattened_headers_are_the_last_releases(self):
        # Not compared with today's: those may have more. Whoever updates wants all of them.
        for name, standard in (("HPSocket.h", ["g++", "-std=c++14"]), ("HPSocket4C.h", ["gcc", "-xc", "-std=c99"])):
            self.assertNotIn('#include "', released(name))
            self.assertNotIn("//", released(name).replace("://", ""))
            source = self.scratch / "one.c"
            source.write_text('#include "%s"\n' % name)
            abi.run(*standard, "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-I", RELEASED, source)

    def test_flattening(self):
        include = self.scratch
        (include / "b.h").write_text('// What it is.\n#pragma once\nint b;  // "b"\n')
        (include / "a.h").write_text('#include <x>\n#include "b.h"\n#include "b.h"\n/* no\n#include "c.h" */\n'
                                     'const char* url = "http://x";  // no\n\nchar quote = \'"\';\n')
        self.assertEqual(abi.flatten("a.h", include),
                         '#include <x>\n#pragma once\nint b;\nconst char* url = "http://x";\nchar quote = \'"\';\n')

    def test_todays_headers_flatten(self):
        abi.run(INSTALL, "--prefix=%s" % self.scratch, "--no-debug", "--no-static")
        text = abi.flatten("HPSocket.h", self.scratch / "include")
        for word in ("class ITcpServer ", "HP_Create_UdpCast", "struct HP_Stats", "typedef int BOOL"):
            self.assertIn(word, text)
            self.assertIn(word, released("HPSocket.h"))


class DumpTest(Scratch):
    """What a dump says, and what it would catch, on a small library."""

    def dump(self, text):
        needs_abidw()
        source, library = self.scratch / "sample.cc", self.scratch / "sample.so"
        source.write_text(text)
        abi.run("g++", "-std=c++14", "-g", "-femit-class-debug-always", "-shared", "-fPIC", "-Wl,-soname,sample.so", "-o", library, source)
        entries = abi.dump(library, library)
        # Helpers with mangled names are only there so that the compiler describes the types.
        return {first: lines for first, lines in entries.items()
                if "function _Z" not in first and not first.startswith(("machine", "soname"))}

    def changed(self, old, new):
        """(broken, added) when the sample's text changes."""
        self.assertEqual(_SAMPLE.count(old), 1)
        return abi.compare(self.dump(_SAMPLE), self.dump(_SAMPLE.replace(old, new)))

    def test_says_what_programs_rely_on(self):
        entries = self.dump(_SAMPLE)
        listener = entries.pop("class hpsocket::Listener size 8")
        self.assertEqual(abi.text_of(entries), _SAMPLE_DUMP)
        self.assertEqual([line for line in listener if "OnCall" in line],
                         ["  virtual 2 OnCall hpsocket::Kind (const char*, int*)"])

    def test_nothing_changed(self):
        self.assertEqual(abi.compare(self.dump(_SAMPLE), self.dump(_SAMPLE)), ([], []))

    def test_a_virtual_function_in_between(self):
        broken, _ = self.changed("virtual void Stop", "virtual void Wait() = 0; virtual void Stop")
        self.assertIn("class hpsocket::Base: no more: virtual 1 Stop void ()", broken)
        self.assertIn("now class hpsocket::Base: virtual 1 Wait void ()", broken)
        self.assertIn("class hpsocket::Both: no more: virtual 2 Get hpsocket::Kind (hpsocket::HP_Stats&) const", broken)

    def test_a_virtual_function_at_the_end(self):
        broken, _ = self.changed("int* length) = 0;", "int* length) = 0; virtual void OnMore() = 0;")
        self.assertEqual(broken, ["now class hpsocket::Listener: virtual 3 OnMore void ()"])

    def test_other_parameters(self):
        broken, _ = self.changed("Start(unsigned short port)", "Start(int port)")
        self.assertEqual(broken, ["class hpsocket::Base: no more: virtual 0 Start bool (unsigned short int)",
                                  "now class hpsocket::Base: virtual 0 Start bool (int)"])

    def test_a_function_that_is_gone_or_other(self):
        old = self.dump(_SAMPLE)
        function = next(first for first in old if first.startswith("function SetHandler"))
        fewer = {first: lines for first, lines in old.items() if first != function}
        self.assertEqual(abi.compare(old, fewer), (["gone: " + function], []))
        self.assertEqual(abi.compare(fewer, old), ([], [function]))
        other = {function.replace("int,", "long,") if first == function else first: old[first] for first in old}
        broken, added = abi.compare(old, other)
        self.assertEqual((len(broken), added), (1, []))
        self.assertIn("was: function SetHandler", broken[0])

    def test_values_of_enumerations_stay_and_may_become_more(self):
        self.assertEqual(self.changed("TWO = 2", "TWO = 2, THREE = 3"), ([], ["enum hpsocket::Kind: THREE = 3"]))
        broken, _ = self.changed("TWO = 2", "TWO = 3")
        self.assertIn("enum hpsocket::Kind: no more: TWO = 2", broken)
        broken, _ = self.changed("Kind : int", "Kind : short")
        self.assertIn("was: enum hpsocket::Kind size 4; is: enum hpsocket::Kind size 2", broken)

    def test_statistics_grow_at_their_end_only(self):
        self.assertEqual(self.changed("unsigned long calls;", "unsigned long calls; unsigned long more;"),
                         ([], ["class hpsocket::HP_Stats: at 16 unsigned long int more"]))
        broken, _ = self.changed("unsigned long calls;", "unsigned long more; unsigned long calls;")
        self.assertIn("class hpsocket::HP_Stats: no more: at 8 unsigned long int calls", broken)

    def test_another_soname(self):
        old = {"machine x": [], "soname a.so.1": []}
        broken, _ = abi.compare(old, {"machine x": [], "soname a.so.2": []})
        self.assertEqual(broken, ["was: soname a.so.1; is: soname a.so.2"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
