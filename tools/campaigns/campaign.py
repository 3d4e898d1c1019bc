"""tools/campaign: what takes too long for every change.

Each run goes on where the last one stopped, as long as no source has changed: results lie in
${XDG_CACHE_HOME:-~/.cache}/hpsocket/campaign, in a folder per state of the sources. A row that failed keeps its log there;
the table names the command that repeats it. Exit code 0 only if nothing has failed.
"""

import argparse
import hashlib
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time

import mutations
import packaging
import rows
import runner

ROOT = pathlib.Path(__file__).resolve().parents[2]
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")) / "hpsocket"
_SOURCES = re.compile(r"(\.(h|cc|c|bzl|bazel|bazelrc)|/BUILD|/WORKSPACE|/tsan\.supp)$")


def bazel(*arguments, **kwargs):
    """Runs Bazel, or what the environment's BAZEL says instead."""
    return subprocess.run([*shlex.split(os.environ.get("BAZEL", "bazel")), *arguments], cwd=ROOT, check=True, **kwargs)


def answer(*arguments):
    return bazel(*arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode("utf-8").strip()


def fingerprint(root):
    """A name for the state of everything that is compiled; pages do not count."""
    digest = hashlib.sha256()
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "bazel-", "__")))
        for name in sorted(names):
            path = pathlib.Path(folder, name)
            if _SOURCES.search(path.as_posix()):
                digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def sanitizer_environment(config):
    """What .bazelrc gives to the tests of this configuration."""
    text = (ROOT / ".bazelrc").read_text(encoding="utf-8")
    found = dict(re.findall(r"^test:%s --test_env=(\w+)=(\S+)$" % config, text, re.MULTILINE))
    supp = "suppressions=%s/" % ROOT
    return {name: value.replace("suppressions=", supp) for name, value in found.items()}


def environments():
    nothing_missing = {"HPSOCKET_REQUIRE_NETNS": "1", "HPSOCKET_REQUIRE_IO_URING": "1"}  # a skipped test is no result
    return {config: {**nothing_missing, **sanitizer_environment(config)} for config in rows.CONFIGS}


def all_rows():
    programs = rows.variants(answer("query", "--output=xml", "tests(//:conformance)"))
    simulated = answer("query", 'filter("_simulated_test$", //...)').split()
    suites = 'filter("_suite$", //testing/conformance:all)'
    sources = rows.test_sources(answer("query", "--output=xml", " + ".join([*programs, *simulated, suites])))
    return rows.rows(programs, simulated, rows.test_texts(ROOT, sources))


def binary(folder, row):
    return folder / "bin" / row.config / row.label[2:].replace("/", "_").replace(":", "_")


def build(folder, wanted, deadline):
    """Builds what the rows need, once per configuration, and copies it: Bazel's own output is overwritten."""
    for config in rows.CONFIGS:
        missing = {row.label: row for row in wanted if row.config == config and not binary(folder, row).exists()}
        if not missing:
            continue
        if time.monotonic() > deadline:
            return
        flags = ["--config=" + config]
        print("campaign: building, %s: %s" % (rows.CONFIGS[config], " ".join(missing)), flush=True)
        try:
            bazel("build", "--disk_cache=%s" % CACHE, "--noshow_progress", *flags, *missing)
        except subprocess.CalledProcessError:
            sys.exit("campaign: it does not build")
        output = pathlib.Path(answer("info", *flags, "bazel-bin"))
        for label, row in missing.items():
            target = binary(folder, row)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(output / label[2:].replace(":", "/"), target.with_suffix(".new"))
            target.with_suffix(".new").chmod(0o755)
            target.with_suffix(".new").replace(target)


def has_tests(program, row):
    """Whether the program runs any test for this row: a suite that it has may have nothing to run for it."""
    if not row.arguments or not program.exists():
        return True  # all of its tests; or nobody knows yet
    listed = subprocess.run([program, *row.variants[0], *row.arguments, "--gtest_list_tests"], stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, check=False)
    return listed.returncode != 0 or re.search(rb"^  \S", listed.stdout, re.MULTILINE) is not None


