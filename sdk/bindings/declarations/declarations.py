#!/usr/bin/env python3
"""Writes what the bindings of C#, Pascal and E declare, from the C headers; declarations_test.py tells when to.

Run it in the tree: sdk/bindings/declarations/declarations.py
"""

import pathlib

import c_headers
import csharp
import e
import pascal

BINDINGS = pathlib.Path(__file__).absolute().parents[1]
FILES = {**csharp.FILES, **pascal.FILES, **e.FILES}


def main():
    table = c_headers.Table()
    for name, text in FILES.items():
        (BINDINGS / name).write_text(text(table), encoding="utf-8")


if __name__ == "__main__":
    main()
