#!/bin/sh
# What the pages claim of the tree is true of it.
cd "$(dirname "$0")" && exec python3 -m unittest -v readme_test
