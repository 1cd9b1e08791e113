"""The pages of docs/interop: what a test runs is what a reader copies."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
DIRECTORY = ROOT / "docs" / "interop"


class Page:
    def __init__(self, name):
        self.name = name
        self._text = (DIRECTORY / f"{name}.md").read_text()

    def block(self, language, replacing=(), number=0):
        """A code block of the page, with the example's names replaced by the test's.

        Every name has to be there: a page that lost one no longer says what the test needs.
        """
        blocks = re.findall(rf"^```{language}\n(.*?)^```$", self._text, re.MULTILINE | re.DOTALL)
        if number >= len(blocks):
            raise AssertionError(f"{self.name}.md has no block {number} of {language}")
        text = blocks[number]
        for name, value in dict(replacing).items():
            if name not in text:
                raise AssertionError(f"{self.name}.md, block {number} of {language}, does not say {name}")
            text = text.replace(name, value)
        return text
