"""Installs HP-Socket's headers and libraries for programs that are not built by Bazel.

Below PREFIX come include/ (HPSocket.h, HPSocket4C.h and what they include), the libraries, pkg-config files (hpsocket,
hpsocket4c) and a CMake package (find_package(HPSocket), HPSocket::hpsocket, HPSocket::hpsocket4c). None of them knows
where it is installed: the folder may be moved as a whole. share/hpsocket/installed.txt lists all that was installed;
installing again replaces it, --uninstall removes it. Files that are not on that list are never overwritten without
--force.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import sys

HERE = pathlib.Path(__file__).absolute().parent  # among the runfiles, as the list is
MANIFEST = "share/hpsocket/installed.txt"
_PUBLIC = re.compile(r"// (\S+ — )?Public\.( Generated .*)?\n")


class Refused(Exception):
    """What the user should know; nothing was changed."""


class Link(str):
    """A symbolic link to this name."""


def libraries(built, abi, with_debug, with_static):
    """{name: where it is built, or a Link}"""
    found = {}
    for name, path in built.items():
        if name.endswith(".a"):
            if with_static:
                found[name] = path
        elif with_debug or not name.endswith("_d.so." + abi):
            found[name] = path
            found[name[:-len("." + abi)]] = Link(name)
    return found


def filled_in(template, words):
    """The template's text, with @NAME@ replaced."""
    text = (HERE / "templates" / template).read_text(encoding="utf-8")
    return re.sub(r"@(\w+)@", lambda found: words[found.group(1)], text).encode()


def pointer_size(library):
    """4 or 8: what ELF's header says of a library."""
    with open(library, "rb") as file:
        return {1: 4, 2: 8}[file.read(5)[4]]


def contents(options):
    """All that is to be installed, {path from the prefix: pathlib.Path, bytes or Link}, without the manifest."""
    built = json.loads((HERE / "list.json").read_text(encoding="utf-8"))
    runfiles = HERE.parents[1]
    found = {}
    for name, path in built["headers"].items():
        header = runfiles / path
        with open(header, encoding="utf-8") as file:
            if _PUBLIC.match(file.readline()):
                found["include/" + name] = header
    lib = options.libdir
    for name, source in libraries(built["libraries"], built["abi"], options.debug, options.static).items():
        found["%s/%s" % (lib, name)] = source if isinstance(source, Link) else runfiles / source
    found["share/doc/hpsocket/LICENSE"] = runfiles / built["license"]

    pointer = pointer_size(found["%s/libhpsocket.so.%s" % (lib, built["abi"])])
    words = {"VERSION": built["version"], "MAJOR": built["version"].partition(".")[0], "ABI": built["abi"], "LIBDIR": lib,
             "POINTER": str(pointer), "BITS": str(pointer * 8)}
    for folder, names in (("pkgconfig", ("hpsocket.pc", "hpsocket4c.pc")),
                          ("cmake/HPSocket", ("HPSocketConfig.cmake", "HPSocketConfigVersion.cmake"))):
        words["UP"] = "/".join([".."] * len(pathlib.PurePath(lib, folder).parts))
        for name in names:
            found["%s/%s/%s" % (lib, folder, name)] = filled_in(name, words)
    found["share/doc/hpsocket/NOTICE"] = filled_in("NOTICE", words)
    return found


def manifest(root):
    """The files that are installed below `root`, as far as the list there says."""
    path = root / MANIFEST
    if not path.is_file():
        return set()
    names = path.read_text(encoding="utf-8").split("\n")[:-1]
    for name in names:
        if not name or name.startswith("/") or ".." in name.split("/"):
            raise Refused("%s names %r, which no installation of this makes" % (path, name))
    return set(names)


