"""What snippets.py makes of pages, and which pages it refuses."""

import pathlib
import tempfile
import unittest

import snippets
from readme import structure

_PAGE = """\
# Title

```cpp
// one.cc
int main() { return 0; }
```

```cpp
// Given: int a, int b
a = b;
```

```cpp
#include <string>
struct S {};
```

```c
// Given: void
```

```sh
not code of ours
```
"""


class PagesTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def page(self, language, text, name="01.md"):
        path = self.folder / language / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path


class SnippetsTest(PagesTest):
    def test_each_block_becomes_source(self):
        page = self.page("en", _PAGE)
        made = snippets.sources([page])
        self.assertEqual({"one.cc", "snippets.cc", "snippets.c"}, set(made))
        self.assertEqual('#line 4 "%s"\n// one.cc\nint main() { return 0; }\n' % page, made["one.cc"])
        self.assertIn('#line 9 "%s"\n// Given: int a, int b\na = b;\n}' % page, made["snippets.cc"])
        self.assertIn("(int a, int b) {", made["snippets.cc"])
        self.assertTrue(made["snippets.cc"].startswith('#include "HPSocket.h"\n#include <'))
        self.assertLess(made["snippets.cc"].rindex("#include <string>"), made["snippets.cc"].index("#line"))
        self.assertNotIn("namespace", made["snippets.c"])
        self.assertIn("(void) {", made["snippets.c"])
        self.assertNotIn("not code", "".join(made.values()))

    def test_blocks_have_names_of_their_own(self):
        pages = [self.page("en", _PAGE.replace("one.cc", name + ".cc"), name + ".md") for name in ("a", "b")]
        source = snippets.sources(pages)["snippets.cc"]
        names = [line for line in source.splitlines() if line.startswith("namespace ")]
        self.assertEqual(4, len(names))
        self.assertEqual(len(names), len(set(names)))

    def test_two_programs_of_one_name_are_refused(self):
        with self.assertRaises(snippets.Mistake):
            snippets.sources([self.page("en", _PAGE), self.page("en", _PAGE, "02.md")])

    def test_translations_show_the_same(self):
        english = self.page("en", _PAGE)
        snippets.compare([english, self.page("zh", _PAGE.replace("Title", "标题"))])
        with self.assertRaises(snippets.Mistake):
            snippets.compare([english, self.page("zh", _PAGE.replace("a = b", "b = a"))])
        with self.assertRaises(snippets.Mistake):
            snippets.compare([english, self.page("zh", _PAGE + "\n```c\nint x;\n```\n")])
        with self.assertRaises(snippets.Mistake):
            snippets.compare([english])


class StructureTest(PagesTest):
    def same(self, english, chinese):
        return structure(self.page("en", english)) == structure(self.page("zh", chinese))

    def test_words_may_differ(self):
        self.assertTrue(self.same("# One\ntext\n| a | b |\n", "# 一\n文字\n| 甲 | 乙 |\n"))
        self.assertTrue(self.same("[a](b/README.md#x)\n", "[甲](b/README.zh.md#y)\n"))

    def test_structure_may_not(self):
        self.assertFalse(self.same("# One\n## Two\n", "# 一\n# 二\n"))
        self.assertFalse(self.same("| a | b |\n", "| 甲 |\n"))
        self.assertFalse(self.same("| a |\n| b |\n", "| 甲 |\n"))
        self.assertFalse(self.same("[a](b.md)\n", "[甲](c.md)\n"))
        self.assertFalse(self.same("```sh\na\n```\n", "```sh\nb\n```\n"))

    def test_a_diagram_keeps_who_speaks_to_whom(self):
        def diagram(line):
            return "```mermaid\nsequenceDiagram\n    %s\n```\n" % line

        self.assertTrue(self.same(diagram("A->>B: hello"), diagram("A->>B: 你好")))
        self.assertTrue(self.same(diagram("participant A as it"), diagram("participant A as 它")))
        self.assertFalse(self.same(diagram("A->>B: hello"), diagram("B->>A: hello")))
        self.assertFalse(self.same(diagram("participant A as it"), diagram("participant B as it")))


if __name__ == "__main__":
    unittest.main()
