"""A campaign counts what passed, keeps what failed, and goes on where it stopped."""

import os
import pathlib
import subprocess
import tempfile
import threading
import time
import unittest

import campaign
import mutations
import packaging
import rows
import runner

QUERY = """<?xml version="1.1" encoding="UTF-8" standalone="no"?>
<query version="2">
%s
    <rule class="cc_test" name="//core/io:other"><list name="args"/></rule>
</query>"""
RULE = """<rule class="_variant_test" name="%s:conformance_x"><list name="args">%s</list>
<label name="binary" value="%s:conformance_main"/></rule>"""

PASS = 'echo "[  PASSED  ] 3 tests."\n'
FAIL = 'echo "[  FAILED  ] Suite.Test, where it says so"\necho "  replay: HPSOCKET_SEED=7 x"\nexit 1\n'
STORM = "TEST_P(ThisStorm, Blows) { HPSOCKET_STORMS }\n"
FLOOD = "TEST_P(ThatFlood, Rises) { HPSOCKET_FLOOD }\n"
RECORDS = "TEST_P(S, KeepsEachCallTogetherX) { HPSOCKET_RECORDS }\n"


def query(*variants):
    """Bazel's answer for [(folder, arguments)]."""
    return QUERY % "".join(RULE % (folder, "".join('<string value="%s"/>' % one for one in arguments), folder)
                           for folder, arguments in variants)


