"""Reads code blocks and tables from documentation pages, so that tests run the code that readers copy."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
DIRECTORY = ROOT / "docs" / "interop"


class Page:
    def __init__(self, name, directory=DIRECTORY, section=None):
        """A page, or one section of it."""
        self.name = f"{name}.md" if section is None else f"{name}.md, {section}"
        self._text = (directory / f"{name}.md").read_text()
        if section is not None:
            sections = re.split(r"^##+ (.*)\n", self._text, flags=re.MULTILINE)
            if section not in sections[1::2]:
                raise AssertionError(f"{name}.md has no section {section}")
            self._text = sections[2 * sections[1::2].index(section) + 2]

    def block(self, language, replacing=(), number=0):
        """A code block of the page, with example names replaced by those of the test.

        Raises if the block does not contain one of the names, because the test then would not test the page.
        """
        blocks = re.findall(rf"^```{language}\n(.*?)^```$", self._text, re.MULTILINE | re.DOTALL)
        if number >= len(blocks):
            raise AssertionError(f"{self.name} has no block {number} of {language}")
        text = blocks[number]
        for name, value in dict(replacing).items():
            if name not in text:
                raise AssertionError(f"{self.name}, block {number} of {language}, does not contain {name}")
            text = text.replace(name, value)
        return text

    def rows(self):
        """The rows of the page's tables, each a list of its cells."""
        lines = re.findall(r"^\| (.*) \|$", self._text, re.MULTILINE)
        return [line.split(" | ") for line in lines]
