"""Builds a product with Bazel 7 out of the README's MODULE.bazel block: module_test.py [--conformance]

Debian 12 has no Bazel 7, and no module registry is to be reached from here. So this makes a tree of Debian sid, which
has Bazel 7, and keeps it in the user's cache (delete the folder sid there to have it made anew). In the tree: a copy of
this repository and, beside it, the product, whose root module is the README's block plus an override for each module
that would come from the registry; Debian's own Bazel settings do the same for the rule sets that its packages hold.
Overrides count in the root module only, so it is a product like any other that builds.

--conformance: runs the conformance suite of TCP Server in the tree, too.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time

from inner_bazel import requirements
from readme import READMES, ROOT, block

sys.path.insert(0, str(ROOT / "tools/debian"))

import debian_tree  # noqa: E402

_PACKAGES = ("bazel-bootstrap", "ca-certificates", "dpkg-dev", "g++", "git", "liburing-dev", "pkg-config",
             "python3-minimal")
# Modules made from Debian's source packages, {source package: module}. Both bring a MODULE.bazel.
_SOURCES = {"abseil": "abseil-cpp", "googletest": "googletest"}

# Modules that others depend on by name, while nothing of them is built for this.
_STUBS = ("apple_support", "buildozer", "protobuf", "re2", "zlib")
_BUILDOZER = """\
_empty = repository_rule(implementation = lambda ctx: ctx.file("BUILD"))
buildozer_binary = module_extension(implementation = lambda _: _empty(name = "buildozer_binary"))
"""


def module(name, *dependencies):
    return 'module(name = "%s")\n' % name + "".join('bazel_dep(name = "%s", version = "0")\n' % d for d in dependencies)


def registry_modules(tree, cache):
    """Puts into the tree what the registry would give; {module: its folder there}."""
    modules = {}
    for package, name in _SOURCES.items():
        folder, = [path for path in (tree.root / "src").glob(package + "-*") if path.is_dir()]
        modules[name] = "/src/" + folder.name

    made = tree.root / "src/modules"
    shutil.rmtree(made, ignore_errors=True)
    for name in _STUBS:
        tree.write(made / name / "MODULE.bazel", module(name))
        tree.write(made / name / "BUILD", "")
    tree.write(made / "buildozer/buildozer_binary.bzl", _BUILDOZER)

    tree.write(made / "liburing/MODULE.bazel", module("liburing", "rules_cc"))
    shutil.copy(ROOT / "tools/bazel/overlay/liburing.BUILD", made / "liburing/BUILD.bazel")

    # The registry's mimalloc is of the line 2, sid's is not: the one that WORKSPACE builds take.
    pinned = re.search(r'package = "(mimalloc)",\s*sha256 = "(\w+)",\s*version = "([^"]+)"',
                       (ROOT / "tools/bazel/deps.bzl").read_text(encoding="utf-8"))
    name, sha256, version = pinned.groups()
    (made / name).mkdir()
    fetch = str(ROOT / "tools/bazel/fetch_source.sh")
    subprocess.run(["sh", fetch, name, version, sha256], cwd=made / name, check=True,
                   env={**os.environ, "XDG_CACHE_HOME": str(cache.parent)})
    tree.write(made / name / "MODULE.bazel", module(name))
    tree.write(made / name / "BUILD.bazel", 'exports_files(["LICENSE"])\n')

    modules.update((path.name, "/src/modules/" + path.name) for path in made.iterdir())
    return modules


def make_product(tree, modules):
    source = tree.root / "src/hpsocket"  # where the README's block has it: ../hpsocket
    product = tree.root / "src/product"
    for old in (source, product):
        shutil.rmtree(old, ignore_errors=True)
    shutil.copytree(ROOT, source, symlinks=True, ignore=shutil.ignore_patterns(".git", "bazel-*", "__pycache__"))
    overrides = ['local_path_override(module_name = "%s", path = "%s")' % item for item in sorted(modules.items())]
    tree.write(product / "MODULE.bazel", block(READMES[0], "# MODULE.bazel") + "\n" + "\n".join(overrides) + "\n")
    (tree.root / "src/registry").mkdir(exist_ok=True)
    tree.write(product / "BUILD", block(READMES[0], "# BUILD"))
    tree.write(product / ".bazelrc", block(READMES[0], "# .bazelrc"))
    tree.write(product / "echo.cc", block(READMES[0], "hpsocket/tcp_server/tcp_server.h"))


def bazel(tree, command, target):
    # An empty registry and no downloads: what has no override is an error, never fetched.
    tree.run("bazel", "--batch", "--nohome_rc", command, "--noenable_workspace", "--registry=file:///src/registry",
             "--lockfile_mode=off", "--repository_disable_download", "--noshow_progress", "--color=no",
             "--test_output=errors", *requirements(), target, folder="/src/product")


def check_bazel(version):
    """Of a Debian package. Another Bazel's success would say nothing of what the README promises for 7."""
    assert re.match(r"(\d+:)?7\.", version), "Debian sid has Bazel %s, and this is about Bazel 7" % version


def run(conformance):
    started = time.monotonic()
    with debian_tree.tree("sid", "sid", _PACKAGES, tuple(_SOURCES)) as tree:
        modules = registry_modules(tree, debian_tree.user_cache())
        make_product(tree, modules)
        print("tree and product: %d s" % (time.monotonic() - started), flush=True)
        # Debian's Bazel says "no_version" of itself.
        version = tree.run("dpkg-query", "-W", "-f", "${Version}", "bazel-bootstrap", stdout=subprocess.PIPE).stdout.decode()
        print("Bazel %s" % version, flush=True)
        check_bazel(version)
        tree.run("sh", "-c", "g++ --version | head -n 1")
        started = time.monotonic()
        bazel(tree, "build", "//:echo")
        tree.run("test", "-x", "bazel-bin/echo", folder="/src/product")
        print("built //:echo from the README's blocks: %d s" % (time.monotonic() - started), flush=True)
        if conformance:
            started = time.monotonic()
            bazel(tree, "test", "@hpsocket//tcp_server:conformance")
            print("passed @hpsocket//tcp_server:conformance: %d s" % (time.monotonic() - started), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--conformance", action="store_true")
    arguments = parser.parse_args()
    try:
        run(arguments.conformance)
    except debian_tree.Skip as reason:
        debian_tree.report_skipped("module_test", reason)


if __name__ == "__main__":
    main()
