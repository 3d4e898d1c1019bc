#!/bin/sh
# Vendors each component alone and builds a program on it, and one on its C functions, with CMake.
exec python3 "$(dirname "$0")/cmake_test.py" "$@"
