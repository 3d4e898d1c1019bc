"""Which tests a conformance program runs, and what they ask the environment for: told by the sources."""

import fnmatch
import functools
import pathlib
import re

_KINDS = r"(?:Tcp|Udp)(?:Server|Agent|Client|Cast)"


def _kinds(text):
    """The kinds of components in `Push...Servers()` and the like."""
    found = set(re.findall("(%s)s\\(" % _KINDS, text))
    return found | {"TcpServer", "TcpAgent"} if "TcpComplexes(" in text else found


def _rule(text, kind, name):
    """The rule of a BUILD file."""
    return re.search(r'^%s\(\n    name = "%s",\n(?:.*\n)*?\)$' % (kind, re.escape(name)), text, re.MULTILINE).group(0)


def _strings(rule, attribute):
    found = re.search(r"\b%s = (\[[^\]]*\]|\"[^\"]*\")" % attribute, rule)
    return re.findall(r'"([^"]*)"', found.group(1)) if found else []


def _tests_of(path, registered):
    """[(full name, body)] of a suite's tests that run for one of the registered kinds."""
    text = path.read_text(encoding="utf-8")
    found = re.findall(r"INSTANTIATE_TEST_SUITE_P\(\s*\w+,\s*(\w+),(.*?)\);", text, re.DOTALL)
    # A function of the file's own says for what: somewhere in it.
    fixtures = {fixture: _kinds(values) or _kinds(text) for fixture, values in found}
    parts = re.split(r"^TEST_P\((\w+), (\w+)\)", text, flags=re.MULTILINE)
    return [("Conformance/%s.%s/0" % (fixture, name), body)
            for fixture, name, body in zip(parts[1::3], parts[2::3], parts[3::3])
            if fixtures.get(fixture, set()) & registered]


@functools.lru_cache(maxsize=None)
def tests(root, label):
    """[(full name, body)] of all tests of the conformance program with this label."""
    folder, _, program = label[2:].partition(":")
    build = pathlib.Path(root, folder, "BUILD").read_text(encoding="utf-8")
    rule = _rule(build, "hp_conformance_test", re.sub("_main$", "", program))
    main = pathlib.Path(root, folder, _strings(rule, "main")[0]).read_text(encoding="utf-8")
    registered = set(re.findall(r"\bRegister(%s)\(" % _KINDS, main))
    suites = pathlib.Path(root, "testing/conformance")
    build = (suites / "BUILD").read_text(encoding="utf-8")
    sources = [source for suite in _strings(rule, "suites")
               for source in _strings(_rule(build, "conformance_suite", suite), "srcs")]
    return [test for source in sources for test in _tests_of(suites / source, registered)]


def is_chosen(name, arguments):
    """Whether a test runs, given the program's arguments."""
    filters = [argument.partition("=")[2] for argument in arguments if argument.startswith("--gtest_filter=")]
    return not filters or any(fnmatch.fnmatchcase(name, pattern) for pattern in filters[-1].split(":"))


def is_read(root, label, arguments, variable):
    """Whether a test that this program runs with these arguments asks for this variable."""
    return any('"%s"' % variable in body and is_chosen(name, arguments) for name, body in tests(str(root), label))
