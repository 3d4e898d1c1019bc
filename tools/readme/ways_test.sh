#!/bin/sh
# What the tests of the README's ways ask of the Bazels that they start.
cd "$(dirname "$0")" && exec python3 -m unittest -v ways_test
