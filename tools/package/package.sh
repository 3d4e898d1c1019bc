#!/bin/sh
# Builds the Debian packages: bazel run --config=opt //tools/package -- --out=DIR; --help.
script=$(dirname "$0")/package.py
if ! [ -e "$script" ]; then
  for script in "$0.runfiles"/*/tools/package/package.py; do break; done
fi
exec python3 "$script" "$@"
