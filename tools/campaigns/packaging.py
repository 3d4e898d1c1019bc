"""The other ways to build it and to ship it: each component alone, other build tools, Debian packages, 32 bits."""

import errno
import pathlib
import subprocess
import tempfile

# Each component alone, with Bazel and its suite, then with CMake; all of it with Bazel 7, and a suite; Debian packages.
# {test: how Bazel is told to run all of it}; suites may take longer than any size of test allows.
TESTS = {
    "//tools/readme:suites_test": ("--test_arg=--all", "--test_timeout=36000"),
    "//tools/vendor:cmake_test": ("--test_arg=--conformance", "--test_timeout=36000"),
    "//tools/readme:module_test": ("--test_arg=--conformance", "--test_timeout=36000"),
    "//tools/package:tree_test": (),
}
# A test that skips has shown nothing.
REQUIRED = tuple("--test_env=HPSOCKET_REQUIRE_%s=1" % what for what in ("IO_URING", "NETNS", "PROGRAMS"))
# Core, components, testing and the SDK. Not the bindings: their languages run in 64 bits here, and load our libraries.
M32 = ("//core/...", "//tcp_server/...", "//tcp_agent/...", "//tcp_client/...", "//udp/...", "//cast/...",
       "//testing/...", "//sdk/...", "-//sdk/bindings/...")
# What does not compile must not hide what does not pass.
M32_FLAGS = ("--config=m32", "--keep_going", *REQUIRED)
NOT_RUN = "NOT PROVEN: -m32: built, not run: this kernel runs no 32-bit programs"


def runs_32_bits(compiler="gcc"):
    """Whether the kernel does."""
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder, "nothing")
        subprocess.run([compiler, "-m32", "-static", "-nostdlib", "-x", "c", "-", "-o", str(program)], check=True,
                       input=b'void _start(void) { __asm__("int $0x80" : : "a"(1), "b"(0)); __builtin_unreachable(); }')
        try:
            # A kernel without 32-bit system calls answers the only one with a fault.
            return subprocess.run([str(program)], check=False).returncode == 0
        except OSError as refused:
            if refused.errno != errno.ENOEXEC:
                raise
            return False


def _bootstrap(root, *options):
    subprocess.run([str(root / "tools/bootstrap"), *options], check=True)


def _m32(root, bazel, flags, say, runs):
    """Whether its tests were run."""
    _bootstrap(root, "--m32", "--demos")
    command = "test" if runs() else "build"
    bazel(command, "--config=opt", *flags, *M32_FLAGS, "--", *M32)
    say("campaign: " + ("-m32: built, and all tests passed" if command == "test" else NOT_RUN))
    return command == "test"


def run(root, cache, bazel, say=print, runs=runs_32_bits):
    """All of them; how many have failed or were not proven. `bazel(*arguments)` raises where Bazel does not succeed."""
    flags = ["--disk_cache=%s" % cache]
    failed = not_proven = 0
    try:
        _bootstrap(root, "--packaging")
    except subprocess.CalledProcessError:
        say("campaign: tools/bootstrap --packaging has failed; what misses something will fail, too")
    for label, arguments in TESTS.items():
        command = ("--test_output=streamed", *REQUIRED, *arguments, label)
        try:
            bazel("test", "--config=opt", *flags, *command)
        except subprocess.CalledProcessError:
            say("campaign: FAILED; again: bazel test --config=opt " + " ".join(command))
            failed += 1
    try:
        if not _m32(root, bazel, flags, say, runs):
            not_proven += 1
    except subprocess.CalledProcessError:
        say("campaign: FAILED; again: bazel test --config=opt " + " ".join([*M32_FLAGS, "--", *M32]))
        failed += 1
    say("campaign: packaging: %d passed, %d failed, %d not proven" % (
        len(TESTS) + 1 - failed - not_proven, failed, not_proven))
    return failed + not_proven
