"""What the BUILD files say of libraries, without Bazel: BUILD files are Python enough to be run with our own macros."""

import dataclasses
import pathlib


@dataclasses.dataclass
class Library:
    """One hp_cc_library, the version.h of one hp_component, or the program of one hp_conformance_test."""

    label: str  # "//core/io:wakeup"
    srcs: list = dataclasses.field(default_factory=list)  # paths from the root
    hdrs: list = dataclasses.field(default_factory=list)
    deps: list = dataclasses.field(default_factory=list)  # labels; of other repositories as they are written
    testonly: bool = False
    version: str = ""  # of a version.h
    requires_core: str = ""

    @property
    def package(self):
        return self.label[2:].partition(":")[0]


class _Choice:
    """A select(), perhaps with lists before and behind it."""

    def __init__(self, parts):
        self.parts = parts

    def __add__(self, other):
        return _Choice(self.parts + _parts(other))

    def __radd__(self, other):
        return _Choice(_parts(other) + self.parts)

    def pick(self, condition):
        picked = []
        for part in self.parts:
            picked += part if isinstance(part, list) else part.get(condition, part.get("//conditions:default", []))
        return picked


def _parts(value):
    return value.parts if isinstance(value, _Choice) else [value]


def _nothing(*_, **__):
    """A rule that is of no interest here."""


# What BUILD and .bzl files call beside our macros.
_RULES = ("alias config_setting exports_files filegroup genrule licenses package package_group py_binary py_library "
          "py_test sh_binary sh_test test_suite cc_binary cc_import rule provider").split()


class _Native:
    def __getattr__(self, name):
        return _nothing


class _Attributes:
    def __getattr__(self, name):
        return _nothing


def label_of(text, package):
    """The label in full: ":a", "//core/io" and "//core/io:io" have one form each."""
    if text.startswith("@"):
        return text
    if text.startswith(":"):
        return "//%s%s" % (package, text)
    if not text.startswith("//"):
        return "//%s:%s" % (package, text)
    return text if ":" in text else "%s:%s" % (text, text.rpartition("/")[2])


class BuildFiles:
    """The libraries of the tree at `root`, read as they are asked for. `condition` is the select() key that holds."""

    def __init__(self, root, condition="//conditions:default"):
        self._root = pathlib.Path(root)
        self._condition = condition
        self._packages = {}
        self._suites = {}

    def library(self, label):
        package = label[2:].partition(":")[0]
        libraries = self.package(package)
        if label not in libraries:
            raise LookupError("%s/BUILD has no library %s" % (package, label))
        return libraries[label]

    def package(self, package):
        """{label: Library}"""
        if package not in self._packages:
            self._packages[package] = {}
            self._run(self._root / package / "BUILD", package)
        return self._packages[package]

    def suites(self, package):
        """{name of an hp_conformance_test: label of its program}"""
        self.package(package)
        return self._suites.get(package, {})

    def symbols(self, label):
        """What a .bzl file defines, {name: value}."""
        package, _, file = label[2:].partition(":")
        return self._run(self._root / package / file, package)

    def closure(self, labels):
        """All libraries that these need, these included, and the labels of other repositories; both sorted."""
        libraries, foreign = {}, set()
        waiting = list(labels)
        while waiting:
            label = waiting.pop()
            if label.startswith("@"):
                foreign.add(label)
            elif label not in libraries:
                libraries[label] = self.library(label)
                waiting += libraries[label].deps
        return [libraries[label] for label in sorted(libraries)], sorted(foreign)

    def _run(self, path, package):
        names = self._names(package)
        exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), names)  # pylint: disable=exec-used
        return names

    def _names(self, package):
        def library(name, srcs=(), hdrs=(), deps=(), testonly=False, **_):
            label = "//%s:%s" % (package, name)

            def resolved(value):
                return value.pick(self._condition) if isinstance(value, _Choice) else list(value)

            self._packages[package][label] = Library(
                label, ["%s/%s" % (package, src) for src in resolved(srcs)],
                ["%s/%s" % (package, header) for header in resolved(hdrs)],
                [label_of(dep, package) for dep in resolved(deps)], testonly)

        def component(name, version, requires_core=None):
            label = "//%s:%s" % (package, name)
            self._packages[package][label] = Library(
                label, deps=["//core:version"] if requires_core else [], version=version,
                requires_core=requires_core or "")

        def conformance(name, main, suites, deps=(), **_):
            self._suites.setdefault(package, {})[name] = "//%s:%s_main" % (package, name)
            library(name + "_main", srcs=[main], testonly=True,
                    deps=[*deps, *("//testing/conformance:%s_suite" % suite for suite in suites)])

        def glob(include, exclude=(), **_):
            folder = self._root / package
            found = {path.relative_to(folder).as_posix() for pattern in include for path in folder.glob(pattern)}
            return sorted(found - {path.relative_to(folder).as_posix()
                                   for pattern in exclude for path in folder.glob(pattern)})

        names = {rule: _nothing for rule in _RULES}
        names.update(select=lambda branches, **_: _Choice([branches]), glob=glob, native=_Native(), attr=_Attributes(),
                     Label=str)

        def load(label, *wanted, **renamed):
            source = label_of(label, package)
            loaded = {}
            if source == "//tools/bazel:hp.bzl":
                loaded = {"hp_cc_library": library, "hp_component": component, "hp_conformance_test": conformance}
            elif source.startswith("//"):
                loaded = self.symbols(source)
            for name, theirs in [*((name, name) for name in wanted), *renamed.items()]:
                names[name] = loaded.get(theirs, _nothing)

        names["load"] = load
        return names
