"""What the tests run C# with: the system's mcs and mono, and the assembly that mcs makes."""

import pathlib
import shutil

from program_tests import run

HERE = pathlib.Path(__file__).resolve().parent


def missing_programs():
    """What is not there of what C# needs."""
    return [name for name in ("mcs", "mono") if not shutil.which(name)]


def build(folder, source):
    """Makes HPSocket.dll, and compiles a source that uses it, into a folder; the command that runs it."""
    assembly, program = folder / "HPSocket.dll", folder / (pathlib.Path(source).stem + ".exe")
    run(["mcs", "-warnaserror", "-target:library", "-out:%s" % assembly, *sorted((HERE / "HPSocket").glob("*.cs"))])
    run(["mcs", "-warnaserror", "-out:%s" % program, "-r:%s" % assembly, source])
    return ["env", "MONO_THREADS_SUSPEND=coop", "mono", "--debug", str(program)]
