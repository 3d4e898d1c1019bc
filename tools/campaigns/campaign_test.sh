#!/bin/sh
# The campaign's own parts, with programs that only say what a test would.
cd "$(dirname "$0")" && exec python3 -m unittest -v campaign_test
