"""What the tests run Java with: the system's JDK and JNA, and the jar that make_jar makes."""

import os
import pathlib
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
JNA = "/usr/share/java/jna.jar"


def missing_programs():
    """What is not there of what Java needs."""
    return [name for name in ("java", "javac", "jar") if not shutil.which(name)] + (
        [] if os.path.exists(JNA) else [JNA])


def java(folder):
    """The command, up to a class's name, that runs what build() made in a folder."""
    # Short lives need no optimising compiler. The statistics go by process ID, which sandboxes have in common.
    return ["java", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-ea", "-classpath",
            os.pathsep.join([JNA, str(folder / "hpsocket.jar"), str(folder / "classes")])]


def build(folder, *sources):
    """Makes the jar, and compiles sources that use it, into a folder."""
    run([HERE / "make_jar", folder / "hpsocket.jar"])
    run(["javac", "--release", "11", "-encoding", "UTF-8", "-Xlint:all", "-Werror", "-classpath",
         os.pathsep.join([JNA, str(folder / "hpsocket.jar")]), "-d", folder / "classes", *sources])


def run(command):
    """Runs something that must succeed; what it wrote."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
                          check=False)
    if done.returncode != 0:
        raise AssertionError("%s: exit code %d\n%s" % (command, done.returncode, done.stdout))
    return done.stdout
