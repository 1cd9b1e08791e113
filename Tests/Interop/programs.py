"""Runs programs in other languages: a page's code plus a driver that prints the result."""

import subprocess


def subject(command, token, environment=None):
    """The output of the program for a token on standard input; ``None`` if the page's code refuses the token."""
    result = subprocess.run(
        command, input=token, capture_output=True, text=True, timeout=60, env=environment
    )
    if result.returncode == 0:
        return result.stdout.strip()
    # The driver exits with 3 if the code from the documentation page refuses the token. Any other exit code except 0
    # means that the program itself failed.
    if result.returncode != 3:
        raise AssertionError(f"{command[0]} exited with {result.returncode}:\n{result.stderr}")
    return None
