"""Tests that a program of another language has: each a case of unittest's, and a process of its own."""

import re
import subprocess
import unittest

PATIENCE_S = 240


def run(command, **kwargs):
    """Runs something that must succeed; what it wrote."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          encoding="utf-8", timeout=PATIENCE_S, check=False, **kwargs)
    if done.returncode != 0:
        raise AssertionError("%s: exit code %d\n%s" % (command, done.returncode, done.stdout))
    return done.stdout


def block(page, language):
    """The first program in a language on a page."""
    return re.search(r"^```%s\n(.*?)^```$" % language, page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL).group(1)


def cases(command, base=unittest.TestCase):
    """A class with a case for each test that `command --list` names, and that `command NAME` runs."""
    names = run([*command, "--list"]).split()
    if not names:
        raise AssertionError("%s has no tests" % command)

    def case(name):
        def test(_self):
            run([*command, name])
        return test

    return type("ProgramTest", (base,), {"test_" + name: case(name) for name in names})
