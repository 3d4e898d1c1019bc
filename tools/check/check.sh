#!/bin/sh
# A check as a Bazel test: check.sh NAME. Python stands beside this file in the runfiles.
exec python3 "$(dirname "$0")/check.py" "$@"
