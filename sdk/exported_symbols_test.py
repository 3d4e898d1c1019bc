#!/usr/bin/env python3
"""What libraries offer and take: exported_symbols_test.py FILE ...

libhpsocket.so exports what hpsocket.symbols lists, C++ names as they are declared; libhpsocket4c.so the functions of
hpsocket4c.functions and hpsocket4c.additions. NAME_d is the same library. In libNAME.a
nothing but HP-Socket's names may be seen. Files that end in _test are programs; together they use every C function.
"""

import pathlib
import re
import struct
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
LIBRARIES = [pathlib.Path(argument) for argument in sys.argv[1:] if not argument.endswith((".a", "_test"))]
ARCHIVES = [argument for argument in sys.argv[1:] if argument.endswith(".a")]
PROGRAMS = [argument for argument in sys.argv[1:] if argument.endswith("_test")]


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout


def name_of(library):
    return re.fullmatch(r"lib(\w+?)(?:_d)?\.so(?:\.\d+)?", library.name).group(1)


def lines_of(name):
    lines = [line.strip() for line in (HERE / name).read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def listed(name):
    if name == "hpsocket":
        return lines_of("hpsocket.symbols")
    return lines_of("hpsocket4c.functions") + lines_of("hpsocket4c.additions")


def exported(library):
    """Defined names that others can link to, without their version."""
    names = []
    for line in run("nm", "-D", "-C", "--defined-only", library).splitlines():
        _, kind, name = line.split(" ", 2)
        if (kind.isupper() and kind != "A") or kind in "iu":  # small, but for others: ifuncs, what a process has once
            names.append(re.sub(r"@@?\w+$", "", name))
    return names


def wanted(library):
    """Names that it takes from elsewhere."""
    return {re.sub(r"@.*", "", line.split()[-1]) for line in run("nm", "-D", "--undefined-only", library).splitlines()}


def bits(library):
    """Of its pointers."""
    return {1: 32, 2: 64}[library.read_bytes()[4]]


def dynamic(library, tag):
    return re.findall(r"\(%s\).*?(?:\[(.*)\]|Flags: (.*))" % tag, run("readelf", "-d", library))


class ExportedSymbolsTest(unittest.TestCase):

    # Spec: api §5.3, decisions 1.1
    def test_exactly_what_is_listed_is_exported(self):
        for library in LIBRARIES:
            with self.subTest(library.name):
                names, expected = exported(library), listed(name_of(library))
                self.assertEqual(len(expected), len(set(expected)), "a name is listed twice")
                self.assertEqual(sorted(set(names) - set(expected)), [], "exported, but not listed")
                self.assertEqual(sorted(set(expected) - set(names)), [], "listed, but not exported")

    # Spec: api §5.3, decisions 1.1
    def test_all_of_hp_sockets_c_functions_are_there(self):
        self.assertEqual(len(set(lines_of("hpsocket4c.functions"))), 227)

    def test_every_c_function_is_called_by_a_test(self):
        called = set().union(*[wanted(program) for program in PROGRAMS])
        self.assertEqual([name for name in listed("hpsocket4c") if name not in called], [])

    def test_the_c_library_takes_the_components_from_the_other(self):
        for library in LIBRARIES:
            if name_of(library) == "hpsocket4c":
                # TcpServer_Creator::Create(ITcpServerListener*)
                self.assertIn("_ZN8hpsocket17TcpServer_Creator6CreateEPNS_18ITcpServerListenerE", wanted(library))

    # Spec: decisions 7.1
    def test_memory_comes_from_the_programs_malloc(self):
        for library in LIBRARIES:
            with self.subTest(library.name):
                delete = "_ZdlPvm" if bits(library) == 64 else "_ZdlPvj"
                self.assertIn("free" if name_of(library) == "hpsocket" else delete, wanted(library))
                self.assertEqual([name for name in wanted(library) if re.search(r"^mi_|absl|io_uring", name)], [])

    def test_it_is_called_like_its_file_and_has_the_flag_to_stay(self):
        for library in LIBRARIES:
            with self.subTest(library.name):
                ((soname, _),) = dynamic(library, "SONAME")
                self.assertRegex(soname, r"^%s\.\d+$" % re.escape(library.name))
                self.assertTrue((library.parent / soname).exists())
                self.assertTrue([flags for _, flags in dynamic(library, "FLAGS_1") if "NODELETE" in flags])

    def test_it_stays_loaded_when_it_is_closed(self):
        # Hooks of it run when threads end.
        program = """if True:
            import _ctypes, ctypes, sys
            _ctypes.dlclose(ctypes.CDLL(sys.argv[1])._handle)
            sys.exit(0 if sys.argv[2] in open("/proc/self/maps").read() else "it is gone")
        """
        for library in LIBRARIES:
            if bits(library) != 8 * struct.calcsize("P"):
                self.skipTest("this Python cannot load %s" % library.name)
            with self.subTest(library.name):
                run(sys.executable, "-c", program, library, library.resolve().name)

    def test_an_archive_shows_only_our_names(self):
        for archive in ARCHIVES:
            lines = run("nm", "--defined-only", "--extern-only", archive).splitlines()
            names = [line.split()[-1] for line in lines if len(line.split()) == 3]
            self.assertIn("HP_Create_TcpServer", names)
            self.assertEqual([name for name in names if not re.match(r"HP_|SYS_|_Z.*8hpsocket|hpsocket_private", name)], [])

    def test_it_needs_the_compilers_libraries_only(self):
        for library in LIBRARIES:
            with self.subTest(library.name):
                needed = [soname for soname, _ in dynamic(library, "NEEDED")]
                allowed = r"(libstdc\+\+|libm|libgcc_s|libc|libpthread|libdl|ld-linux(-[\w-]+)?)\.so\.\d+"
                if name_of(library) == "hpsocket4c":
                    debug = "_d" if "_d." in library.name else ""
                    allowed += r"|libhpsocket%s\.so\.\d+" % debug
                self.assertEqual([soname for soname in needed if not re.fullmatch(allowed, soname)], [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
