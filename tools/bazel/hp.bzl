"""How this repository builds C++: the only caller of cc_* rules, so that flags and conventions stand in one place.

    hp_cc_library     a unit: headers are included as "hpsocket/<package>/<header>"
    hp_cc_test        a unit's test with gtest; `network = True` gives it a network namespace of its own
    hp_cc_binary      a program or a shared library
    hp_script_test    drives programs from outside, by a script
    hp_cc_benchmark   a google benchmark program
    hp_component      generates a package's version.h
    hp_conformance_test   a component's conformance suite under every variant (variants.bzl)

C++20 inside; public headers also compile as C++14 (tools/check sees to that).
"""

load("@rules_cc//cc:defs.bzl", "cc_binary", "cc_library", "cc_test")
load("//tools/bazel:variants.bzl", "variant_tests")
load("//tools/bazel:version.bzl", "version_header")

_WARNINGS = [
    "-Wall",
    "-Wextra",
    "-Wcast-qual",
    "-Wconversion",
    "-Wformat=2",
    "-Wshadow",
    "-Wsign-conversion",
    "-Wno-missing-field-initializers",  # GCC 12 gives it for designated initializers, which leave fields out on purpose
]

_CXX = [
    "-std=c++20",
    "-fno-semantic-interposition",  # position-independent code may inline what it exports
    "-Wextra-semi",
    "-Wnon-virtual-dtor",
    "-Woverloaded-virtual",
]

_C = [
    "-std=c11",
    "-Wstrict-prototypes",
]

# What tests is compiled often and runs once: half of the time that it takes the compiler goes into optimising it.
_GTEST = "@com_google_googletest//:gtest"
_QUICK = select({
    "//tools/bazel:asan_on": ["-O0"],
    "//tools/bazel:tsan_on": ["-O0"],
    "//tools/bazel:optimised": ["-O1"],
    "//conditions:default": [],
})

def _copts(srcs, testonly, extra, quick = False):
    # A target is C or C++ as a whole: rules have one set of flags for all sources.
    c = [src for src in srcs if src.endswith(".c")] and not [src for src in srcs if src.endswith(".cc")]
    copts = _WARNINGS + (_C if c else _CXX) + select({
        "//tools/bazel:werror_on": ["-Werror"],
        "//conditions:default": [],
    })
    if testonly:
        # These four cost test code more than half of its compile time and find next to nothing in it.
        copts += select({
            "//tools/bazel:asan_on": ["-fno-sanitize=null,alignment,vptr,object-size"],
            "//conditions:default": [],
        })
    return copts + (_QUICK if quick else []) + extra

def _data(data):
    # .bazelrc's TSAN_OPTIONS names this file relative to a test's working folder.
    return data + select({
        "//tools/bazel:tsan_on": ["//tools:tsan.supp"],
        "//conditions:default": [],
    })

def hp_cc_library(name, srcs = [], hdrs = [], copts = [], linkopts = [], testonly = False, **kwargs):
    """cc_library with our flags and include prefix. `strip_include_prefix` turns the prefix off (sdk only)."""
    if "strip_include_prefix" not in kwargs and "include_prefix" not in kwargs:
        kwargs["include_prefix"] = "hpsocket/" + native.package_name()
    cc_library(
        name = name,
        srcs = srcs,
        hdrs = hdrs,
        copts = _copts(srcs, testonly, copts, quick = testonly and _GTEST in kwargs.get("deps", [])),
        linkopts = ["-pthread"] + linkopts,
        linkstatic = True,  # nobody asked for a lib<name>.so per unit, and abseil is hidden inside one
        testonly = testonly,
        **kwargs
    )

def hp_cc_binary(name, srcs = [], copts = [], linkopts = [], testonly = False, **kwargs):
    """cc_binary with our flags; `linkshared = True` for a shared library."""
    cc_binary(
        name = name,
        srcs = srcs,
        copts = _copts(srcs, testonly, copts),
        linkopts = ["-pthread"] + linkopts,
        testonly = testonly,
        **kwargs
    )

