#!/bin/sh
# Builds a product as the README says: product_test.sh consumer|vendored|suites [--all]
exec python3 "$(dirname "$0")/product_test.py" "$@"
