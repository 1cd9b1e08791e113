"""The pages of docs/interop and others like them: what a test runs is what a reader copies."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
DIRECTORY = ROOT / "docs" / "interop"


class Page:
    def __init__(self, name, directory=DIRECTORY, section=None):
        """A page, or what stands below one of its headings."""
        self.name = f"{name}.md" if section is None else f"{name}.md, {section}"
        self._text = (directory / f"{name}.md").read_text()
        if section is not None:
            sections = re.split(r"^##+ (.*)\n", self._text, flags=re.MULTILINE)
            if section not in sections[1::2]:
                raise AssertionError(f"{name}.md has no section {section}")
            self._text = sections[2 * sections[1::2].index(section) + 2]

    def block(self, language, replacing=(), number=0):
        """A code block of the page, with the example's names replaced by the test's.

        Every name has to be there: a page that lost one no longer says what the test needs.
        """
        blocks = re.findall(rf"^```{language}\n(.*?)^```$", self._text, re.MULTILINE | re.DOTALL)
        if number >= len(blocks):
            raise AssertionError(f"{self.name} has no block {number} of {language}")
        text = blocks[number]
        for name, value in dict(replacing).items():
            if name not in text:
                raise AssertionError(f"{self.name}, block {number} of {language}, does not say {name}")
            text = text.replace(name, value)
        return text

    def rows(self):
        """The rows of the page's tables, each a list of its cells."""
        lines = re.findall(r"^\| (.*) \|$", self._text, re.MULTILINE)
        return [line.split(" | ") for line in lines]
