#!/usr/bin/env python3
"""The clause table of the conformance suite against the tests' "Spec:" lines.

By hand, tools/check/clauses.py fills the table's last column in; check.py spec checks that nothing is missing.
"""

import pathlib
import re
import sys

from tree import Skip, Tree

TABLE = "testing/conformance/clauses.md"
SUITES = "testing/conformance/"

_SPEC = re.compile(r"\bSpec: *([^)\n]*)")
# What a tag may name: the document, its header companion, the rulings, the house, a clause, a fault, a bad input;
# "4.5, 4.6" goes on in kind.
_ID = re.compile(r"^(api |decisions |fault |input )?(§?[A-Z]*\d+[a-z]?(?:[./-]\d+[a-z]?)*)\.?$")
_ROW = re.compile(r"^\| *((?:api |decisions |fault |input )?§?[A-Z]*\d+[a-z]?(?:[./-]\d+[a-z]?)*) *\|(.*)\|$", re.MULTILINE)
_NO_ROW = re.compile(r"^\|(?! *:?-)[^\n]*(?!\n\|-)$", re.MULTILINE)
# What a tag may stand above: a test, or an assertion that has held once the file compiles.
_TEST = re.compile(r"((?:^ *//.*\n)+) *(?:(static_assert)\(|(?:TYPED_)?TEST(?:_[FP])?\(\s*(\w+),\s*(\w+)\))", re.MULTILINE)
_PYTHON_SPEC = re.compile(r"# *Spec: *([^)\n]*)")
_PYTHON_TEST = re.compile(r"((?:^ *#.*\n)+) *def (test_\w+)\(", re.MULTILINE)


def _ids(tags):
    """[(tag as written, id or None)]; a bare number takes over the kind of the one before."""
    ids = []
    kind = ""
    for tag in re.split(r",| to ", tags):
        tag = tag.strip()
        match = _ID.match(tag)
        if match:
            if match.group(1):
                kind = match.group(1)
            elif not match.group(2)[0].isdigit():
                kind = ""
        ids.append((tag, kind + match.group(2) if match else None))
    return ids


def _is_test(source):
    return source.is_test or source.path.startswith("core/io/port_contract_")


def _tags_of_tests(source):
    """[(offset, tags, name of the test)] of a file in C++ or C; a program in C is one test, so is what a file asserts."""
    stem = pathlib.Path(source.path).stem
    if source.path.endswith(".c"):
        return [(match.start(), match.group(1), stem) for match in _SPEC.finditer(source.text)]
    found = []
    for test in _TEST.finditer(source.text):
        name = stem if test.group(2) else "%s.%s" % (test.group(3), test.group(4))
        for match in _SPEC.finditer(source.text, test.start(1), test.end(1)):
            found.append((match.start(), match.group(1), name))
    return found


def _tags_of_script(path, text):
    """The same of a file in Python; a test has the name of its file before its own."""
    stem = pathlib.Path(path).stem
    return [(match.start(), match.group(1), "%s.%s" % (stem, test.group(2)))
            for test in _PYTHON_TEST.finditer(text)
            for match in _PYTHON_SPEC.finditer(text, test.start(1), test.end(1))]


def tests_by_clause(tree):
    """id -> ["Suite.Test", ...] in the order of the files, those of the conformance suite first."""
    suites, others = {}, {}

    def add(tests, found):
        for _, tags, name in found:
            for _, clause in _ids(tags):
                if clause and name not in tests.setdefault(clause, []):
                    tests[clause].append(name)

    for source in tree:
        if _is_test(source):
            add(suites if source.path.startswith(SUITES) else others, _tags_of_tests(source))
    for path, text in tree.scripts.items():
        add(others, _tags_of_script(path, text))
    return {clause: suites.get(clause, []) + [name for name in others.get(clause, []) if name not in suites.get(clause, [])]
            for clause in {**suites, **others}}


def _tags(tree):
    """Every tag there is: (path, text, offset, tags, does it stand in a test's file?, above a test?)."""
    for source in tree:
        above = {offset for offset, _, _ in _tags_of_tests(source)} if _is_test(source) else ()
        for match in _SPEC.finditer(source.text):
            yield source.path, source.text, match.start(), match.group(1), _is_test(source), match.start() in above
    for path, text in tree.scripts.items():
        above = {offset for offset, _, _ in _tags_of_script(path, text)}
        for match in _PYTHON_SPEC.finditer(text):
            yield path, text, match.start(), match.group(1), True, match.start() in above


def _has_row(clause, rows, is_test):
    """A test names a row; a header may name the whole paragraph whose lines have rows."""
    if clause in rows or is_test:
        return clause in rows
    beneath = (clause + ".", clause + "/", clause.replace("decisions §", "decisions ") + ".")
    return any(row.startswith(beneath) for row in rows)


def spec(tree):
    """Every clause of the conformance table names its tests, and every tag's clause is in the table."""
    table = tree.root / TABLE
    text = table.read_text(encoding="utf-8") if table.exists() else ""
    rows = {}
    for match in _ROW.finditer(text):
        if match.group(1) in rows:
            yield "%s:%d: %s has a row already" % (TABLE, text.count("\n", 0, match.start()) + 1, match.group(1))
        rows.setdefault(match.group(1), match)
    for path, written, offset, tags, is_test, above_test in _tags(tree):
        where = "%s:%d: " % (path, written.count("\n", 0, offset) + 1)
        if is_test and not above_test:
            yield where + "the tag stands above no test, so no row can name it"
        for tag, clause in _ids(tags):
            if clause is None:
                yield where + '"%s" names no paragraph (Spec: §2.1, api §6.2, decisions 3.4, C01)' % tag
            elif text and not _has_row(clause, rows, is_test):
                yield where + "%s is not in %s" % (clause, TABLE)
    if not text:
        raise Skip("there is no %s yet" % TABLE)
    for match in _NO_ROW.finditer(text):
        if not _ROW.match(match.group(0)):
            yield "%s:%d: the row begins with no clause" % (TABLE, text.count("\n", 0, match.start()) + 1)
    tests = tests_by_clause(tree)
    for clause, match in rows.items():
        where = "%s:%d: " % (TABLE, text.count("\n", 0, match.start()) + 1)
        if clause not in tests:
            yield where + "no test names clause %s (Spec: %s)" % (clause, clause)
        elif match.group(2).rpartition("|")[2].strip() != ", ".join(tests[clause]):
            yield where + "the tests of %s have changed; run tools/check/clauses.py" % clause


def main():
    tree = Tree(pathlib.Path(__file__).resolve().parents[2])
    tests = tests_by_clause(tree)

    def fill(match):
        kept = match.group(2).rpartition("|")[0]
        return "| %s |%s| %s |" % (match.group(1), kept, ", ".join(tests.get(match.group(1), [])))

    table = tree.root / TABLE
    table.write_text(_ROW.sub(fill, table.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
