"""Each check finds its bad sample and leaves the good one alone."""

import hashlib
import os
import pathlib
import re
import shutil
import tempfile
import unittest

import check
import text_checks
import tree

PUBLIC = "// Public.\n"
INTERNAL = "// Internal to core.\n"


class CheckTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        os.environ["XDG_CACHE_HOME"] = str(self.root / "cache")

    def findings(self, name, files, externals="/nonexistent"):
        """What check `name` finds in a tree of `files`, as a list of "path:line"."""
        for path, text in files.items():
            target = self.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        arguments = [externals] if name in ("headers", "thread_safety") else []
        found = list(check.CHECKS[name](tree.Tree(self.root), *arguments))
        return [re.match(r"[^:]+:\d+", finding).group(0) for finding in found]

    def need(self, tool):
        if not shutil.which(tool):
            self.skipTest("%s is missing" % tool)

    # Layering

    def test_layering_catches_an_arrow_upwards(self):
        self.assertEqual(self.findings("layering", {
            "core/base/a.h": INTERNAL + '\n#include "hpsocket/core/io/b.h"\n',
            "core/io/b.h": INTERNAL + '#include "hpsocket/core/memory/c.h"\n',
            "core/memory/c.h": INTERNAL,
        }), ["core/base/a.h:3"])

    def test_layering_catches_an_arrow_between_components(self):
        self.assertEqual(self.findings("layering", {
            "tcp_client/a.h": PUBLIC,
            "tcp_server/b.cc": '#include "hpsocket/tcp_client/a.h"\n',
            "sdk/HPSocket.h": PUBLIC + '#include "hpsocket/tcp_client/a.h"\n',
        }), ["tcp_server/b.cc:1"])

    def test_layering_lets_only_tests_of_components_use_testing(self):
        include = '#include "hpsocket/testing/harness/peer.h"\n'
        self.assertEqual(self.findings("layering", {
            "testing/harness/peer.h": INTERNAL,
            "tcp_server/a.cc": include,
            "tcp_server/a_test.cc": include,
            "tcp_server/conformance_main.cc": include,
            "core/io/a_test.cc": include,
        }), ["core/io/a_test.cc:1", "tcp_server/a.cc:1"])

    def test_layering_keeps_components_out_of_the_suites(self):
        self.assertEqual(self.findings("layering", {
            "tcp_server/a.h": PUBLIC,
            "testing/conformance/a.cc": '#include "hpsocket/tcp_server/a.h"\n',
        }), ["testing/conformance/a.cc:1"])

    def test_layering_keeps_internal_headers_out_of_public_ones(self):
        self.assertEqual(self.findings("layering", {
            "core/stream/engine.h": INTERNAL,
            "tcp_server/a.h": PUBLIC + '#include "hpsocket/core/stream/engine.h"\n#include "absl/status/status.h"\n',
            "tcp_server/a.cc": '#include "hpsocket/core/stream/engine.h"\n#include "hpsocket/core/version.h"\n',
        }), ["tcp_server/a.h:2", "tcp_server/a.h:3"])

    def test_layering_catches_a_missing_header_and_an_unknown_folder(self):
        self.assertEqual(self.findings("layering", {
            "core/base/a.cc": '// #include "hpsocket/core/base/gone.h"\n#include "hpsocket/core/base/gone.h"\n',
            "core/misc/a.cc": "",
        }), ["core/base/a.cc:2", "core/misc/a.cc:1"])

    def test_layering_keeps_wrapped_libraries_in_their_package(self):
        self.assertEqual(self.findings("layering", {
            "core/io/a.cc": "#include <liburing.h>\n",
            "core/stream/a.cc": '#include <liburing.h>\n#include "mimalloc.h"\n',
        }), ["core/stream/a.cc:1", "core/stream/a.cc:2"])

    def test_the_picture_has_no_cycle(self):
        for node in text_checks.ARROWS:
            self.assertNotIn(node, text_checks._below(node))

    # Banners, TODO

    def test_banner_wants_an_audience(self):
        self.assertEqual(self.findings("banner", {
            "core/io/bad.h": "// A port.\n",
            "core/io/empty.h": "#pragma once\n",
            "core/io/good.h": "// core/io/good.h — Internal to core.\n",
            "core/io/fake.h": "// Internal to core. Tests only.\n",
        }), ["core/io/bad.h:1", "core/io/empty.h:1"])

    def test_banner_wants_the_tags_in_order(self):
        self.assertEqual(self.findings("banner", {
            "core/io/bad.h": INTERNAL + "//\n// Owner:    me.\n// Threads:  any.\n",
            "core/io/good.h": INTERNAL + "//\n// Threads:  any.\n// Owner:    me.\n",
        }), ["core/io/bad.h:3"])

    def test_todo_wants_an_issue(self):
        self.assertEqual(self.findings("todo", {
            "core/io/a.cc": "// TODO: later\n// TODO(#12): later\nint x;  // FIXME\n",
        }), ["core/io/a.cc:1", "core/io/a.cc:3"])

    # Clauses

    def spec(self, rows, files):
        """What the check finds with these rows of the table, and the other files."""
        table = "| id | what | tests |\n|---|---|---|\n" + "".join("| %s |\n" % row for row in rows)
        return self.findings("spec", {"testing/conformance/clauses.md": table, **files})

    def test_spec_wants_a_test_for_every_clause_and_a_clause_for_every_tag(self):
        self.assertEqual(self.spec(
            ["C01 | a | A.First, A.Second", "C02 | b | A.First", "decisions 4.6 | d | ", "api §2.1 | e | A.First"], {
                "testing/conformance/a_suite.cc":
                    "// Spec: C01, api §2.1, decisions 4.5, 4.6\nTEST_P(A, First) {}\n"
                    "// Spec: C01\n// More.\nTEST(A,\n     Second) {}\n"
                    "// Spec: C09\nTEST(A, Third) {}\n// Spec: the book\nTEST(A, Fourth) {}\n",
            }), ["testing/conformance/a_suite.cc:1", "testing/conformance/a_suite.cc:7", "testing/conformance/a_suite.cc:9",
                 "testing/conformance/clauses.md:4", "testing/conformance/clauses.md:5"])

    def test_spec_excuses_no_clause(self):
        self.assertEqual(self.spec(["C03 | c | not yet", "C04 | c | "], {}),
                         ["testing/conformance/clauses.md:3", "testing/conformance/clauses.md:4"])

    def test_spec_wants_a_row_for_every_tag_in_every_folder(self):
        self.assertEqual(self.spec(["C01 | a | B.First", "api §4/1 | b | B.First"], {
            "tcp_server/b_test.cc": "// Spec: C01, api §4/1, api §4\nTEST(B, First) {}\n"
                                    "// Spec: decisions 2.9\nTEST(B, Next) {}\n",
            "core/io/port_contract_a.cc": "// Spec: api §9\nTEST_P(C, First) {}\n",
            "sdk/c_test.c": "// Spec: §7\nstatic void Check(void) {}\n",
            "sdk/d_test.py": "# Spec: §8\ndef test_it():\n    pass\n",
        }), ["core/io/port_contract_a.cc:1", "tcp_server/b_test.cc:1", "tcp_server/b_test.cc:3", "sdk/c_test.c:1",
             "sdk/d_test.py:1"])

    def test_spec_lets_a_header_name_a_whole_paragraph(self):
        self.assertEqual(self.spec(["api §6.3/1 | a | B.First", "decisions 2.4 | b | B.First", "§2.2.1 | c | B.First"], {
            "tcp_server/a.h": "// Spec: §2.2, api §6.3, decisions §2\n"
                              "// Spec: api §6, decisions 2\n// Spec: §2.3\n// Spec: api §6.30, decisions 9.9\n",
            "tcp_server/b_test.cc": "// Spec: api §6.3/1, §2.2.1, decisions 2.4\nTEST(B, First) {}\n",
        }), ["tcp_server/a.h:3", "tcp_server/a.h:4", "tcp_server/a.h:4"])

    def test_spec_finds_tags_anywhere_in_the_comment_above_a_test(self):
        self.assertEqual(self.spec(["C01 | a | B.First", "C02 | b | B.First", "C03 | c | B.First"], {
            "tcp_server/b_test.cc": "// What is more. Spec: C01\n// Spec: C02\n// Even more (Spec: C03).\n"
                                    "TYPED_TEST(B, First) {}\n",
        }), [])

    def test_spec_wants_every_tag_of_a_test_above_one(self):
        self.assertEqual(self.spec(["C01 | a | b_test, B.First, d_test.test_it"], {
            "tcp_server/b_test.cc":
                "// Spec: C01\nclass Helper {};\n// Spec: C01\nstatic_assert(true, "");\n// Spec: C01\n\n"
                "// Spec: C01\nTEST(B, First) {\n  // Spec: C01\n}\n",
            "sdk/d_test.py": "# Spec: C01\nhelper = 1\n# Spec: C01\ndef test_it():\n    pass\n",
        }), ["tcp_server/b_test.cc:1", "tcp_server/b_test.cc:5", "tcp_server/b_test.cc:9", "sdk/d_test.py:1"])

    def test_spec_wants_a_list_of_tags_to_end_on_its_line(self):
        self.assertEqual(self.spec(["C01 | a | B.First"], {
            "tcp_server/b_test.cc": "// Spec: C01,\n// C02\nTEST(B, First) {}\n",
        }), ["tcp_server/b_test.cc:1"])

    def test_spec_wants_a_clause_once_and_at_the_beginning_of_each_row(self):
        self.assertEqual(self.spec(["C01 | a | B.First", "C01 | b | B.First", "some clause | c | B.First"], {
            "tcp_server/b_test.cc": "// Spec: C01\nTEST(B, First) {}\n",
        }), ["testing/conformance/clauses.md:4", "testing/conformance/clauses.md:5"])

    def test_spec_names_the_tests_of_a_clause_wherever_they_are(self):
        self.assertEqual(self.spec(
            ["fault 8 | a | A.First, B.Second", "fault 9 | b | B.Second", "C01 | c | A.First, B.Second"], {
            "testing/conformance/a_suite.cc": "// Spec: fault 8, C01\nTEST_P(A, First) {}\n",
            "core/io/b_test.cc": "// Spec: fault 8, 9, C01\nTEST(B, Second) {}\n// Spec: fault 77\nTEST(B, Third) {}\n",
        }), ["core/io/b_test.cc:3"])

    def test_spec_knows_tests_in_python_and_programs_in_c(self):
        self.assertEqual(self.spec(["C01 | a | b_test, c_test.test_it", "C02 | b | c_test.test_it"], {
            "sdk/b_test.c": "// Spec: C01\nstatic void Check(void) {}\n",
            "sdk/c_test.py": "class C:\n    # Spec: C01, C02\n    # More.\n    def test_it(self):\n        pass\n",
        }), [])

    # Versions

    def package(self, version, entry, header="int a();\n", released=None):
        files = {
            "tcp_server/version.bzl": 'VERSION = "%s"\n\nREQUIRES_CORE = "1.0"\n' % version,
            "tcp_server/CHANGELOG.md": "# Changes\n\n## %s\n\n- All.\n\n## 0.9.0\n" % entry,
            "tcp_server/a.h": PUBLIC + header,
            "tcp_server/b.h": "// Internal to tcp_server.\n" + header,
        }
        if released is not None:
            files["tcp_server/public_headers.sum"] = released
        return files

    def released(self, version, header="int a();\n"):
        """What versions.py writes at a release."""
        digest = hashlib.sha256((PUBLIC + header).encode()).hexdigest()
        return "version %s\n%s  tcp_server/a.h\n" % (version, digest)

    def test_version_leaves_what_was_never_released_alone(self):
        self.assertEqual(self.findings("version", self.package("1.0.0", "1.0.0 (unreleased)")), [])

    def test_version_wants_a_release_written_down(self):
        self.assertEqual(self.findings("version", self.package("1.0.0", "1.0.0")), ["tcp_server/public_headers.sum:1"])
        self.assertEqual(self.findings("version", self.package("1.1.0", "1.1.0", released=self.released("1.0.0"))),
                         ["tcp_server/public_headers.sum:1"])
        self.assertEqual(self.findings("version", self.package("1.0.0", "1.0.0", released=self.released("1.0.0"))), [])

    def test_version_wants_a_bump_for_a_changed_header(self):
        changed = {"header": "int b();\n", "released": self.released("1.0.0")}
        self.assertEqual(self.findings("version", self.package("1.0.0", "1.0.0", **changed)), ["tcp_server/a.h:1"])
        self.assertEqual(self.findings("version", self.package("1.1.0", "1.1.0 (unreleased)", **changed)), [])

    def test_version_wants_a_bump_for_a_header_that_came_or_went(self):
        files = self.package("1.0.0", "1.0.0", released=self.released("1.0.0"))
        self.assertEqual(self.findings("version", {**files, "tcp_server/c.h": PUBLIC}), ["tcp_server/c.h:1"])
        (self.root / "tcp_server/c.h").unlink()
        (self.root / "tcp_server/a.h").unlink()
        self.assertEqual(self.findings("version", {}), ["tcp_server/a.h:1"])

    def test_version_and_changelog_agree_and_go_up(self):
        self.assertEqual(self.findings("version", self.package("1.1.0", "1.0.0 (unreleased)")),
                         ["tcp_server/CHANGELOG.md:1"])
        self.assertEqual(self.findings("version", self.package("1.9.0", "1.9.0 (unreleased)",
                                                               released=self.released("1.10.0"))),
                         ["tcp_server/public_headers.sum:1"])

    # Allow-lists

    def test_clock_catches_the_raw_clock(self):
        self.assertEqual(self.findings("clock", {
            "core/io/a.cc": "auto t = std::chrono::steady_clock::now();\nclock_gettime(CLOCK_MONOTONIC, &ts);\n"
                            "// steady_clock::now\nstd::chrono::steady_clock::time_point p;\nclock.now();\n",
            "tcp_server/a_test.cc": "std::this_thread::sleep_for(1s);\n",
        }), ["core/io/a.cc:1", "core/io/a.cc:2", "tcp_server/a_test.cc:1"])

    def test_syscall_catches_calls_outside_of_io_and_net(self):
        self.assertEqual(self.findings("syscall", {
            "core/io/a.cc": "int fd = socket(AF_INET, SOCK_STREAM, 0);\n",
            "core/stream/a.cc": "int fd = socket(AF_INET, SOCK_STREAM, 0);\n"
                                "::close(fd);\n"
                                "if (!x && bind(fd, a, l)) return send(fd, d, n, 0);\n"
                                "io_uring_prep_nop(sqe);\n",
        }), ["core/stream/a.cc:%d" % line for line in (1, 2, 3, 3, 4)])

    def test_syscall_lets_namesakes_be(self):
        self.assertEqual(self.findings("syscall", {
            "core/stream/a.cc": "int socket() const;\nbool send(int n);\nport.send(1);\nport->send(1);\nstd::bind(f, 1);\n"
                                "x = socket();\nchar* read(int n);\nFoo::close(1);\nresend(1);\n// send(1)\n"
                                'log("send(1)");\nstd::vector<int> recv(int n);\n',
        }), [])

    def test_heap_catches_naked_memory(self):
        self.assertEqual(self.findings("heap", {
            "core/memory/a.cc": "auto* x = new int;\n",
            "core/stream/a_test.cc": "auto* x = new int;\n",
            "core/stream/a.cc": "#include <new>\n"
                                "auto* x = new int;\n"
                                "delete x;\n"
                                "delete[] x;\n"
                                "auto* y = new (std::nothrow) int;\n"
                                "void* z = malloc(1);\n"
                                "A(const A&) = delete;\n"
                                "auto* w = new (place) int;\n"
                                "auto v = std::make_unique<int>();\n"
                                "static X& x = *new X;\n"
                                "return std::unique_ptr<X>(new X(1));\n"
                                "std::unique_ptr<X[]> xs(new (std::nothrow) X[2]);\n",
        }), ["core/stream/a.cc:%d" % line for line in (2, 3, 4, 5, 6)])

    def test_allow_list_lets_through_what_it_names(self):
        self.assertEqual(self.findings("heap", {
            "tools/check/allow.txt": "# why\n\nheap | core/io/*.cc | new | because\n",
            "core/io/a.cc": "auto* x = new int;\ndelete x;\n",
        }), ["core/io/a.cc:2"])

    def test_allow_list_has_no_dead_or_broken_entries(self):
        self.assertEqual(self.findings("clock", {
            "tools/check/allow.txt": "clock | core/io/a.cc | usleep | because\nheap | core/io/a.cc | new\n",
        }), ["tools/check/allow.txt:2", "tools/check/allow.txt:1"])

    # Tools

    def test_format_catches_what_clang_format_would_change(self):
        self.need("clang-format")
        self.assertEqual(self.findings("format", {
            ".clang-format": "BasedOnStyle: Google\n",
            "core/io/a.cc": "int  x ;\n",
            "core/io/b.cc": "int x;\n",
        }), ["core/io/a.cc:1"])

    def test_headers_catches_what_does_not_compile_alone(self):
        self.need("g++")
        self.assertEqual(self.findings("headers", {
            "core/io/bad.h": INTERNAL + "#pragma once\nstd::string x();\n",
            "core/io/good.h": INTERNAL + "#pragma once\n#include <string>\n#include \"hpsocket/core/version.h\"\n"
                                         "namespace a::b { std::string x(); }\n",
        }), ["core/io/bad.h:1"])

    def test_headers_leaves_to_the_compiler_what_a_source_includes_first(self):
        self.need("g++")
        self.assertEqual(self.findings("headers", {
            "core/io/first.h": INTERNAL + "#pragma once\nnonsense;\n",
            "core/io/first.cc": '#include "hpsocket/core/io/first.h"\n#include "hpsocket/core/io/second.h"\n',
            "core/io/second.h": INTERNAL + "#pragma once\nnonsense;\n",
            "tcp_server/public.h": PUBLIC + "#pragma once\nnamespace a::b { int x(); }\n",
            "tcp_server/public.cc": '#include "hpsocket/tcp_server/public.h"\n',
        }), ["core/io/second.h:1", "tcp_server/public.h:1"])

    def test_headers_holds_public_ones_to_cpp14_and_the_c_api_to_c(self):
        self.need("g++")
        self.assertEqual(self.findings("headers", {
            "tcp_server/bad.h": PUBLIC + "#pragma once\nnamespace a::b { int x(); }\n",
            "tcp_server/good.h": PUBLIC + "#pragma once\nnamespace a { namespace b { int x(); } }\n",
            "tcp_server/c_api.h": PUBLIC + "#pragma once\nnamespace a { int x(); }\n",
        }), ["tcp_server/bad.h:1", "tcp_server/c_api.h:1"])

    def test_thread_safety_catches_an_unguarded_access(self):
        self.need("clang++")
        lock = ("struct __attribute__((lockable)) M { void lock() __attribute__((exclusive_lock_function())); };\n"
                "struct S { M mu; int x __attribute__((guarded_by(mu))); ")
        self.assertEqual(self.findings("thread_safety", {
            "core/io/bad.cc": lock + "int F() { return x; } };\n",
            "core/io/good.cc": lock + "int F() __attribute__((exclusive_locks_required(mu))) { return x; } };\n",
        }), ["core/io/bad.cc:1"])

    def test_clean_results_are_remembered_until_something_changes(self):
        self.need("g++")
        good = {"core/io/a.h": INTERNAL + "#pragma once\n#include \"hpsocket/core/io/b.h\"\n",
                "core/io/b.h": INTERNAL + "#pragma once\n"}
        self.assertEqual(self.findings("headers", good), [])
        self.assertEqual(len(list((self.root / "cache/hpsocket/check").iterdir())), 2)
        self.assertEqual(self.findings("headers", {"core/io/b.h": INTERNAL + "nonsense;\n"}),
                         ["core/io/a.h:1", "core/io/b.h:1"])

    def test_a_missing_tool_skips_visibly(self):
        path, os.environ["PATH"] = os.environ["PATH"], "/nonexistent"
        self.addCleanup(os.environ.__setitem__, "PATH", path)
        with self.assertRaises(tree.Skip):
            self.findings("format", {"core/io/a.cc": ""})


if __name__ == "__main__":
    unittest.main()