def hp_cc_test(name, srcs, deps = [], copts = [], linkopts = [], tags = [], data = [], network = False, gtest = True, **kwargs):
    """cc_test with our flags and gtest's main.

    Args:
      name: ends in _test.
      srcs: sources.
      deps: libraries; googletest is added.
      copts: more flags.
      linkopts: more linker flags.
      tags: `threads` puts the test into the TSan run; `manual` keeps it out of //... .
      data: files it reads.
      network: the test opens sockets; it gets a network namespace with its own loopback.
      gtest: False for a test with a main() of its own.
      **kwargs: as cc_test (size, args, env, …).
    """
    cc_test(
        name = name,
        srcs = srcs,
        copts = _copts(srcs, True, copts, quick = True),
        data = _data(data),
        linkopts = ["-pthread"] + linkopts,
        linkstatic = True,
        tags = tags + (["block-network"] if network else []),
        deps = deps + (["@com_google_googletest//:gtest_main"] if gtest else []),
        **kwargs
    )

def hp_script_test(name, script, programs, data = [], tags = [], network = False, **kwargs):
    """A script that drives programs as their users would.

    Args:
      name: ends in _test.
      script: executable; its arguments are the programs' paths.
      programs: labels of hp_cc_binary.
      data: files it reads.
      tags: as hp_cc_test.
      network: as hp_cc_test.
      **kwargs: as sh_test (size, env, …).
    """
    native.sh_test(
        name = name,
        srcs = [script],
        args = ["$(location %s)" % program for program in programs],
        data = _data(programs + data),
        tags = tags + (["block-network"] if network else []),
        **kwargs
    )

def hp_cc_benchmark(name, srcs, deps = [], copts = [], linkopts = [], **kwargs):
    """A benchmark program: `bazel run -c opt`. Built by //..., never run as a test."""
    cc_binary(
        name = name,
        srcs = srcs,
        copts = _copts(srcs, True, copts),
        linkopts = ["-pthread"] + linkopts,
        testonly = True,
        deps = deps + ["@com_google_benchmark//:benchmark_main"],
        **kwargs
    )

def hp_component(name, version, requires_core = None):
    """The package's version.h: kVersion, HPSOCKET_<PACKAGE>_VERSION and the check of core's version.

    Args:
      name: of the library that holds version.h; by custom "version".
      version: "1.2.3", from the package's version.bzl.
      requires_core: the oldest core that will do, "1.2"; None for core itself.
    """
    version_header(
        name = "version.h",
        component = native.package_name(),
        requires_core = requires_core or "",
        version = version,
    )
    hp_cc_library(
        name = name,
        hdrs = ["version.h"],
        visibility = ["//visibility:public"],
        deps = ["//core:version"] if requires_core else [],
    )

def hp_conformance_test(name, main, suites, axes = None, deps = [], data = [], tags = [], size = "medium", **kwargs):
    """A component's conformance suite: one binary, one test per variant, a test_suite `name` over all.

    Args:
      name: by custom "conformance".
      main: the source that registers the component's factories.
      suites: names of suites: "push" is //testing/conformance:push_suite.
      axes: the axes of variants.bzl that the component has settings for; None for all.
      deps: the component; with //testing/simulation (see there) it runs in simulated worlds, too.
      data: files the suite reads.
      tags: for each test; `threads` and `block-network` are added.
      size: of each test.
      **kwargs: for each test (shard_count, timeout, …).
    """
    hp_cc_binary(
        name = name + "_main",
        srcs = [main],
        data = _data(data),
        testonly = True,
        deps = deps + ["//testing/conformance:%s_suite" % suite for suite in suites],
    )
    variant_tests(
        name = name,
        axes = axes,
        binary = ":%s_main" % name,
        simulated = "//testing/simulation" in deps,
        size = size,
        tags = tags + ["block-network", "threads"],
        **kwargs
    )
