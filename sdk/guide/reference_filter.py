"""A header as Doxygen wants it, on stdout: reference_filter.py HEADER

  the banner                becomes the file's page
  a comment over something  belongs to it
  a comment after something belongs to that
  "Spec: ..." goes, and so do dividers ("--- Sending ---"), NOLINT and what names the end of a scope

Lines stay where they are, so that warnings name the right ones.
"""

import pathlib
import re
import sys

_OWN_LINE = re.compile(r"(\s*)//(?: (.*))?$")
_AFTER = re.compile(r"(.*\S)  // (.*)$")
_DROPPED = re.compile(r"Spec: |--- .* ---$")
_CONTINUED = " " * 10  # below a tag
_NO_WORDS = re.compile(r"NOLINT|namespace\b|HPSOCKET_\w+_H_$|extern ")


def escaped(words):
    """Words that Doxygen takes as they are: no commands, no tags, no links of its own; `code` stays code."""
    pieces = words.split("`")
    pieces[::2] = [re.sub(r"[\\@<>#&%]", r"\\\g<0>", piece) for piece in pieces[::2]]
    return "`".join(pieces)


def filtered(lines):
    """The header's lines, one for one."""
    in_banner = True
    for number, line in enumerate(lines):
        own = _OWN_LINE.fullmatch(line)
        if own:
            words = own.group(2) or ""
            if _DROPPED.match(words):
                yield ""
            elif in_banner and number == 0:
                yield "/// \\file"
            else:
                yield own.group(1) + "/// " + _shaped(words)
            continue
        in_banner = False
        after = _AFTER.fullmatch(line)
        if after and not line.startswith("#") and not _NO_WORDS.match(after.group(2)):
            yield after.group(1) + "  ///< " + escaped(after.group(2))
        else:
            yield line


def _shaped(words):
    """A banner's tag ("Threads:  ...") begins a paragraph; an indented example is code."""
    tag = re.match(r"(Threads|Owner|Lifetime|Order|Errors|Units):\s+(.*)", words)
    if tag:
        return "\\n \\b %s: %s" % (tag.group(1), escaped(tag.group(2)))
    if re.match(r"  +\S", words) and not words.startswith(_CONTINUED):
        return "    " + words
    return escaped(words.strip())


def main():
    text = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
    sys.stdout.write("\n".join(filtered(text.splitlines())) + "\n")


if __name__ == "__main__":
    main()
