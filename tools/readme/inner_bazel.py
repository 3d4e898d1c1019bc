"""What the ways' tests have in common: each runs a Bazel of its own, for a product, in an environment of its own."""

import os


def requirements():
    """The options that tell such a Bazel's tests what they must not skip: what this test has been told.

    Products do not have our .bazelrc, which hands these variables on.
    """
    return ["--test_env=%s=%s" % item for item in sorted(os.environ.items()) if item[0].startswith("HPSOCKET_REQUIRE_")]
