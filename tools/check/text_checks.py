"""Checks that read the sources: layering, banners, allow-lists, TODO. Each takes a Tree and yields findings.

A finding is "path:line: what is wrong". STYLE.md says why each rule is there.
"""

import fnmatch
import re

from tree import COMPONENTS

# Who may include whom: package -> packages right below it. What those may include is allowed, too, so the arrows of
# the picture in README.md are all there is. A package that is not named here has no place in the picture yet.
_ENGINE = ["core/engine", "core/timer"]
ARROWS = {
    "core": [],  # version.h
    "core/base": ["core"],
    "core/api": ["core/base"],
    "core/memory": ["core/base"],
    "core/net": ["core/base"],
    "core/lifecycle": ["core/api", "core/io"],
    "core/timer": ["core/base", "core/memory"],
    "core/io": ["core/memory", "core/net"],
    "core/engine": ["core/api", "core/io", "core/lifecycle"],
    "core/stream": _ENGINE,
    "core/datagram": _ENGINE,
    "core/facade": ["core/api", "core/datagram", "core/stream"],
    "core/c_api": ["core/facade"],
    **{component: ["core/c_api", "core/facade"] for component in COMPONENTS},
    "sdk": ["core/c_api", "core/facade", *COMPONENTS],
    # Testing knows HP-Socket's words, never a component: components register themselves.
    "testing/harness": ["core/api", "core/base"],
    "testing/conformance": ["core/api", "core/base", "testing/harness"],
    # Brings the simulated world under the harness, for programs whose components live in it; its own package, so that
    # harness and suites do without core/io. IDs come from a counter in core/engine, which replaying sets back.
    "testing/simulation": ["testing/harness", "core/engine", "core/io"],
    "testing/toy_server": ["core/api", "testing/harness"],
    # These two measure and pin down components, so they sit above them.
    "testing/bench": ["testing/harness", "core/facade", *COMPONENTS],
    "testing/regression": ["testing/harness", "core/facade", *COMPONENTS],
}

# Libraries that one package wraps for all others; the benchmark's bare loop is what the wrapping is measured against.
WRAPPED = {"liburing.h": ["core/io", "testing/bench"], "mimalloc.h": ["core/memory"]}


def _node(package):
    """The entry of ARROWS that a package belongs to: itself or the nearest folder above it."""
    while package and package not in ARROWS:
        package = package.rpartition("/")[0]
    return package


def _below(node, seen=None):
    seen = set() if seen is None else seen
    for lower in ARROWS.get(node, []):
        if lower not in seen:
            seen.add(lower)
            _below(lower, seen)
    return seen


def layering(tree):
    """The include graph follows the arrows; public headers show public headers only."""
    for source in tree:
        node = _node(source.package)
        if not node or (node == "core" and source.package != "core"):
            yield "%s:1: folder %s has no place in the layers (tools/check/text_checks.py)" % (source.path, source.package)
            continue
        allowed = _below(node) | {node}
        if source.is_test and node in (*COMPONENTS, "sdk"):
            allowed |= {"testing/conformance", "testing/harness", "testing/simulation"} | _below("testing/harness")
        for line, include in source.includes:
            where = "%s:%d: " % (source.path, line)
            owners = WRAPPED.get(include)
            if owners and node not in owners:
                yield where + "%s is for %s only" % (include, owners[0])
            target = tree.resolve(include)
            if not target:
                if source.is_public and include.startswith("absl/"):
                    yield where + "a public header includes abseil"
                continue
            if target not in tree.sources and not target.endswith("/version.h"):
                yield where + "no such header: %s" % include
                continue
            below = _node(target.rpartition("/")[0])
            if below not in allowed:
                yield where + "%s may not include %s" % (node, below)
            elif source.is_public and target in tree.sources and not tree.sources[target].is_public:
                yield where + "a public header includes the internal %s" % target


TAGS = ["Threads", "Owner", "Lifetime", "Order", "Errors", "Units"]
_AUDIENCE = re.compile(r"^(?:\S+ — )?(Public|Internal to [\w/, -]+)\.( Tests only\.)?$")
_TAG = re.compile(r"^(%s):" % "|".join(TAGS))


def banner(tree):
    """Each header's first comment says whom it is for, then its contract tags in their order."""
    for source in tree.headers():
        lines = source.banner
        if not lines or not _AUDIENCE.match(lines[0]):
            yield '%s:1: the first comment line must be "// Public." or "// Internal to core." (STYLE.md)' % source.path
            continue
        found = [(number, match.group(1)) for number, line in enumerate(lines, 1) for match in [_TAG.match(line)] if match]
        order = [TAGS.index(tag) for _, tag in found]
        if order != sorted(set(order)):
            yield "%s:%d: tags come once each, in this order: %s" % (source.path, found[0][0], ", ".join(TAGS))


_TODO = re.compile(r"\b(TODO|FIXME|XXX)\b(?!\(#\d+\))")


def todo(tree):
    """Work left to do has an issue: TODO(#12)."""
    for source in tree:
        for number, line in enumerate(source.text.splitlines(), 1):
            match = _TODO.search(line)
            if match:
                yield "%s:%d: %s without an issue; write TODO(#number)" % (source.path, number, match.group(1))


