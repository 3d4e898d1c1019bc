"""Makes sources of the code that pages show: snippets.py --out FOLDER --programs NAME... --pages PAGE...

A block in ```cpp or ```c is one of these, so that none is left out:

  a program     its first line is its file's name, "// echo.cc"; it is written as it is
  statements    its first line says what they use, "// Given: ITcpServer* server, CONNID id"; they become the body of a
                function with these parameters
  declarations  anything else; they get a namespace of their own (C has none, so there they must not collide)

Only programs need to show every #include: the rest has the library's header and the common ones of the standard library.

Statements and declarations of all pages become snippets.cc and snippets.c; the compiler names their page and line. The
programs are exactly those that --programs names: the build has to know them before it reads a page. A page's
translation, README.zh.md or zh/ beside en/, shows the same blocks, which is checked here, too.
"""

import argparse
import pathlib
import re
import sys

from readme import blocks

_HEADERS = {
    "cpp": ['"HPSocket.h"', "<cerrno>", "<cstdio>", "<cstring>", "<map>", "<mutex>", "<string>", "<vector>"],
    "c": ['"HPSocket4C.h"', "<errno.h>", "<stdio.h>", "<string.h>"],
}
_SUFFIXES = {"cpp": ".cc", "c": ".c"}
_PROGRAM = re.compile(r"// (\w+\.cc?)")
_GIVEN = re.compile(r"// Given: (.*)")


class Mistake(Exception):
    """A page shows what cannot be compiled."""


def code(page):
    """The page's C++ and C blocks: [(language, text, line of the page where it begins)]."""
    text = page.read_text(encoding="utf-8")
    found = []
    position = 0
    for language, block in blocks(page.resolve()):
        fence = "```%s\n%s```" % (language, block)
        position = text.index(fence, position)
        if language in _HEADERS:
            found.append((language, block, text.count("\n", 0, position) + 2))
        position += len(fence)
    return found


def snippet(language, block, place, number):
    """Source for statements or declarations: (includes, the rest)."""
    includes = [line for line in block.splitlines() if line.startswith("#include")]
    lines = ["" if line in includes else line for line in block.splitlines()]
    given = _GIVEN.fullmatch(lines[0])
    body = '#line %d "%s"\n%s\n' % (place[1], place[0], "\n".join(lines))
    if given:
        name = "Block%d" % number
        signature = "void %s(%s)" % (name, given.group(1))
        body = "%s;\n%s {\n%s}\n" % (signature, signature, body)
    if language == "cpp":
        body = "namespace block%d {\n%s}\n" % (number, body)
    return includes, body


def sources(pages):
    """{file's name: its text} of all pages."""
    made = {}
    snippets = {language: ([], []) for language in _HEADERS}
    for page in pages:
        for number, (language, block, line) in enumerate(code(page)):
            program = _PROGRAM.fullmatch(block.partition("\n")[0])
            if program:
                name = program.group(1)
                if name in made:
                    raise Mistake("%s:%d: there is a program %s already" % (page, line, name))
                made[name] = '#line %d "%s"\n%s' % (line, page, block)
                continue
            number += sum(len(bodies) for _, bodies in snippets.values()) * 100
            includes, body = snippet(language, block, (page, line), number)
            snippets[language][0].extend(includes)
            snippets[language][1].append(body)
    for language, (includes, bodies) in snippets.items():
        first = ["#include " + header for header in _HEADERS[language]]
        made["snippets" + _SUFFIXES[language]] = "\n".join(first + sorted(set(includes)) + bodies) + "\n"
    return made


def compare(pages):
    """Each page of one language shows what its namesake in the other shows."""
    shown = {}
    for page in pages:
        shown.setdefault(page.name, []).append((page, [block[:2] for block in code(page)]))
    for translations in shown.values():
        if len(translations) != 2:
            raise Mistake("%s is there in one language only" % translations[0][0])
        (one, first), (other, second) = translations
        for left, right in zip(first, second):
            if left != right:
                raise Mistake("%s and %s differ:\n%s\n%s" % (one, other, left[1], right[1]))
        if len(first) != len(second):
            raise Mistake("%s has %d blocks of code, %s has %d" % (one, len(first), other, len(second)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--programs", nargs="+", required=True)
    parser.add_argument("--pages", nargs="+", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    try:
        compare(arguments.pages)
        made = sources([page for page in arguments.pages if page.parent.name == "en"])
        programs = sorted(name for name in made if not name.startswith("snippets."))
        if programs != sorted(arguments.programs):
            raise Mistake("the pages show %s, BUILD names %s" % (programs, sorted(arguments.programs)))
    except Mistake as mistake:
        sys.exit(str(mistake))
    for name, text in made.items():
        (arguments.out / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
