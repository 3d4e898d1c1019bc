#!/usr/bin/env python3
"""Writes HTML pages of every public header, by Doxygen: bazel run //sdk/guide:reference -- --out DIR

Public is a header whose banner opens with "Public." Our comments are not Doxygen's, so each header passes through a
filter first (reference_filter.py).
"""

import argparse
import pathlib
import shutil
import subprocess
import sys

_HERE = pathlib.Path(__file__).resolve()
_ROOT = _HERE.parents[2]  # through Bazel's links to the real tree
_FOLDERS = ("core", "tcp_server", "tcp_agent", "tcp_client", "udp", "cast", "sdk")
_SETTINGS = """\
PROJECT_NAME = hpsocket
OUTPUT_DIRECTORY = "{out}"
INPUT = {headers}
FULL_PATH_NAMES = YES
STRIP_FROM_PATH = "{root}"
STRIP_FROM_INC_PATH = "{root}"
INPUT_FILTER = "\\"{python}\\" \\"{filter}\\""
FILTER_SOURCE_FILES = NO
EXTRACT_ALL = YES
HIDE_UNDOC_RELATIONS = YES
EXCLUDE_SYMBOLS = hpsocket::core hpsocket::core::*
MACRO_EXPANSION = YES
EXPAND_ONLY_PREDEF = YES
PREDEFINED = HPSOCKET_API= __stdcall= __cplusplus=201402L
DISTRIBUTE_GROUP_DOC = NO
MARKDOWN_SUPPORT = YES
AUTOLINK_SUPPORT = YES
GENERATE_HTML = YES
GENERATE_LATEX = NO
HAVE_DOT = NO
QUIET = YES
WARNINGS = YES
WARN_IF_UNDOCUMENTED = NO
WARN_IF_DOC_ERROR = YES
WARN_AS_ERROR = FAIL_ON_WARNINGS
"""


def public_headers(root):
    """The headers that applications include."""
    found = [path for folder in _FOLDERS for path in (root / folder).rglob("*.h")]
    return sorted(path for path in found if path.read_text(encoding="utf-8").startswith("// Public.\n"))


def main():
    parser = argparse.ArgumentParser(description="Writes HTML pages of every public header, by Doxygen.")
    parser.add_argument("--out", type=pathlib.Path, required=True, metavar="DIR",
                        help="folder to write to, from / (bazel run starts elsewhere); the pages are in DIR/html")
    arguments = parser.parse_args()
    if not arguments.out.is_absolute():
        parser.error("--out has to begin with /: bazel run starts in a folder of its own")
    doxygen = shutil.which("doxygen")
    if doxygen is None:
        sys.exit("doxygen is missing: apt-get install doxygen")
    try:
        arguments.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        sys.exit("cannot make %s: %s" % (arguments.out, error.strerror))
    headers = public_headers(_ROOT)
    settings = _SETTINGS.format(out=arguments.out, root=_ROOT, python=sys.executable,
                                filter=_HERE.with_name("reference_filter.py"),
                                headers=" ".join('"%s"' % path for path in headers))
    print("%d headers ..." % len(headers), flush=True)
    made = subprocess.run([doxygen, "-"], input=settings, text=True, check=False)
    if made.returncode != 0:
        sys.exit("doxygen failed, exit code %d" % made.returncode)
    print("open %s" % (arguments.out / "html/index.html"))


if __name__ == "__main__":
    main()
