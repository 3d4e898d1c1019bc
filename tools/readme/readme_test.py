"""What the pages claim of the tree is true of it."""

import pathlib
import re
import unittest

from readme import READMES, ROOT, block, blocks, pages, pairs, structure

_PACKAGES = ("core", "tcp_server", "tcp_agent", "tcp_client", "udp", "cast")
_NUMBER = r'"(\d+(?:\.\d+)*)"'


def text(path):
    return (ROOT / path).read_text(encoding="utf-8")


def number(path, name):
    return re.search(r"^%s = %s" % (name, _NUMBER), text(path), re.MULTILINE).group(1)


def anchors(path):
    """What a heading of the page can be linked as."""
    return {
        re.sub(r"[^\w\- ]", "", line.lstrip("#").strip().lower()).replace(" ", "-")
        for line in text(path).splitlines() if line.startswith("#")
    }


class ReadmeTest(unittest.TestCase):
    def test_opens_with_the_two_commands(self):
        for page in READMES:
            lines = blocks(page)[0][1].splitlines()
            self.assertEqual(["./tools/quickstart", "./tools/test"], [line.split()[0] for line in lines])
            for line in lines:
                self.assertTrue((ROOT / line.split()[0]).stat().st_mode & 0o100, line)

    def test_shows_the_echo_server_that_is_compiled(self):
        source = text("sdk/demos/readme_echo/echo.cc")
        self.assertEqual(12, len(source.splitlines()))
        for page in READMES:
            self.assertEqual(source, block(page, "hpsocket/tcp_server/tcp_server.h"))

    def test_shows_the_same_code_in_both_languages(self):
        self.assertEqual(*[blocks(page) for page in READMES])

    def test_translations_have_the_same_structure(self):
        found = pairs()
        self.assertGreater(len(found), 6)
        for english, chinese in found:
            with self.subTest(page=str(chinese)):
                self.assertEqual(structure(english), structure(chinese))

    def test_diagrams_name_their_participants(self):
        for page in pages():
            for diagram in [code for language, code in blocks(page) if language == "mermaid"]:
                first, *lines = [line.strip() for line in diagram.splitlines()]
                self.assertEqual("sequenceDiagram", first, page)
                known = []
                for line in lines:
                    participant = re.fullmatch(r"participant (\w) as \S.*", line)
                    if participant:
                        known.append(participant.group(1))
                        continue
                    # In Mermaid a semicolon ends a statement, and a number sign begins a character's code.
                    said = re.fullmatch(r"(?:(\w)->>(\w)|Note over (\w),(\w)): [^;#]+", line)
                    self.assertTrue(said, "%s: %s" % (page, line))
                    self.assertLessEqual({name for name in said.groups() if name}, set(known), "%s: %s" % (page, line))

    def test_guide_names_what_headers_declare(self):
        headers = "".join(path.read_text(encoding="utf-8") for path in ROOT.rglob("*.h") if "testing" not in path.parts)
        declared = set(re.findall(r"\w+", headers))
        named = 0
        for page in (page for page in pages() if page.parts[:2] == ("sdk", "guide")):
            # The last chapter also names what other versions of HP-Socket have.
            prose = re.sub(r"^```.*?^```$", "", text(page), flags=re.MULTILINE | re.DOTALL)
            prose = prose.replace("`SetReuseAddressPolicy`", "")
            for word in re.findall(r"\b(?:(?:Set|Get|Is|On|Create_|Destroy_|HP_|C(?:Tcp|Udp))[A-Z]\w+|S[EOPS]_[A-Z]\w+"
                                   r"|(?:RP|HR|FR|CM|IO)_[A-Z]\w+)", prose):
                if word in ("SO_RCVBUF", "SO_REUSEADDR", "OnHandShake") or word.endswith("_"):
                    continue
                named += 1
                self.assertIn(word, declared, page)
        self.assertGreater(named, 500)

    def test_opens_files_that_are_there(self):
        rows = []
        for page in READMES:
            # The last table; its second column names files.
            table = text(page).rpartition("|---|---|")[2]
            rows.append([re.findall(r"`([^`]+)`", line.split("|")[2]) for line in table.splitlines() if line.startswith("|")])
            self.assertGreater(len(rows[-1]), 15)
            for files in rows[-1]:
                self.assertTrue(files)
                for name in files:
                    self.assertTrue((ROOT / name).is_file(), "%s: %s" % (page, name))
        self.assertEqual(*rows)

    def test_names_targets_that_are_there(self):
        for page in pages():
            for package, name in re.findall(r"bazel (?:run|test) //([\w/]*):(\w+)", text(page)):
                if name == "all":
                    self.assertTrue((ROOT / package / "BUILD").is_file(), "%s: //%s:all" % (page, package))
                else:
                    build = text(pathlib.Path(package, "BUILD"))
                    # hp_conformance_test(name = "conformance") makes conformance_main and conformance_<variant>.
                    made = "hp_conformance_test(" in build and name.startswith("conformance_")
                    declared = "conformance" if made else name
                    self.assertIn('"%s"' % declared, build, "%s: //%s:%s" % (page, package, name))

    def test_links_lead_somewhere(self):
        for page in pages():
            for target in re.findall(r"\]\(([^)\s]+)\)", text(page)):
                if "://" in target:
                    continue
                name, _, anchor = target.partition("#")
                path = (ROOT / page.parent / name) if name else ROOT / page
                self.assertTrue(path.exists(), "%s: %s" % (page, target))
                if anchor:
                    self.assertIn(anchor, anchors(path.resolve().relative_to(ROOT)), "%s: %s" % (page, target))

    def test_module_block_has_the_names_of_module_bazel(self):
        module = text("MODULE.bazel")
        shown = block(READMES[0], "MODULE.bazel")
        name, version = re.search(r'module\(\s*name = "(\w+)",\s*version = ' + _NUMBER, module).groups()
        self.assertIn('bazel_dep(name = "%s", version = "%s")' % (name, version), shown)
        self.assertIn('module_name = "%s"' % name, shown)
        for dependency in re.findall(r'^bazel_dep\(name = "(?!%s")[^)]*\)$' % name, shown, re.MULTILINE):
            self.assertIn(dependency, module)
        self.assertIn('workspace(name = "%s")' % name, text("WORKSPACE"))
        for package in re.findall(r'"@%s//(\w+)"' % name, block(READMES[0], "# BUILD")):
            self.assertIn('name = "%s"' % package, text(package + "/BUILD"))

    def test_folder_pages_are_short(self):
        for page in pages():
            if page.name == "README.md" and len(page.parts) > 1:
                self.assertLessEqual(len(text(page).splitlines()), 120, page)
            if page.parts[:2] == ("sdk", "guide"):
                self.assertLessEqual(len(text(page).splitlines()), 200, page)


class VersionTest(unittest.TestCase):
    def test_changelog_begins_with_the_version(self):
        for package in _PACKAGES:
            newest = re.search(r"^## (\S+)", text(package + "/CHANGELOG.md"), re.MULTILINE).group(1)
            self.assertEqual(number(package + "/version.bzl", "VERSION"), newest, package)

    def test_module_has_the_version_of_the_whole(self):
        version, level = re.search(r"module\([^)]*version = %s,\s*compatibility_level = (\d+)" % _NUMBER,
                                   text("MODULE.bazel")).groups()
        self.assertEqual(number("sdk/version.bzl", "VERSION"), version)
        self.assertEqual(version.partition(".")[0], level)

    def test_components_ask_for_a_core_that_is_there(self):
        def parts(version):
            return [int(part) for part in version.split(".")]

        core = parts(number("core/version.bzl", "VERSION"))
        for package in _PACKAGES[1:]:
            wanted = parts(number(package + "/version.bzl", "REQUIRES_CORE"))
            self.assertEqual(core[0], wanted[0], package)
            self.assertLessEqual(wanted, core, package)


if __name__ == "__main__":
    unittest.main()
