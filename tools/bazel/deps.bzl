"""External repositories for WORKSPACE builds, under the labels that upstream uses.

They are made from Debian 12 packages: rule sets and googletest from installed folders, abseil and mimalloc from
pinned source packages. Abseil and googletest are built from source so that sanitizers see inside them, mimalloc
because Debian's library replaces malloc, which ours must never do. What is linked as it is installed comes from its
source package under --config=m32: it is installed for 64 bits. MODULE.bazel names the same labels for Bazel 7+.
"""

_RULES = "/usr/share/bazel"

# --config=m32 sets it, for libraries that are linked as they are installed.
_M32 = "HPSOCKET_M32"

def _run(ctx, args):
    result = ctx.execute(args, timeout = 600, quiet = False)
    if result.return_code != 0:
        fail("@%s: %s failed; run tools/bootstrap first.\n%s" % (ctx.name, args[0], result.stdout + result.stderr))

def _debian_rules_cc_impl(ctx):
    # Debian's rules_cc 0.0.4 loads use_cpp_toolchain, which Debian's Bazel 4.2.3 does not have yet.
    _run(ctx, ["cp", "-r", _RULES + "/rules/cc/.", "."])
    _run(ctx, [
        "sed",
        "-i",
        "-e",
        's/, "use_cpp_toolchain"//',
        "-e",
        's|toolchains = use_cpp_toolchain()|toolchains = ["@bazel_tools//tools/cpp:toolchain_type"]|',
        "cc/private/rules_impl/cc_flags_supplier.bzl",
        "cc/private/rules_impl/compiler_flag.bzl",
    ])

_debian_rules_cc = repository_rule(implementation = _debian_rules_cc_impl, local = False)

def _coverage_stub_impl(ctx):
    # cc_test names these two tools even when no coverage is asked for, and Bazel would download them.
    ctx.file("BUILD", "".join([
        'filegroup(name = "%s", srcs = [], visibility = ["//visibility:public"])\n' % tool
        for tool in ["coverage_report_generator", "lcov_merger"]
    ]))

_coverage_stub = repository_rule(implementation = _coverage_stub_impl)

def _fetch_source(ctx):
    _run(ctx, ["sh", str(ctx.path(ctx.attr._fetch)), ctx.attr.package, ctx.attr.version, ctx.attr.sha256])

def _debian_source_impl(ctx):
    _fetch_source(ctx)
    if ctx.attr.build_file:
        ctx.symlink(ctx.attr.build_file, "BUILD.bazel")
    for cmd in ctx.attr.patch_cmds:
        _run(ctx, ["sh", "-c", cmd])

debian_source = repository_rule(
    doc = "An external repository from a Debian source package: upstream's tarball, pinned, plus Debian's patches.",
    implementation = _debian_source_impl,
    attrs = {
        "build_file": attr.label(doc = "BUILD file for sources that bring none", allow_single_file = True),
        "package": attr.string(mandatory = True),
        "patch_cmds": attr.string_list(),
        "sha256": attr.string(mandatory = True, doc = "of upstream's tarball (.orig.tar.*)"),
        "version": attr.string(mandatory = True, doc = "upstream's version; Debian's newest revision of it is taken"),
        "_fetch": attr.label(default = Label("//tools/bazel:fetch_source.sh"), allow_single_file = True),
    },
    environ = ["HOME", "XDG_CACHE_HOME"],
)

def _debian_package_impl(ctx):
    if not ctx.path(ctx.attr.needs).exists:
        fail("@%s: %s is missing; run tools/bootstrap first." % (ctx.name, ctx.attr.needs))
    for folder in ctx.attr.links:
        ctx.symlink(folder, folder.split("/")[-1])
    ctx.symlink(ctx.attr.build_file, "BUILD.bazel")

_debian_package = repository_rule(
    doc = "A repository over what an installed package holds, with a BUILD file of ours.",
    implementation = _debian_package_impl,
    attrs = {
        "build_file": attr.label(mandatory = True, allow_single_file = True),
        "links": attr.string_list(doc = "folders to link in"),
        "needs": attr.string(mandatory = True, doc = "a file of the package"),
    },
)

def _debian_library_impl(ctx):
    if ctx.os.environ.get(_M32):
        _fetch_source(ctx)
        for cmd in ctx.attr.patch_cmds:
            _run(ctx, ["sh", "-c", cmd])
        build_file = ctx.attr.source_build_file
    else:
        if not ctx.path(ctx.attr.needs).exists:
            fail("@%s: %s is missing; run tools/bootstrap first." % (ctx.name, ctx.attr.needs))
        build_file = ctx.attr.build_file
    if build_file:
        ctx.symlink(build_file, "BUILD.bazel")

_debian_library = repository_rule(
    doc = "A library as its package installs it; under --config=m32 built from its source package, pinned as above.",
    implementation = _debian_library_impl,
    attrs = {
        "build_file": attr.label(mandatory = True, allow_single_file = True),
        "needs": attr.string(mandatory = True, doc = "a file of the installed package"),
        "package": attr.string(mandatory = True, doc = "the source package"),
        "patch_cmds": attr.string_list(doc = "for the sources"),
        "sha256": attr.string(mandatory = True),
        "source_build_file": attr.label(doc = "for sources that bring none", allow_single_file = True),
        "version": attr.string(mandatory = True),
        "_fetch": attr.label(default = Label("//tools/bazel:fetch_source.sh"), allow_single_file = True),
    },
    environ = ["HOME", "XDG_CACHE_HOME", _M32],
)

