#!/bin/sh
# What a machine does that cannot make Debian trees.
cd "$(dirname "$0")" && exec python3 -m unittest -v debian_tree_test
