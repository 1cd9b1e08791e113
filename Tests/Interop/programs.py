"""Programs in other languages, made of a page's code and a line that prints what it returns."""

import subprocess


def subject(command, token, environment=None):
    """What the program prints for a token on standard input; ``None`` when it ends with a failure of its own."""
    result = subprocess.run(
        command, input=token, capture_output=True, text=True, timeout=60, env=environment
    )
    if result.returncode == 0:
        return result.stdout.strip()
    # 3 is what the added line ends with when the page's code refuses: anything else is a broken program.
    if result.returncode != 3:
        raise AssertionError(f"{command[0]} ended with {result.returncode}:\n{result.stderr}")
    return None
