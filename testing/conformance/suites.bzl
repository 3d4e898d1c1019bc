"""How a conformance suite is declared: a library of tests that register themselves when it is linked."""

load("//tools/bazel:hp.bzl", "hp_cc_library")

def conformance_suite(name, srcs, deps = []):
    """The library `<name>_suite`, for hp_conformance_test's `suites = ["<name>"]`.

    Every suite may be linked into every component's program: its tests run for what is registered there, and a suite
    that finds nothing registered has no tests. `deps`: what few suites need; the rest they all have.
    """
    hp_cc_library(
        name = name + "_suite",
        testonly = True,
        srcs = srcs,
        alwayslink = True,
        visibility = ["//visibility:public"],
        deps = [
            ":agent_fixture",
            ":client_fixture",
            ":complex_fixture",
            ":ordering_fixture",
            ":pull_fixture",
            ":send_fixture",
            ":server_fixture",
            ":temporary_file",
            ":two_host_fixture",
            ":udp_fixture",
            "//core/api",
            "//core/base:clock",
            "//testing/harness:datagram_peer",
            "//testing/harness:conformance_main",
            "//testing/harness:descriptor_shortage",
            "//testing/harness:effort",
            "//testing/harness:environment",
            "//testing/harness:event_log",
            "//testing/harness:needs_kernel",
            "//testing/harness:peer",
            "//testing/harness:process_probe",
            "//testing/harness:raw_peer",
            "//testing/harness:recorder",
            "//testing/harness:spoofing_peer",
            "//testing/harness:start_stop_storm",
            "//testing/harness:subject",
            "//testing/harness:thread",
            "//testing/harness:udp_relay",
            "//testing/harness:variant",
            "@com_google_googletest//:gtest",
        ] + deps,
    )
