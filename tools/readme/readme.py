"""What the READMEs show: their code blocks, by the words that the first line of each has."""

import pathlib
import re

# Through Bazel's links to the real tree: the tests look at what a clone holds.
ROOT = pathlib.Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.zh.md")

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(path):
    """All code blocks of a page, [(language, text)]."""
    return _BLOCK.findall((ROOT / path).read_text(encoding="utf-8"))


def block(path, mark):
    """The one block of a page whose first line contains `mark`."""
    found = [text for _, text in blocks(path) if mark in text.partition("\n")[0]]
    if len(found) != 1:
        raise ValueError("%s has %d code blocks that begin with %s" % (path, len(found), mark))
    return found[0]


def pages():
    """Every page of the tree, relative to it."""
    for path in sorted(ROOT.rglob("*.md")):
        relative = path.relative_to(ROOT)
        if not any(part.startswith((".", "bazel-")) for part in relative.parts):
            yield relative


def pairs():
    """Pages that exist in both languages, [(English, Chinese)], relative to ROOT: README.zh.md beside README.md, and
    the guide's folders."""
    found = [(page.with_name("README.md"), page) for page in pages() if page.name == "README.zh.md"]
    guide = pathlib.Path("sdk/guide")
    names = {page.name for page in pages() if page.parent in (guide / "en", guide / "zh")}
    found += [(guide / "en" / name, guide / "zh" / name) for name in names]
    return sorted(found)


def structure(path):
    """What a page has in common with its translation, as lines: the levels of its headings, its code, its diagrams
    without their words, the shape of its tables, where its links lead."""
    text = (ROOT / path).read_text(encoding="utf-8")
    lines = []
    for language, code in _BLOCK.findall(text):
        lines += ["```" + language] + [_wordless(line) if language == "mermaid" else line for line in code.splitlines()]
    for line in _BLOCK.sub("", text).splitlines():
        heading = re.match(r"#+ ", line)
        if heading:
            lines.append(heading.group())
        if line.startswith("|"):
            lines.append("|" * (line.replace("\\|", "").count("|")))
    # Words stand in another order in another language, and so do links.
    links = re.findall(r"\]\(([^)\s#]+)", _BLOCK.sub("", text))
    return lines + sorted(_LINK_OF_LANGUAGE.sub("", link) for link in links)


# What a link to a page of the reader's language has that its translation's has not.
_LINK_OF_LANGUAGE = re.compile(r"\.zh(?=\.md)|(^|(?<=guide/))(en|zh)/")
_WORDS = re.compile(r"^(\s*)(participant|actor) (\w+) as .*|^(\s*)(loop|alt|else|opt|par|and|critical) .*|^([^:]*):.*")


def _wordless(line):
    """A line of a sequence diagram: who speaks to whom, not what is said."""
    return _WORDS.sub(lambda found: " ".join(part for part in found.groups() if part), line)
