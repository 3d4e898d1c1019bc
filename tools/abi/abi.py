"""What programs that are compiled rely on: the binary interface of a library, as a text that is easy to compare.

    abi.py dump RELEASE DEBUG...  prints it; RELEASE says what is exported, DEBUG (it and others, with -g) of what types
    abi.py flatten ROOT HEADER    prints a header with all that it includes of ours, without comments

An entry is a line and those below it that are indented: machine and SONAME, each exported function with its types, and each class
and enumeration that can be reached from there. Typedefs are resolved, private members show their place and type only.
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

# Structs that say how large the caller thinks they are may grow at their end.
_GROWS = ("class hpsocket::HP_Stats",)
_TYPES = ("array-type-def", "class-decl", "enum-decl", "function-type", "pointer-type-def", "qualified-type-def",
          "reference-type-def", "type-decl", "typedef-decl", "union-decl")


def run(*command):
    return subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, check=True, text=True).stdout


class Reader:
    """The types that abidw found in libraries."""

    def __init__(self, libraries):
        self._types = {}  # by id; each file has ids of its own, so they are tuples
        self._names = {}  # qualified names by id
        self._defined = {}  # ids by qualified name: where one library has a declaration, another may have more
        self.functions = {}  # by symbol
        for number, library in enumerate(libraries):
            with tempfile.TemporaryDirectory() as folder:
                output = pathlib.Path(folder, "abi.xml")
                # Of the first what is exported is enough; of others, what the first one only declares.
                scope = "--load-all-types" if number else "--exported-interfaces-only"
                run("abidw", "--no-show-locs", "--no-corpus-path", scope, "--out-file", output, library)
                self._index(ElementTree.parse(output).getroot(), "", number)
        self._entries = {}  # of classes and enumerations that were reached, by their first line
        self._seen = set()

    def _index(self, element, scope, library):
        for child in element:
            for attribute in ("id", "type-id"):
                if attribute in child.attrib:
                    child.set(attribute, (library, child.get(attribute)))
            name = scope + (child.get("name") or "")
            if child.tag in _TYPES:
                number = child.get("id")
                if number not in self._types or child.get("is-declaration-only") != "yes":
                    self._types[number] = child
                    self._names[number] = name
                if name not in self._defined or self._types[self._defined[name]].get("is-declaration-only") == "yes":
                    self._defined[name] = number
            if child.tag == "function-decl" and child.get("elf-symbol-id"):
                self.functions.setdefault(child.get("elf-symbol-id"), child)
            inner = name + "::" if child.tag in ("namespace-decl", "class-decl", "union-decl") else scope
            self._index(child, inner, library)

    def signature(self, function, parameters=None):
        """"bool (int, char*)" of a function or its type."""
        if parameters is None:
            parameters = function.findall("parameter")
        given = ["..." if one.get("is-variadic") else self.name(one.get("type-id")) for one in parameters]
        result = function.find("return")
        return "%s (%s)" % ("void" if result is None else self.name(result.get("type-id")), ", ".join(given))

    def name(self, number):
        """How a type is written; what it is made of is reached."""
        element = self._types[number]
        tag = element.tag
        if tag == "typedef-decl":
            return self.name(element.get("type-id"))
        if tag in ("pointer-type-def", "reference-type-def"):
            target = self._types[element.get("type-id")]
            if target.tag == "function-type":
                return self.signature(target).replace(" (", " (*)(", 1)
            sign = "*" if tag == "pointer-type-def" else "&" if element.get("kind") == "lvalue" else "&&"
            return self.name(element.get("type-id")) + sign
        if tag == "qualified-type-def":
            words = [word for word in ("const", "volatile") if element.get(word) == "yes"]
            inner = self.name(element.get("type-id"))
            return "%s %s" % (inner, " ".join(words)) if inner.endswith("*") else "%s %s" % (" ".join(words), inner)
        if tag == "array-type-def":
            sizes = ["[%s]" % one.get("length") for one in element.findall("subrange")]
            return self.name(element.get("type-id")) + "".join(sizes)
        if tag in ("class-decl", "union-decl", "enum-decl"):
            self._reach(self._names[number])
        return self._names[number]

    def _reach(self, name):
        if name in self._seen:
            return
        self._seen.add(name)
        element = self._types[self._defined[name]]
        if element.tag == "enum-decl":
            underlying = self._types[element.find("underlying-type").get("type-id")]
            lines = ["  %s = %s" % (one.get("name"), one.get("value")) for one in element.findall("enumerator")]
            self._entries["enum %s size %s" % (name, _bytes(underlying.get("size-in-bits")))] = lines
        elif element.get("is-declaration-only") == "yes":
            self._entries["class %s ?" % name] = []
        else:
            kind = "class" if element.tag == "class-decl" else "union"
            size = "%s %s size %s" % (kind, name, _bytes(element.get("size-in-bits")))
            self._entries[size] = self._members(element)

    def _members(self, element):
        lines = ["  base %s %s" % (_bytes(one.get("layout-offset-in-bits")), self.name(one.get("type-id")))
                 for one in element.findall("base-class")]
        for one in element.findall("data-member"):
            if one.get("static") != "yes":
                variable = one.find("var-decl")
                place = _bytes(one.get("layout-offset-in-bits", "0"))
                lines.append("  at %s %s %s" % (place, self.name(variable.get("type-id")), variable.get("name")))
        virtual = {}  # where in the virtual table: [functions]; a destructor has several places and only one is told
        for one in element.findall("member-function"):
            place = int(one.get("vtable-offset", "-1"))
            function = one.find("function-decl")
            if place >= 0:
                parameters = [given for given in function.findall("parameter") if not given.get("is-artificial")]
                const = " const" if one.get("const") == "yes" else ""
                if one.get("destructor") == "yes":
                    said = function.get("name")
                else:
                    said = "%s %s%s" % (function.get("name"), self.signature(function, parameters), const)
                virtual.setdefault(place, set()).add(said)
        lines += ["  virtual %d %s" % (place, said) for place in sorted(virtual) for said in sorted(virtual[place])]
        return lines

    def entries(self):
        """{first line: further lines} of what was reached."""
        return self._entries


def _bytes(bits):
    whole, rest = divmod(int(bits or "0"), 8)
    return "%d" % whole if not rest else "%d:%d" % (whole, rest)


def exported(library):
    """The names that others link to, with their version: NAME@@VERSION."""
    found = []
    for line in run("readelf", "--dyn-syms", "--wide", library).splitlines():
        fields = line.split()
        if len(fields) >= 8 and fields[4] in ("GLOBAL", "WEAK") and fields[6] not in ("UND", "ABS"):
            found.append((fields[3], fields[7]))
    return sorted(set(found))


def soname(library):
    return re.search(r"\(SONAME\).*\[(.*)\]", run("readelf", "-d", library)).group(1)


def machine(library):
    return re.search(r"Machine: +(.*)", run("readelf", "-h", library)).group(1)


def dump(release, *debug):
    """{first line: [further lines]}; `debug` are the same library and others that know its types, with -g."""
    reader = Reader(debug)
    entries = {"machine %s" % machine(release): [], "soname %s" % soname(release): []}
    for kind, symbol in exported(release):
        if kind != "FUNC":
            raise ValueError("%s exports %s, which is no function" % (release, symbol))
        if symbol not in reader.functions:
            raise ValueError("%s: no types of %s: was it compiled with -g?" % (debug[0], symbol))
        entries["function %s: %s" % (symbol, reader.signature(reader.functions[symbol]))] = []
    entries.update(sorted(reader.entries().items()))
    return entries


def text_of(entries):
    return "".join("\n".join([first, *lines]) + "\n" for first, lines in entries.items())


def parse(text):
    entries, current = {}, None
    for line in text.splitlines():
        if line.startswith("  "):
            entries[current].append(line)
        elif line:
            current = line
            entries[current] = []
    return entries


def _key(first):
    """What an entry is about: "class hpsocket::ITcpServer", "function HP_Create_TcpServer@@HPSOCKET_1"."""
    kind, _, rest = first.partition(" ")
    return kind if kind in ("machine", "soname") else kind + " " + re.sub(r": .*| size \S+$| \?$", "", rest)


def compare(old, new):
    """(what programs that were compiled with `old` would stumble over, what is new and harms nobody)"""
    broken, added = [], []
    now = {_key(first): (first, lines) for first, lines in new.items()}
    for first, lines in old.items():
        key = _key(first)
        if key not in now:
            broken.append("gone: " + first)
            continue
        first_now, lines_now = now[key]
        more = ["%s: %s" % (key, line.strip()) for line in lines_now if line not in lines]
        if key.startswith("enum ") and set(lines) <= set(lines_now):
            added += more
        elif key in _GROWS and lines_now[:len(lines)] == lines:
            added += more
            continue  # its size may have changed, too
        elif lines != lines_now:
            broken += ["%s: no more: %s" % (key, line.strip()) for line in lines if line not in lines_now]
            broken += ["now " + one for one in more]
            if sorted(lines) == sorted(lines_now):
                broken.append("%s: in another order" % key)
        if first != first_now:
            broken.append("was: %s; is: %s" % (first, first_now))
    known = {_key(first) for first in old}
    added += [first for first in new if _key(first) not in known]
    return broken, added


# A literal, or a comment.
_TOKEN = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|//[^\n]*|/\*.*?\*/', re.DOTALL)


def flatten(header, include, seen=None):
    """A header's text with those of ours that it includes, each once, without comments."""
    seen = set() if seen is None else seen
    if header in seen:
        return ""
    seen.add(header)
    text = _TOKEN.sub(lambda found: found.group() if found.group()[0] in "\"'" else " ",
                      (include / header).read_text(encoding="utf-8"))
    lines = []
    for line in text.splitlines():
        ours = re.match(r'#include "([^"]+)"', line)
        if ours:
            lines += flatten(ours.group(1), include, seen).splitlines()
        elif line.strip():
            lines.append(line.rstrip())
    return "\n".join(lines) + "\n"


def stub(entries):
    """(source in C, version script, SONAME) of a library that exports what a dump lists, and has no code."""
    symbols = [re.match(r"function ([^@]+)@@(\S+):", first).groups() for first in entries if first.startswith("function ")]
    versions = {}
    for name, version in symbols:
        versions.setdefault(version, []).append(name)
    source = "".join('__asm__(".globl %s\\n.type %s, @function\\n%s:");\n' % (name, name, name) for name, _ in symbols)
    script = "".join("%s {\n  global:\n%s};\n" % (version, "".join("    %s;\n" % name for name in names))
                     for version, names in versions.items())
    return source, script, next(first.split()[1] for first in entries if first.startswith("soname "))


def main(arguments):
    if len(arguments) >= 3 and arguments[0] == "dump":
        print(text_of(dump(*arguments[1:])), end="")
    elif len(arguments) == 3 and arguments[0] == "flatten":
        print(flatten(arguments[2], pathlib.Path(arguments[1])), end="")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