class RowsTest(unittest.TestCase):
    def test_variants_are_those_of_the_build_files(self):
        found = rows.variants(query(("//a", ["--port=epoll", "--workers=4"]), ("//a", ["--port=epoll", "--workers=1"]),
                                    ("//b", ["--port=io_uring"])))
        self.assertEqual(found, {
            "//a:conformance_main": [["--port=epoll", "--workers=1"], ["--port=epoll", "--workers=4"]],
            "//b:conformance_main": [["--port=io_uring"]],
        })

    def test_every_component_and_port_has_its_rows(self):
        made = rows.rows({"//a:main": [["--port=epoll", "--send_policy=%s" % policy] for policy in ("pack", "safe")] +
                                      [["--port=io_uring", "--send_policy=pack"]],
                          "//sdk/b:main": [["--port=epoll"]]}, ["//a:a_simulated_test"])
        self.assertEqual(len({row.key for row in made}), len(made))
        targets = {row.key: row.target for row in made}
        for port in ("io_uring", "epoll"):
            self.assertEqual(targets["optimised, in a row / a / " + port], 100)
            self.assertEqual(targets["ASan + UBSan, in a row / a / " + port], 10)
            self.assertEqual(targets["TSan, in a row / a / " + port], 10)
            self.assertEqual(targets["storms / a / " + port], 1000)
            self.assertEqual(targets["records / a / %s, pack" % port], 1000000)
        many = rows.rows({"//a:main": [["--port=epoll", "--workers=%d" % count] for count in range(1, 15)]}, [])
        targets_of_many = {row.key: row.target for row in many}
        self.assertEqual(targets_of_many["TSan, in a row / a / epoll"], 14, "each variant at least once")
        self.assertEqual(targets_of_many["optimised, in a row / a / epoll"], 100)
        self.assertEqual(targets_of_many["records / a / epoll"], 14000000)
        self.assertIn("records / a / epoll, safe", targets)
        self.assertNotIn("records / a / io_uring, safe", targets)
        self.assertEqual(targets["seeds / a / simulated"], 1000)
        self.assertEqual(targets["seeds / sdk/b / simulated"], 1000)
        self.assertEqual(targets["seeds, ASan + UBSan / a / simulated"], 50)
        self.assertEqual(targets["every fallible call failed / a / simulated"], 1)

    def test_programs_of_one_folder_have_rows_of_their_own(self):
        made = rows.rows({"//a:conformance_main": [["--port=epoll"]], "//a:wire_conformance_main": [["--port=epoll"]]}, [])
        keys = [row.key for row in made]
        self.assertEqual(len(set(keys)), len(keys))
        self.assertIn("storms / a / epoll", keys)
        self.assertIn("storms / a:wire_conformance / epoll", keys)

    def test_a_row_is_made_only_where_its_test_exists(self):
        programs = {"//%s:main" % name: [["--port=epoll"]] for name in "abc"}
        texts = {"//a:main": STORM, "//b:main": FLOOD + RECORDS + STORM.replace("STORMS", "OTHERS"),
                 "//c:x_simulated_test": "TEST(S, SurvivesTheFailureOfEveryCall)",
                 "//c:y_simulated_test": "TEST(S, NoneEndsUnderLossWhileDataFlowsX) { SimulationSeeds() }"}
        made = rows.rows(programs, ["//c:x_simulated_test", "//c:y_simulated_test", "//c:z_simulated_test"], texts)
        of_some = {row.key: row for row in made if "in a row" not in row.what and not row.what.startswith("seeds")
                   or "errors" in row.what or "network" in row.what}
        self.assertEqual(set(of_some), {
            "storms / a / epoll", "flood / b / epoll", "records / b / epoll", "every fallible call failed / c / simulated",
            "seeds of a network that loses / c / simulated"})
        self.assertEqual(of_some["flood / b / epoll"].command(0)[0], {"HPSOCKET_FLOOD": "120000"})
        lossy = of_some["seeds of a network that loses / c / simulated"]
        self.assertEqual((lossy.label, lossy.target), ("//c:y_simulated_test", 1000))
        self.assertEqual(lossy.command(1)[0], {"HPSOCKET_SEEDS": "10", "HPSOCKET_FIRST_SEED": "11"})

    def test_a_programs_tests_stand_in_its_suites(self):
        rule = '<rule class="cc_x" name="%s"><list name="srcs">%s</list><list name="deps">%s</list></rule>'
        label = '<label value="%s"/>'
        found = rows.test_sources('<?xml version="1.1"?>\n<query>%s%s</query>' % (
            rule % ("//a:main", label % "//a:main.cc", label % "//a" + label % "//t:storm_suite"),
            rule % ("//t:storm_suite", label % "//t:storm.cc", "")))
        self.assertEqual(found["//a:main"], ["//a:main.cc", "//t:storm.cc"])

    def test_the_real_suites_have_what_the_rows_look_for(self):
        folder = campaign.ROOT / "testing/conformance"
        sources = {path.name: ["//testing/conformance:" + path.name] for path in folder.glob("*_suite*.cc")}
        sources["relay"] = ["//udp:udp_relay_simulated_test.cc"]
        sources["hostile"] = ["//tcp_server:tcp_server_simulated_test.cc"]
        texts = rows.test_texts(campaign.ROOT, sources)
        for name, wanted in (("datagram_reentry_suite.cc", "storms"), ("udp_lifecycle_suite.cc", "storms"),
                             ("storm_suite_server.cc", "storms"), ("storm_suite_server.cc", "idle connections"),
                             ("storm_suite_server.cc", "connections that come and go"), ("udp_flood_suite.cc", "flood"),
                             ("ordering_suite_server.cc", "records"), ("relay", "seeds of a network that loses"),
                             ("hostile", "seeds of errors everywhere")):
            made = rows.rows({name: [["--port=epoll"]]}, [name], texts)
            self.assertIn(wanted, [row.what for row in made], name)
        made = rows.rows({"//udp:main": [["--port=epoll"]]}, [], {"//udp:main": texts["udp_wire_suite.cc"]})
        self.assertEqual({row.what for row in made} & {"storms", "records", "flood"}, set())

    def test_a_million_connections_come_and_go_and_thousands_are_idle(self):
        made = rows.rows({"//a:main": [["--port=epoll"]]}, [])
        for what, variable, units in (("connections that come and go", "HPSOCKET_CYCLES", 10),
                                      ("idle connections", "HPSOCKET_IDLE", 1)):
            row = next(row for row in made if row.what == what)
            self.assertEqual(row.step * units, row.target)
            self.assertEqual(row.command(0)[0], {variable: str(row.step)})

    def test_connections_come_and_go_where_the_listener_answers(self):
        made = rows.rows({"//a:main": [["--port=epoll", "--delivery=pull"], ["--port=epoll", "--delivery=push"]]}, [])
        row = next(row for row in made if row.what == "connections that come and go")
        self.assertEqual(row.variants, [["--port=epoll", "--delivery=push"]])

    def test_storms_and_errors_are_others_in_each_unit(self):
        texts = {"//a:main": STORM, "//a:a_simulated_test": "TEST_P(S, KeepsItsPromisesInAHostileWorld) {}"}
        made = rows.rows({"//a:main": [["--port=epoll"]]}, ["//a:a_simulated_test"], texts)
        of_some = {row.what: row for row in made}
        self.assertEqual(of_some["storms"].command(1)[0]["HPSOCKET_FIRST_STORM"], "51")
        errors = of_some["seeds of errors everywhere"]
        self.assertEqual((errors.target, errors.command(2)[0]), (1000, {"HPSOCKET_SEEDS": "10", "HPSOCKET_FIRST_SEED": "21"}))

    def test_a_suite_may_have_nothing_to_run_for_a_program(self):
        with tempfile.TemporaryDirectory() as name:
            program = pathlib.Path(name, "program")
            row = rows.Row("storms", "a", "epoll", "opt", "//a:main", 1, arguments=["--gtest_filter=*Storm.*"])
            self.assertTrue(campaign.has_tests(program, row), "not built yet")
            for script, wanted in (('echo "S/Storm."; echo "  Blows/0"', True), ("exit 0", False), ("exit 3", True)):
                program.write_text('#!/bin/sh\n[ "$1 $2" = "--gtest_filter=*Storm.* --gtest_list_tests" ] || exit 0\n%s\n'
                                   % script, encoding="utf-8")
                program.chmod(0o755)
                self.assertEqual(campaign.has_tests(program, row), wanted, script)
            self.assertTrue(campaign.has_tests(program, rows.Row("in a row", "a", "epoll", "opt", "//a:main", 1)))

    def test_units_take_turns_and_seeds_go_on(self):
        made = rows.rows({"//a:main": [["--port=epoll", "--workers=1"], ["--port=epoll", "--workers=4"],
                                       ["--port=io_uring", "--workers=1"]]}, [])
        seeds = next(row for row in made if row.what == "seeds")
        self.assertEqual(seeds.variants, [["--port=simulated", "--workers=1"], ["--port=simulated", "--workers=4"]])
        self.assertEqual([seeds.command(unit)[0]["HPSOCKET_FIRST_SEED"] for unit in range(3)], ["1", "11", "21"])
        self.assertEqual([seeds.command(unit)[1][1] for unit in range(3)], ["--workers=1", "--workers=4", "--workers=1"])

    def test_the_real_tree_gives_figures(self):
        covered, every = rows.clauses(campaign.ROOT)
        self.assertTrue(0 < covered <= every)
        self.assertIn("suppressions=%s/tools/tsan.supp" % campaign.ROOT,
                      campaign.environments()["tsan"]["TSAN_OPTIONS"])
        self.assertIn("detect_leaks=1", campaign.environments()["asan"]["ASAN_OPTIONS"])


