#!/bin/sh
# Builds a product with Bazel 7 as the README's MODULE.bazel block says: module_test.sh [--conformance]
exec python3 "$(dirname "$0")/module_test.py" "$@"
