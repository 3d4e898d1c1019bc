#!/bin/sh
# Vendors each component alone and builds programs on it, and on its C functions, with CMake: [--conformance] [COMPONENT ...]
exec python3 "$(dirname "$0")/cmake_test.py" "$@"
