#!/bin/sh
# Installs the SDK, or removes it: bazel run --config=opt //tools/install -- --prefix=DIR; --help.
script=$(dirname "$0")/install.py
if ! [ -e "$script" ]; then
  for script in "$0.runfiles"/*/tools/install/install.py; do break; done
fi
exec python3 "$script" "$@"