# The benchmark's peers: a header that says the package is there, and what to compile and link with.
_PEERS = {
    "asio": ("/usr/include/asio.hpp", ["ASIO_STANDALONE"], []),
    "libevent": ("/usr/include/event2/bufferevent.h", [], ["-levent_core"]),
    "libuv": ("/usr/include/uv.h", [], ["-luv"]),
}

def _bench_peers_impl(ctx):
    m32 = ctx.os.environ.get(_M32)
    found = [
        peer
        for peer in sorted(_PEERS)
        if ctx.path(_PEERS[peer][0]).exists and not (m32 and _PEERS[peer][2])
    ]
    ctx.file("peers.bzl", "PEERS = %s\n" % found)
    ctx.file("BUILD.bazel", 'load("@rules_cc//cc:defs.bzl", "cc_library")\n' + "".join([
        'cc_library(name = "%s", defines = %s, linkopts = %s, visibility = ["//visibility:public"])\n' %
        (peer, _PEERS[peer][1], _PEERS[peer][2])
        for peer in found
    ]))

bench_peers = repository_rule(
    doc = "@bench_peers: those libraries of testing/bench that are installed. Looked for when Bazel's server starts.",
    implementation = _bench_peers_impl,
    environ = [_M32],
    local = True,
)

def _boost_beast_impl(ctx):
    found = ctx.path("/usr/include/boost/beast/http.hpp").exists
    ctx.file("BUILD.bazel", "\n".join([
        'load("@rules_cc//cc:defs.bzl", "cc_library")',
        "cc_library(",
        '    name = "boost.beast",',
        # Header only; and without its headers, what uses it is left out of //... instead of failing.
        "" if found else '    target_compatible_with = ["@platforms//:incompatible"],',
        '    visibility = ["//visibility:public"],',
        ")",
        "",
    ]))

boost_beast = repository_rule(
    doc = "@boost_beast: Debian's libboost-dev, if it is installed. Looked for when Bazel's server starts.",
    implementation = _boost_beast_impl,
    local = True,
)

def _rule_set(name, path):
    if not native.existing_rule(name):
        native.local_repository(name = name, path = path)

def hpsocket_deps():
    """Declares every repository we need that is not declared yet."""

    # Rule sets. Bazel would download the first four by itself if nobody declared them.
    _rule_set("bazel_skylib", _RULES + "/tools/skylib")
    _rule_set("platforms", _RULES + "/tools/platforms")
    _rule_set("rules_java", _RULES + "/rules/java")
    _rule_set("rules_proto", _RULES + "/rules/proto")
    if not native.existing_rule("rules_cc"):
        _debian_rules_cc(name = "rules_cc")
    if not native.existing_rule("remote_coverage_tools"):
        _coverage_stub(name = "remote_coverage_tools")

    # Libraries.
    if not native.existing_rule("com_google_googletest"):
        _debian_package(
            name = "com_google_googletest",
            build_file = Label("//tools/bazel:overlay/googletest.BUILD"),
            links = ["/usr/src/googletest/googlemock", "/usr/src/googletest/googletest"],
            needs = "/usr/src/googletest/googlemock/src/gmock.cc",
        )
    if not native.existing_rule("com_google_benchmark"):
        _debian_library(
            name = "com_google_benchmark",
            build_file = Label("//tools/bazel:overlay/benchmark.BUILD"),
            needs = "/usr/include/benchmark/benchmark.h",
            package = "benchmark",
            sha256 = "6430e4092653380d9dc4ccb45a1e2dc9259d581f4866dc0759713126056bc1d7",
            version = "1.7.1",
        )
    if not native.existing_rule("liburing"):
        _debian_library(
            name = "liburing",
            build_file = Label("//tools/bazel:overlay/liburing.BUILD"),
            needs = "/usr/include/liburing.h",
            package = "liburing",
            # What it finds out is about the kernel's headers, which are the same for both widths.
            patch_cmds = ["./configure >configure.log"],
            sha256 = "2eac26f880125d83f75ba8641fde5d88226dd352d3cee95d45a9128758a8f1be",
            source_build_file = Label("//tools/bazel:overlay/liburing_source.BUILD"),
            version = "2.3",
        )
    if not native.existing_rule("bench_peers"):
        bench_peers(name = "bench_peers")
    if not native.existing_rule("boost_beast"):
        boost_beast(name = "boost_beast")
    if not native.existing_rule("com_google_absl"):
        debian_source(
            name = "com_google_absl",
            package = "abseil",
            patch_cmds = [
                # Hidden, so that libhpsocket.so never offers its abseil to the application, nor takes another one.
                "sed -i 's/^ABSL_DEFAULT_COPTS = select/ABSL_DEFAULT_COPTS = [\"-fvisibility=hidden\"] + select/' " +
                "absl/copts/configure_copts.bzl",
                # Our warnings are for our code; Bazel 4 includes external headers by -iquote, which hides nothing.
                "find absl -name '*.h' -o -name '*.inc' | xargs sed -i '1i #pragma GCC system_header'",
            ],
            sha256 = "abfe2897f3a30edaa74bc34365afe3c2a3cd012091a97dc7e008f7016adcd5fe",
            version = "20220623.1",
        )
    if not native.existing_rule("mimalloc"):
        debian_source(
            name = "mimalloc",
            build_file = Label("//tools/bazel:overlay/mimalloc.BUILD"),
            package = "mimalloc",
            sha256 = "cbc9d207ff105ad1f0cb739c378076143a6452b8d0624309cea0abfb040e972b",
            version = "2.0.9+ds",
        )
