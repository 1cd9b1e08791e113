"""Compares the versions of a run with the table of docs/clients.md."""

import importlib.metadata
import re
import sys

from page import ROOT, Page

#: The Python package that contains each client generator.
PACKAGES = {"openapi-generator": "openapi-generator-cli", "openapi-python-client": "openapi-python-client"}
#: The build tools whose version Tests/Interop/requirements.txt pins.
PINNED = {"Go"}


def faults(languages, everything):
    """The faults of the table, one line each. Prints other differences.

    A pinned version must equal the table's. Another version of a tool of the machine is printed, but is not a fault.
    """
    rows = {}
    for cells in Page("clients", ROOT / "docs").rows():
        if link := re.fullmatch(r"\[\w+\]\(#([\w-]+)\)", cells[0]):
            rows[link[1]] = cells[1:]
    found = []
    for language in languages:
        generator = f"{language.generator} {importlib.metadata.version(PACKAGES[language.generator])}"
        tools = language.tools()
        built = ", ".join(f"{name} {version}" for name, version in tools.items())
        documented = rows.pop(language.section.lower().replace(" ", "-"), ["nothing", "nothing"])
        if documented[0] != generator:
            found.append(f"{language.section} was made by {generator}, the table says {documented[0]}")
        if documented[1] != built:
            difference = f"{language.section} was built with {built}, the table says {documented[1]}"
            if tools.keys() & PINNED or tools.keys() != set(re.findall(r"([A-Za-z]+) [\d.]+", documented[1])):
                found.append(difference)
            else:
                print(difference, file=sys.stderr)
    if everything:
        found += [f"{section} was not tried" for section in rows]
    return found
