"""Compares the versions of the consumers in a run with the table of docs/interop/README.md."""

import importlib.metadata
import re
import subprocess
import sys

from page import DIRECTORY

_met = {}


def debian(consumer, package):
    """Records and returns the upstream version of an installed Debian package: `2.6.12` for `2.6.12-1+deb12u4`."""
    text = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Version}", package], check=True, capture_output=True, text=True
    ).stdout
    version = re.sub(r"^\d+:|[-+].*$", "", text)
    _met[consumer] = (version, False)
    return version


def pypi(consumer, package):
    """Records the version of a Python package, which requirements.txt pins."""
    _met[consumer] = (importlib.metadata.version(package), True)


def faults(everything):
    """The faults of the table, one line each. Prints the versions of the run.

    A pinned version must equal the table's. Another version of a Debian package is printed, but is not a fault.
    """
    rows = re.findall(r"^\| \[([^]]+)\]\(([^)]+)\) \| (\S+) \|", (DIRECTORY / "README.md").read_text(), re.MULTILINE)
    table = {consumer: version for consumer, _, version in rows}
    found = [f"there is no page {page}" for _, page, _ in rows if not (DIRECTORY / page).exists()]
    for consumer, (version, pinned) in _met.items():
        documented = table.get(consumer)
        remark = "" if documented == version else f" (the table says {documented})"
        print(f"{consumer} {version}{remark}", file=sys.stderr)
        if documented is None or (pinned and documented != version):
            found.append(f"{consumer} was tested with {version}, the table says {documented}")
    if everything:
        found += [f"{consumer} was not tested" for consumer in table if consumer not in _met]
    return found
