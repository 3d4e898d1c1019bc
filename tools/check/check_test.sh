#!/bin/sh
# Every check catches its bad sample.
cd "$(dirname "$0")" && exec python3 -m unittest -v check_test summary_test
