#!/bin/sh
# Builds a product with Bazel 7 as the README's MODULE.bazel block says: module_test.sh [--conformance]
# Bazel gives tests a PATH without the folders of root's tools.
PATH=$PATH:/usr/sbin:/sbin
export PATH
exec python3 "$(dirname "$0")/module_test.py" "$@"