def put(target, source):
    """Makes one file or link; whoever has the old one open keeps it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(".%s.new" % target.name)
    if os.path.lexists(new):
        new.unlink()
    try:
        if isinstance(source, Link):
            new.symlink_to(source)
        elif isinstance(source, bytes):
            new.write_bytes(source)
            new.chmod(0o644)
        else:
            shutil.copyfile(source, new)
            new.chmod(0o644)
        new.replace(target)
    except BaseException:  # a full disk, Ctrl-C: it is on no list, so nothing else would ever remove it
        if os.path.lexists(new):
            new.unlink()
        raise


def remove(root, names):
    """Removes files below `root`, and the folders that are empty then."""
    for name in sorted(names):
        if os.path.lexists(root / name):
            (root / name).unlink()
    parents = {parent for name in names for parent in pathlib.PurePath(name).parents} - {pathlib.PurePath(".")}
    for parent in sorted(parents, key=lambda path: len(path.parts), reverse=True):
        folder = root / parent
        if folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir()):
            folder.rmdir()


def install(root, found, force):
    """Puts everything below `root`. The list comes first, so that a broken off installation can be removed, too."""
    before = manifest(root)
    names = {*found, MANIFEST}
    foreign = sorted(name for name in names - before if os.path.lexists(root / name))
    if foreign and not force:
        raise Refused("not of an installation that this knows, in %s (--force replaces them):\n  %s" % (
            root, "\n  ".join(foreign)))

    def listed(which):
        return "".join(name + "\n" for name in sorted(which)).encode()

    put(root / MANIFEST, listed(names | before))
    for name, source in found.items():
        put(root / name, source)
    remove(root, before - names)
    put(root / MANIFEST, listed(names))
    return len(names)


def uninstall(root):
    names = manifest(root)
    if not names:
        raise Refused("nothing to remove: there is no %s" % (root / MANIFEST))
    remove(root, names - {MANIFEST})
    remove(root, {MANIFEST})  # last, so that what was broken off can be done again
    return len(names)


def folder_below(text):
    """A relative folder: no way out of the prefix."""
    path = pathlib.PurePath(text)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise argparse.ArgumentTypeError("%r is no folder below the prefix" % text)
    return path.as_posix()


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="bazel run --config=opt //tools/install --", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Exit codes: 0 done; 1 refused or failed; 2 a mistake on the command line.")
    parser.add_argument("--prefix", metavar="DIR", required=True, help="the folder to install to, for example /usr/local")
    parser.add_argument("--destdir", metavar="DIR", help="put DIR before the prefix, as packages do")
    parser.add_argument("--libdir", metavar="DIR", default="lib", type=folder_below,
                        help="where libraries go below the prefix (default lib)")
    parser.add_argument("--no-debug", dest="debug", action="store_false", help="without the libraries in debug mode")
    parser.add_argument("--no-static", dest="static", action="store_false", help="without libhpsocket.a")
    parser.add_argument("--force", action="store_true", help="overwrite files that others have installed")
    parser.add_argument("--uninstall", action="store_true", help="remove what is installed there")
    options = parser.parse_args(arguments)
    if not options.prefix:  # say, of a variable that is not set
        parser.error("--prefix names no folder")
    # `bazel run` starts programs among their runfiles. No shell replaces the ~ in --prefix=~/x.
    here = pathlib.Path(os.environ.get("BUILD_WORKING_DIRECTORY") or os.getcwd())
    options.prefix = os.path.expanduser(options.prefix)
    root = pathlib.Path(os.path.normpath(here / options.prefix))
    if options.destdir:
        if not os.path.isabs(options.prefix):
            parser.error("--destdir needs an absolute --prefix, not %s" % options.prefix)
        destdir = os.path.normpath(here / os.path.expanduser(options.destdir))
        root = pathlib.Path(destdir) / root.relative_to(root.anchor)  # of //usr that is //
    return options, root


def main(arguments):
    options, root = parse(arguments)
    os.umask(0o022)  # what is installed is for everybody
    try:
        if options.uninstall:
            print("removed %d files from %s" % (uninstall(root), root))
        else:
            print("installed %d files in %s" % (install(root, contents(options), options.force), root))
    except (Refused, OSError) as failure:
        print("install: %s" % failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    for signal_number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(signal_number) != signal.SIG_IGN:
            signal.signal(signal_number, lambda number, _: sys.exit(128 + number))  # what is half made is removed
    sys.exit(main(sys.argv[1:]))
