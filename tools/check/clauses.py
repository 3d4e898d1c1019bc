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
_TEST = re.compile(r"// Spec: (.*)\n(?: *//.*\n)* *TEST(?:_[FP])?\(\s*(\w+),\s*(\w+)\)")
_PYTHON_TEST = re.compile(r"# Spec: (.*)\n(?: *#.*\n)* *def (test_\w+)\(")


def _ids(tags):
    """[(tag as written, id or None)]; a bare number takes over the kind of the one before."""
    ids = []
    kind = ""
    for tag in re.split(r",| to ", tags.rstrip(",")):
        tag = tag.strip()
        match = _ID.match(tag)
        if match:
            if match.group(1):
                kind = match.group(1)
            elif not match.group(2)[0].isdigit():
                kind = ""
        ids.append((tag, kind + match.group(2) if match else None))
    return ids


def tests_by_clause(tree):
    """id -> ["Suite.Test", ...] in the order of the files: conformance tests, or others where there are none.

    A test in Python has the name of its file before its own; a program in C is one test.
    A fault's row names all of them, for what one layer promises another proves, too.
    """
    suites, others = {}, {}

    def add(tests, tags, name):
        for _, clause in _ids(tags):
            if clause and name not in tests.setdefault(clause, []):
                tests[clause].append(name)

    for source in tree:
        if source.path.endswith("_test.c"):
            for match in _SPEC.finditer(source.text):
                add(others, match.group(1), pathlib.Path(source.path).stem)
        elif source.is_test or source.path.startswith("core/io/port_contract_"):
            tests = suites if source.path.startswith(SUITES) else others
            for match in _TEST.finditer(source.text):
                add(tests, match.group(1), "%s.%s" % (match.group(2), match.group(3)))
    for path, text in tree.scripts.items():
        for match in _PYTHON_TEST.finditer(text):
            add(others, match.group(1), "%s.%s" % (pathlib.Path(path).stem, match.group(2)))
    merged = {**others, **suites}
    for clause in merged:
        if clause.startswith(("fault ", "input ")):
            merged[clause] = suites.get(clause, []) + others.get(clause, [])
    return merged


def spec(tree):
    """Every clause of the conformance table names its tests, and every test's clause is in the table."""
    table = tree.root / TABLE
    text = table.read_text(encoding="utf-8") if table.exists() else ""
    rows = {match.group(1): match for match in _ROW.finditer(text)}
    for source in tree:
        for number, line in enumerate(source.text.splitlines(), 1):
            match = _SPEC.search(line)
            for tag, clause in _ids(match.group(1)) if match else ():
                where = "%s:%d: " % (source.path, number)
                if clause is None:
                    yield where + '"%s" names no paragraph (Spec: §2.1, api §6.2, decisions 3.4, C01)' % tag
                elif text and clause not in rows and (source.path.startswith(SUITES) or re.match(r"C\d|fault|input", clause)):
                    yield where + "%s is not in %s" % (clause, TABLE)
    if not text:
        raise Skip("there is no %s yet" % TABLE)
    tests = tests_by_clause(tree)
    for clause, match in rows.items():
        where = "%s:%d: " % (TABLE, text.count("\n", 0, match.start()) + 1)
        listed = match.group(2).rpartition("|")[2].strip()
        if clause in tests:
            if listed != ", ".join(tests[clause]):
                yield where + "the tests of %s have changed; run tools/check/clauses.py" % clause
        elif listed != "not yet":
            yield where + "no test names clause %s (Spec: %s)" % (clause, clause)


def main():
    tree = Tree(pathlib.Path(__file__).resolve().parents[2])
    tests = tests_by_clause(tree)

    def fill(match):
        kept = match.group(2).rpartition("|")[0]
        return "| %s |%s| %s |" % (match.group(1), kept, ", ".join(tests.get(match.group(1), ["not yet"])))

    table = tree.root / TABLE
    table.write_text(_ROW.sub(fill, table.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
