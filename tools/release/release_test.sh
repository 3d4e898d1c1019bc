#!/bin/sh
exec python3 "$(dirname "$0")/release_test.py" "$@"
