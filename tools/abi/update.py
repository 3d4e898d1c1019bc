"""Writes down what is released: bazel run --config=opt //tools/abi:update

Replaces tools/abi/released/ in the source tree: the dumps of both libraries, and their headers in one file each. Part of
a release; before the first one, of every change of the interface that is meant.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

import abi

HERE = pathlib.Path(__file__).absolute().parent


def main(arguments):
    workspace = os.environ.get("BUILD_WORKSPACE_DIRECTORY")
    if not workspace or len(arguments) != 5:
        sys.exit(__doc__)
    install, library, debug, c_library, c_debug = arguments
    released = pathlib.Path(workspace, "tools/abi/released")
    texts = {"libhpsocket.abi": abi.text_of(abi.dump(library, debug, c_debug)),
             "libhpsocket4c.abi": abi.text_of(abi.dump(c_library, c_debug))}
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([install, "--prefix=" + folder, "--no-debug", "--no-static"], check=True, stdout=subprocess.DEVNULL)
        for header in ("HPSocket.h", "HPSocket4C.h"):
            texts[header] = abi.flatten(header, pathlib.Path(folder, "include"))
    released.mkdir(exist_ok=True)
    for name, text in texts.items():
        (released / name).write_text(text, encoding="utf-8")
        print("%s: %d lines" % (name, text.count("\n")))


if __name__ == "__main__":
    main(sys.argv[1:])
