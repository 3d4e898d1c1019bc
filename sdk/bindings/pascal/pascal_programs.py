"""What the tests compile Pascal with: the system's Free Pascal."""

import os
import pathlib
import shutil

from program_tests import run

HERE = pathlib.Path(__file__).resolve().parent


def missing_programs():
    """What is not there of what Pascal needs."""
    return [name for name in ("fpc", "ld") if not shutil.which(name)]


def build(folder, source, libraries):
    """Compiles a source, with the units, into a folder, for the libraries; the command that runs it."""
    for library in map(pathlib.Path, libraries):
        if not (folder / library.name).exists():
            (folder / library.name).symlink_to(library.resolve())
            (folder / library.stem).symlink_to(library.name)  # what the linker looks for
    run(["fpc", "-O2", "-gl", "-vew", "-Sew", "-FU%s" % folder, "-FE%s" % folder, "-Fl%s" % folder, "-Fu%s" % HERE, source])
    return ["env", "LD_LIBRARY_PATH=%s" % folder, os.path.join(folder, pathlib.Path(source).stem)]
