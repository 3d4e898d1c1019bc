#!/bin/sh
# What snippets.py makes of pages.
cd "$(dirname "$0")" && exec python3 -m unittest -v snippets_test