class MutationsTest(unittest.TestCase):
    def test_each_breaks_one_place_of_the_real_tree(self):
        for mutation in mutations.MUTATIONS:
            text = (campaign.ROOT / mutation.file).read_text(encoding="utf-8")
            self.assertNotEqual(mutations.applied(text, mutation), text)
        with self.assertRaisesRegex(ValueError, "2 times"):
            mutations.applied("twice twice", mutations.MUTATIONS[0]._replace(old="twice"))

    def test_a_suite_notices_only_by_a_test(self):
        self.assertEqual(mutations.verdict(0, "[ RUN      ] A.B\n[  PASSED  ] 1 test.\n"), (False, "no test"))
        self.assertEqual(mutations.verdict(1, "[ RUN      ] P/A.B/0\n[  FAILED  ] P/A.B/0, where"), (True, "P/A.B/0"))
        self.assertEqual(mutations.verdict(-6, "[ RUN      ] A.B\n"), (True, "A.B (exit code -6)"))
        self.assertFalse(mutations.verdict(2, "cannot make a network namespace")[0])


class PackagingTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.said = []
        self.commands = []
        self.make_bootstrap()

    def make_bootstrap(self, refuses="nothing"):
        path = self.root / "tools/bootstrap"
        path.parent.mkdir(exist_ok=True)
        path.write_text('#!/bin/sh\necho "$@" >>"%s"\n[ "$1" != %s ]\n' % (self.root / "installed", refuses),
                        encoding="utf-8")
        path.chmod(0o755)

    def installed(self):
        """What bootstrap was called with, in order."""
        return (self.root / "installed").read_text(encoding="utf-8").splitlines()

    def run_all(self, refused="", runs=True):
        def bazel(*arguments):
            self.commands.append(arguments)
            self.assertEqual(self.installed()[0], "--packaging", "before anything is built")
            if refused and refused in arguments:
                raise subprocess.CalledProcessError(1, "bazel")

        return packaging.run(self.root, "cache", bazel, self.said.append, lambda: runs)

    def test_runs_each_way_once(self):
        self.assertEqual(self.run_all(), 0)
        self.assertEqual([command[-1] for command in self.commands[:-1]], list(packaging.TESTS))
        self.assertEqual(self.commands[-1],
                         ("test", "--config=opt", "--disk_cache=cache", *packaging.M32_FLAGS, "--", *packaging.M32))
        self.assertEqual(self.said, ["campaign: -m32: built, and all tests passed",
                                     "campaign: packaging: 5 passed, 0 failed, 0 not proven"])

    def test_runs_the_suites_and_whole_ones(self):
        self.run_all()
        arguments = {command[-1]: command for command in self.commands}
        self.assertIn("--test_arg=--conformance", arguments["//tools/readme:module_test"])
        self.assertIn("--test_arg=--all", arguments["//tools/readme:suites_test"])

    def test_nothing_may_be_skipped(self):
        self.run_all()
        for command in self.commands:
            for what in ("IO_URING", "NETNS", "PROGRAMS"):
                self.assertIn("--test_env=HPSOCKET_REQUIRE_%s=1" % what, command)
        # Bazel gives tests what .bazelrc names; here a test's own Bazels and programs read it.
        bazelrc = (campaign.ROOT / ".bazelrc").read_text(encoding="utf-8")
        for name in (flag.split("=")[1] for flag in packaging.REQUIRED):
            self.assertIn("\ntest --test_env=%s\n" % name, bazelrc)

    def test_a_target_that_does_not_compile_hides_no_test_of_32_bits(self):
        self.run_all()
        self.assertIn("--keep_going", self.commands[-1])

    def test_installs_what_it_needs(self):
        self.run_all()
        self.assertEqual(self.installed(), ["--packaging", "--m32 --demos"])
        for options in self.installed():  # an option that it does not know comes before its help
            subprocess.run([campaign.ROOT / "tools/bootstrap", *options.split(), "--help"], check=True,
                           stdout=subprocess.DEVNULL)

    def test_what_cannot_be_installed_is_left_to_whoever_misses_it(self):
        self.make_bootstrap(refuses="--packaging")
        self.assertEqual(self.run_all(), 0)
        self.assertIn("tools/bootstrap --packaging has failed", self.said[0])
        self.assertEqual(self.said[-1], "campaign: packaging: 5 passed, 0 failed, 0 not proven")

    def test_goes_on_after_a_failure_and_says_what_failed(self):
        first = next(iter(packaging.TESTS))
        self.assertEqual(self.run_all(first), 1)
        self.assertEqual(len(self.commands), len(packaging.TESTS) + 1)
        self.assertIn(first, self.said[0])
        self.assertEqual(self.run_all("--config=m32"), 1)
        self.assertIn("--config=m32", self.said[-2])
        self.assertEqual(self.said[-1], "campaign: packaging: 4 passed, 1 failed, 0 not proven")

    def test_says_that_32_bits_were_not_run(self):
        self.assertEqual(self.run_all(runs=False), 1)  # no success
        self.assertEqual(self.commands[-1][0], "build")
        self.assertEqual(self.said, ["campaign: " + packaging.NOT_RUN,
                                     "campaign: packaging: 4 passed, 0 failed, 1 not proven"])

    def test_without_a_compiler_for_32_bits_they_have_failed(self):
        self.make_bootstrap(refuses="--m32")
        self.assertEqual(self.run_all(), 1)
        self.assertEqual(len(self.commands), len(packaging.TESTS))
        self.assertIn("--config=m32", self.said[-2])

    def test_the_patterns_name_folders_of_the_real_tree(self):
        for pattern in packaging.M32:
            self.assertTrue((campaign.ROOT / pattern.lstrip("-/").replace("/...", "")).is_dir(), pattern)


class RunnerTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.said = []

    def row(self, name, script, **kwargs):
        """A row whose program is this shell script."""
        path = self.folder / name
        path.write_text("#!/bin/sh\n" + script, encoding="utf-8")
        path.chmod(0o755)
        return rows.Row(**{"what": name, "component": "c", "port": "p", "config": "opt", "label": name, "target": 3,
                           **kwargs})

    def runner(self):
        self.state = runner.State(self.folder / "state")
        return runner.Runner(self.state, lambda row: self.folder / row.label, {"opt": {"FROM_CONFIG": "1"}},
                             self.said.append)

    def run_rows(self, *wanted, jobs=1):
        self.runner().run(wanted, time.monotonic() + 60, jobs)

    def test_counts_to_the_target_and_ends(self):
        row = self.row("good", PASS)
        self.run_rows(row)
        self.assertEqual(self.state.of(row)["done"], 3)
        self.assertTrue(self.state.complete(row))
        self.assertFalse(self.state.failed([row]))
        self.assertEqual(list((self.folder / "state/logs").iterdir()), [])

    def test_gives_a_unit_to_each_by_turns(self):
        row, other = (self.row(name, 'echo %s >>"$0.order"\n' % name + PASS) for name in ("a", "b"))
        for one in (row, other):  # both write into one file
            path = self.folder / one.label
            path.write_text(path.read_text().replace('"$0.order"', '"%s"' % (self.folder / "order")))
        self.run_rows(row, other)
        self.assertEqual((self.folder / "order").read_text().split(), ["a", "b"] * 3)

    def test_runs_several_at_once_but_no_row_twice(self):
        made = [self.row("r%d" % i, 'mkdir "$0.running" && rmdir "$0.running" || exit 1\n' + PASS) for i in range(5)]
        self.run_rows(*made, jobs=3)
        self.assertTrue(all(self.state.complete(row) for row in made))
        self.assertFalse(self.state.failed(made))

    def test_goes_on_where_it_stopped(self):
        row = self.row("good", 'echo x >>"$0.count"\n' + PASS, target=2)
        self.run_rows(row)
        row.target = 5
        self.run_rows(row)
        self.assertEqual(self.state.of(row)["done"], 5)
        self.assertEqual((self.folder / "good.count").read_text().count("x"), 5)

    def test_keeps_what_failed_and_how_to_see_it_again(self):
        bad = self.row("bad", '[ "$1" != --port=b ] || { [ "$N$FROM_CONFIG" = "2 31" ] || exit 9; %s }\n' % (
            FAIL.replace("\n", "; ")) + PASS, in_a_row=True, target=2, variants=[["--port=a"], ["--port=b"], ["--port=a"]],
                       environment={"N": "2 3"})
        self.run_rows(bad)
        entry = self.state.of(bad)
        self.assertEqual((entry["done"], entry["units"]), (2, 4), "passed, failed, then two in a row")
        self.assertTrue(self.state.failed([bad]))
        failure, = entry["failures"]
        self.assertIn("Suite.Test", failure["what"])
        self.assertIn("FAILED", pathlib.Path(failure["log"]).read_text())
        self.assertEqual(failure["replay"], "FROM_CONFIG=1 N='2 3' %s --port=b" % (self.folder / "bad"))
        self.assertEqual(failure["seed"], "HPSOCKET_SEED=7 x")
        self.assertEqual(runner.State(self.folder / "state").of(bad), entry)

    def test_a_run_without_a_test_is_no_success(self):
        row = self.row("empty", 'echo "[  PASSED  ] 0 tests."\n[ -e "$0.second" ] && %s touch "$0.second"\n' %
                       (PASS.replace("\n", ";")), target=1)
        self.run_rows(row)
        self.assertEqual([failure["what"] for failure in self.state.of(row)["failures"]], ["no test ran"])

    def test_sets_a_row_aside_that_keeps_failing(self):
        row = self.row("hopeless", FAIL)
        self.run_rows(row)
        self.assertEqual(self.state.of(row)["units"], 3)
        self.run_rows(row)
        self.assertEqual(len(self.state.of(row)["failures"]), 6)

    def test_a_skipped_run_counts_for_nothing(self):
        row = self.row("skipped", 'echo "x.cc:1: Skipped"\necho "no io_uring here"\n'
                       'echo "[  PASSED  ] 0 tests."\necho "[  SKIPPED ] 2 tests, listed below:"\n')
        self.run_rows(row)
        self.assertEqual((self.state.of(row)["done"], self.state.of(row)["skipped"]), (0, "no io_uring here"))
        self.assertFalse(self.state.failed([row]))

    def test_stops_when_it_is_told_to_and_forgets_the_running_unit(self):
        row = self.row("endless", 'touch "$0.began"\nwhile :; do sleep 1; done\n')
        work = self.runner()
        thread = threading.Thread(target=work.run, args=([row], time.monotonic() + 60))
        thread.start()
        while not (self.folder / "endless.began").exists():
            thread.join(0.01)
            self.assertTrue(thread.is_alive())
        work.stop()
        thread.join()
        self.assertEqual(self.state.of(row)["units"], 0)
        self.assertEqual(list((self.folder / "state/logs").iterdir()), [])

    def test_stops_when_the_time_is_over(self):
        row = self.row("endless", "while :; do sleep 1; done\n")
        self.runner().run([row], time.monotonic() + 0.3)
        self.assertEqual(self.state.of(row)["units"], 0)

    def test_takes_nothing_from_its_callers_environment(self):
        os.environ["HPSOCKET_SEED"] = "1"
        self.addCleanup(os.environ.pop, "HPSOCKET_SEED")
        row = self.row("clean", '[ -z "$HPSOCKET_SEED" ] || exit 1\n' + PASS)
        self.run_rows(row)
        self.assertFalse(self.state.failed([row]))

    def test_the_table_has_every_row_and_every_failure(self):
        good = self.row("good", PASS)
        bad = self.row("bad", 'if [ -e "$0.second" ]; then %s exit 0; fi\ntouch "$0.second"\n%s' %
                       (PASS.replace("\n", ";"), FAIL), target=1)
        self.run_rows(good, bad)
        text = campaign.table(self.state, [good, bad], campaign.ROOT)
        self.assertIn("| good | c | p | 3 of 3 |  | complete |", text)
        self.assertIn("| bad | c | p | 1 of 1 | 1 | complete |", text)
        self.assertIn("\n    again: FROM_CONFIG=1 %s" % (self.folder / "bad"), text)
        self.assertRegex(text, r"\| clauses with a test \| \| \| \d+ of \d+ \|")


class FingerprintTest(unittest.TestCase):
    def test_changes_with_sources_and_not_with_pages(self):
        with tempfile.TemporaryDirectory() as name:
            root = pathlib.Path(name)
            (root / "core").mkdir()
            (root / "core/a.cc").write_text("int a;\n")
            first = campaign.fingerprint(root)
            (root / "README.md").write_text("more\n")
            (root / ".git").mkdir()
            (root / ".git/a.cc").write_text("x\n")
            self.assertEqual(campaign.fingerprint(root), first)
            for path in ("core/a.cc", "core/b.h", "core/BUILD", ".bazelrc"):
                (root / path).write_text("int b;\n")
                self.assertNotEqual(campaign.fingerprint(root), first)
                first = campaign.fingerprint(root)


if __name__ == "__main__":
    unittest.main()
