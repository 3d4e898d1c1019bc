"""Checks that run a tool over the sources: clang-format, headers alone, clang's thread-safety analysis."""

import collections
import concurrent.futures
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from tree import COMPONENTS, Skip

CLANG_FORMAT_MAJOR = 14  # versions disagree about details; this is Debian 12's


def format(tree):  # noqa: A001 - the check's name
    """Every source is as clang-format leaves it."""
    tool = shutil.which("clang-format-%d" % CLANG_FORMAT_MAJOR) or shutil.which("clang-format")
    if not tool:
        raise Skip("clang-format is missing; tools/bootstrap installs it")
    version = subprocess.run([tool, "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout
    if not re.search(r"version %d\." % CLANG_FORMAT_MAJOR, version):
        raise Skip("clang-format is not version %d: %s" % (CLANG_FORMAT_MAJOR, version.strip()))
    paths = sorted(tree.sources)
    if not paths:
        return
    result = subprocess.run([tool, "--dry-run", "-Werror", *paths], cwd=tree.root, stderr=subprocess.PIPE, text=True)
    for path in sorted(set(re.findall(r"^(\S+?):\d+:\d+: error:", result.stderr, re.MULTILINE))):
        yield "%s:1: not formatted; run: clang-format -i %s" % (path, path)


class Compiler:
    """Runs a compiler over many inputs at once, and remembers in the user's cache what was clean.

    An entry is the hash of the command, the compiler's version and every file of ours that the input includes.
    """

    def __init__(self, tree, externals):
        self._tree = tree
        self._work = tempfile.TemporaryDirectory()
        include = pathlib.Path(self._work.name)
        # "hpsocket/core/io/x.h" as Bazel lays it out, and the version.h that Bazel generates.
        (include / "hpsocket").symlink_to(tree.root.resolve())
        for folder in ("core", *COMPONENTS):
            generated = include / "generated" / "hpsocket" / folder / "version.h"
            generated.parent.mkdir(parents=True, exist_ok=True)
            generated.write_text("#pragma once\n#define HPSOCKET_%s_VERSION 10000\nnamespace hpsocket {\nnamespace %s {\n"
                                 'constexpr char kVersion[] = "1.0.0";\n}\n}\n' % (folder.upper(), folder))
        self._flags = ["-I%s" % include, "-I%s" % (include / "generated"), "-I%s" % (tree.root / "sdk")]
        for external in ("com_google_absl", "mimalloc/include"):
            self._flags += ["-isystem", os.path.join(externals, external)]
        home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
        self._cache = pathlib.Path(home) / "hpsocket" / "check"
        self._versions = {}

    def prepare(self, command, lines):
        """Has `command` read what `lines` include once for all inputs (clang's precompiled header)."""
        prefix = pathlib.Path(self._work.name) / "prefix.h"
        prefix.write_text("".join(lines))
        subprocess.run([*command, *self._flags, "-x", "c++-header", prefix, "-o", "%s.pch" % prefix], check=True)
        self._flags += ["-include-pch", "%s.pch" % prefix]

    def _key(self, path, command):
        if command[0] not in self._versions:
            self._versions[command[0]] = subprocess.run(
                [command[0], "--version"], stdout=subprocess.PIPE, check=True).stdout
        digest = hashlib.sha256(self._versions[command[0]] + repr(command).encode())
        for name in sorted(self._tree.closure(path)):
            digest.update(name.encode() + b"\0" + self._tree.sources[name].text.encode())
        return digest.hexdigest()

    def _compile(self, job):
        path, command, stdin = job
        stamp = self._cache / self._key(path, command)
        if stamp.exists():
            return None
        result = subprocess.run([*command, *self._flags, "-fsyntax-only"] + (["-"] if stdin else []), input=stdin,
                                cwd=self._tree.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if result.returncode != 0:
            wanted = [line for line in result.stdout.splitlines() if "error" in line] or result.stdout.splitlines()
            return "%s:1: %s: %s" % (path, " ".join(command), "\n    ".join(wanted[:4]))
        try:
            self._cache.mkdir(parents=True, exist_ok=True)
            stamp.touch()
        except OSError:
            pass  # only slower
        return None

    def run(self, jobs):
        with self._work, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            yield from filter(None, pool.map(self._compile, jobs))


def _need(tool):
    if not shutil.which(tool):
        raise Skip("%s is missing; tools/bootstrap installs it" % tool)
    return tool


_SHARED_BY = 5  # sources, at least, for which a header is precompiled

_C_HEADERS = ("c_api.h", "c_types.h", "HPSocket4C.h")


def headers(tree, externals):
    """Each header compiles alone; public ones as C++14 too, those of the C API as C11.

    As C++20 those that are a source's first include need no look here: they compile alone where that source compiles.
    """
    gxx = _need("g++")
    first = {tree.resolve(source.includes[0][1]) for source in tree if source.path.endswith(".cc") and source.includes}
    jobs = []
    for source in tree.headers():
        stdin = '#include "%s"\n' % ("hpsocket/" + source.path)
        languages = [] if source.path in first else [["-x", "c++", "-std=c++20"]]
        if source.is_public:
            languages.append(["-x", "c++", "-std=c++14", "-Wall", "-Wextra", "-pedantic", "-Werror"])
        if source.path.rpartition("/")[2] in _C_HEADERS:
            languages.append(["-x", "c", "-std=c11", "-Wall", "-Wextra", "-pedantic", "-Werror"])
        jobs += [(source.path, [gxx, *flags], stdin) for flags in languages]
    yield from Compiler(tree, externals).run(jobs)


def thread_safety(tree, externals):
    """clang's thread-safety analysis: what ABSL_GUARDED_BY promises is kept."""
    clang = _need("clang++")
    command = [clang, "-std=c++20", "-Wno-everything", "-Wthread-safety", "-Werror"]
    sources = [source for source in tree if source.path.endswith(".cc") and not source.is_test and
               source.path.startswith(("core/", *COMPONENTS))]
    compiler = Compiler(tree, externals)
    # Most of the time goes into headers that are not ours; those that several sources use are read once.
    foreign = collections.Counter(
        line for source in tree if source.path.startswith(("core/", *COMPONENTS))
        for line in re.findall(r'^#include (?:<[a-z_]+>|"absl/.*")\n', source.text, re.MULTILINE))
    compiler.prepare(command, sorted(line for line, count in foreign.items() if count >= _SHARED_BY))
    yield from compiler.run([(source.path, [*command, source.path], None) for source in sources])