def table(state, wanted, root):
    lines = ["| what | component | port | done | failed | |", "|---|---|---|---|---|---|"]
    failures = []
    for row in wanted:
        entry = state.of(row)
        note = "complete" if state.complete(row) else entry["skipped"] and "skipped: " + entry["skipped"]
        lines.append("| %s | %s | %s | %d of %d | %s | %s |" % (
            row.what, row.component, row.port, entry["done"], row.target, len(entry["failures"]) or "", note))
        failures += [(row, failure) for failure in entry["failures"]]
    covered, clauses = rows.clauses(root)
    lines.append("| clauses with a test | | | %d of %d | | %s |" % (covered, clauses,
                                                                    "complete" if covered == clauses else ""))
    for row, failure in failures:
        lines += ["", "FAILED %s: %s" % (row.key, failure["what"]), "    log:   " + failure["log"],
                  "    again: " + failure["replay"]]
        if "seed" in failure:
            lines.append("    seed:  " + failure["seed"])
    return "\n".join(lines) + "\n"


def drop_other_binaries(folder):
    """Programs of sources that are no more; their results stay."""
    for other in folder.parent.glob("*/bin"):
        if other.parent != folder:
            shutil.rmtree(other, ignore_errors=True)


def main(arguments):
    parser = argparse.ArgumentParser(prog="tools/campaign", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("minutes", metavar="MINUTES", nargs="?", type=float, help="how long to go on; Ctrl-C ends it sooner")
    parser.add_argument("--table", action="store_true", help="print what has been found out so far, in Markdown")
    parser.add_argument("--only", default="", metavar="REGEX", help="rows whose 'what / component / port' matches")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="units at once (default 1)")
    parser.add_argument("--mutations", action="store_true",
                        help="instead: break a clause at a time and see a suite fail; --only chooses by what is broken")
    parser.add_argument("--packaging", action="store_true", help="instead: build it the other ways; root, a Debian mirror")
    options = parser.parse_args(arguments)
    if options.packaging:
        return 1 if packaging.run(ROOT, CACHE, bazel, lambda line: print(line, flush=True)) else 0
    if options.mutations:
        return 1 if mutations.run(ROOT, CACHE, options.only, lambda line: print(line, flush=True)) else 0
    if options.minutes is None and not options.table:
        parser.error("MINUTES, --table, --mutations or --packaging")
    folder = CACHE / "campaign" / fingerprint(ROOT)
    state = runner.State(folder)
    wanted = [row for row in all_rows() if re.search(options.only, row.key)]
    deadline = time.monotonic() + (options.minutes or 0) * 60
    if options.minutes is not None:
        prepare(folder, wanted, deadline)
    wanted = [row for row in wanted if has_tests(binary(folder, row), row)]
    if options.minutes is not None:
        run(folder, state, wanted, deadline, options.jobs)
    text = table(state, wanted, ROOT)
    if not options.only and folder.exists():
        (folder / "table.md").write_text(text, encoding="utf-8")
    print(text, end="")
    return 1 if state.failed(wanted) else 0


def prepare(folder, wanted, deadline):
    """Builds what the rows run."""
    print("campaign: %d rows, results in %s" % (len(wanted), folder), flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    drop_other_binaries(folder)
    build(folder, wanted, deadline)
    if CACHE / "campaign" / fingerprint(ROOT) != folder:
        shutil.rmtree(folder / "bin", ignore_errors=True)
        sys.exit("campaign: the sources have changed while they were built; start it again")


def run(folder, state, wanted, deadline, jobs):
    work = runner.Runner(state, lambda row: binary(folder, row), environments(),
                         lambda line: print("[%3.0f min left] %s" % ((deadline - time.monotonic()) / 60, line), flush=True))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, work.stop)
    work.run([row for row in wanted if binary(folder, row).exists()], deadline, jobs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