_BEFORE_CALL = ("return", "else", "do", "throw", "case", "and", "or", "not", "co_return", "co_await")


def _calls(code, names):
    """Calls of free functions: not of members, not of names in a namespace, not declarations; they have arguments."""
    for match in re.finditer(r"(::)?\b(?:%s)\s*\((?!\s*\))" % names, code):
        before = code[max(0, match.start() - 200):match.start()]
        attached = before[-1:]
        if attached in (".", ":", ">") or attached.isalnum() or attached == "_":
            continue  # x.send(  x->send(  x::send(  resend(
        before = before.rstrip()
        word = re.search(r"\w*$", before).group(0)
        declared = word and word not in _BEFORE_CALL or re.search(r"[\w>][*&>]$", before)
        if match.group(1) or not declared:  # int send(  char* send(  std::vector<int> send(
            yield match.start(), match.group(0).rstrip("( \n\t").lstrip(":")


_CLOCKS = re.compile(
    r"\b(?:(?:steady|system|high_resolution)_clock::now|system_clock|clock_gettime|gettimeofday|"
    r"sleep_for|sleep_until|nanosleep|usleep|absl::Now|GetCurrentTimeNanos)\b")
_SYSTEM_CALLS = (
    r"socket|socketpair|bind|listen|accept4?|connect|send|sendto|sendmsg|sendmmsg|recv|recvfrom|recvmsg|recvmmsg|"
    r"[gs]etsockopt|getsockname|getpeername|shutdown|p?poll|p?select|epoll_\w+|io_uring_\w+|eventfd\w*|timerfd_\w+|"
    r"signalfd|pipe2?|dup[23]?|ioctl|fcntl|close|read|readv|write|writev|splice|sendfile|syscall")
_HEAP_CALLS = r"malloc|calloc|realloc|free|aligned_alloc|posix_memalign|strdup"
_NEW = re.compile(r"\bnew\b(?!\s*\((?!\s*std::nothrow))|\bdelete\b")  # new (place) T makes no memory

# A static that is never destroyed, since threads may outlive main(); and what a unique_ptr owns at once.
_OWNED = re.compile(r"\bstatic\b.*=\s*\*?\s*$|\bunique_ptr<.*>\s*\w*\s*[({]\s*$", re.DOTALL)


def _clock_uses(source):
    for match in _CLOCKS.finditer(source.code):
        yield match.start(), match.group(0)
    yield from _calls(source.code, "sleep|time")


def _system_calls(source):
    if source.package not in ("core/io", "core/net"):
        yield from _calls(source.code, _SYSTEM_CALLS)


def _heap_uses(source):
    if source.package == "core/memory" or source.is_test:  # tests free things too early on purpose
        return
    code = re.sub(r"^[ \t]*#[^\n]*", lambda m: " " * len(m.group(0)), source.code, flags=re.MULTILINE)  # #include <new>
    for match in _NEW.finditer(code):
        before = code[:match.start()]
        statement = re.search(r"[^;{}]*$", before).group(0)
        owned = match.group(0) == "new" and _OWNED.search(statement)
        deleted = match.group(0) == "delete" and statement.rstrip().endswith("=")  # = delete
        if not owned and not deleted:
            yield match.start(), match.group(0)
    yield from _calls(source.code, _HEAP_CALLS)


ALLOW_FILE = "tools/check/allow.txt"
_RULES = {
    "clock": (_clock_uses, "time comes from core/base/clock.h, so that the simulated world can stop it"),
    "syscall": (_system_calls, "system calls live in core/io and core/net"),
    "heap": (_heap_uses, "memory comes from core/memory or std containers and smart pointers"),
}


def _allowed(tree):
    """allow.txt as a list [rule, path pattern, name pattern, line], and what is wrong with it."""
    entries, problems = [], []
    path = tree.root / ALLOW_FILE
    for number, line in enumerate(path.read_text().splitlines() if path.exists() else [], 1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = [field.strip() for field in line.split("|")]
        if len(fields) != 4 or fields[0] not in _RULES or not all(fields):
            problems.append('%s:%d: an entry is "rule | path | name | reason"' % (ALLOW_FILE, number))
        else:
            entries.append([*fields[:3], number])
    return entries, problems


def _allow_list(rule):
    uses, reason = _RULES[rule]

    def check(tree):
        entries, problems = _allowed(tree)
        if rule == min(_RULES):
            yield from problems
        entries = [entry for entry in entries if entry[0] == rule]
        used = set()
        for source in tree:
            for offset, name in uses(source):
                for _, path, what, number in entries:
                    if fnmatch.fnmatchcase(source.path, path) and fnmatch.fnmatchcase(name, what):
                        used.add(number)
                        break
                else:
                    yield "%s:%d: %s: %s, or an entry in %s" % (source.path, source.line_of(offset), name, reason, ALLOW_FILE)
        for _, path, what, number in entries:
            if number not in used:
                yield "%s:%d: nothing needs this entry any more (%s, %s)" % (ALLOW_FILE, number, path, what)

    check.__doc__ = "%s (exceptions: %s)" % (reason, ALLOW_FILE)
    return check


clock = _allow_list("clock")
syscall = _allow_list("syscall")
heap = _allow_list("heap")
