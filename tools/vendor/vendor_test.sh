#!/bin/sh
exec python3 "$(dirname "$0")/vendor_test.py" "$@"
