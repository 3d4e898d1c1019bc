#!/bin/sh
# Writes down the interfaces of a release: bazel run --config=opt //tools/abi:update
exec python3 tools/abi/update.py "$@"
