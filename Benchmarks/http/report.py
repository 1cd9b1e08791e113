"""Tables of results."""


def number(value, digits=3):
    """A number with a few significant digits."""
    if value is None or value != value:
        return "–"
    if abs(value) >= 10 ** (digits - 1):
        return f"{value:.0f}"
    return f"{value:.{max(0, digits - len(str(int(abs(value)))))}f}"


def rate(per_second):
    """A rate: whole from 100 per second on."""
    return number(per_second) if per_second < 100 else f"{per_second:.0f}"


def milliseconds(microseconds):
    return "–" if microseconds is None else f"{microseconds / 1000:.2f}"


def table(head, lines):
    """A table as text. The first column is aligned left, all others right."""
    lines = [head, *lines]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths))
        ).rstrip()
        for line in lines
    )


def results(rows):
    """The table of operations, each with its floors."""
    head = [
        "", "requests/s", "p50 ms", "p99 ms", "p99 at half", "CPU µs", "errors", "MiB", "load", "floor", "requests/s",
        "CPU µs", "by rate", "by CPU",
    ]
    lines = []
    for row in rows:
        first = [
            row.title, rate(row.per_second), milliseconds(row.p50), milliseconds(row.p99), milliseconds(row.p99_at_half),
            number(row.cost), str(row.errors), f"{row.memory:.1f}", f"{row.load * 100:.0f} %",
        ]
        for floor in row.floors or [None]:
            lines.append(first + ([
                floor["name"], rate(floor["per_second"]), number(floor["cost"]), f"{floor['by_rate']:.2f}",
                f"{floor['by_cost']:.2f}",
            ] if floor else [""] * 5))
            first = [""] * len(first)
    text = table(head, lines)
    errors = [f"{row.title}: {row.errors} errors, the first: {row.first_error}" for row in rows if row.errors]
    return "\n".join([text, *errors])


def change(before, now):
    """How much greater ``now`` is than ``before``, in percent."""
    return f"{(now / before - 1) * 100:+.1f} %" if before else "–"


def comparison(before, now):
    """The table of two results of ``Scripts/bench http``, as they are saved. ``before`` is the older one.

    The last column compares the ratios to the first floor, by processor time. Other load on the machine, or another machine,
    changes it least.
    """
    earlier = {(row["name"], row["connections"]): row for row in before["operations"]}
    lines = []
    for row in now["operations"]:
        old = earlier.get((row["name"], row["connections"]))
        if old is None:
            continue
        floors = [next(iter(result["floors"]), None) for result in (old, row)]
        lines.append([
            f"{row['name']}, {row['connections']} connections", rate(old["per_second"]), rate(row["per_second"]),
            change(old["per_second"], row["per_second"]), number(old["cost"]), number(row["cost"]),
            change(old["cost"], row["cost"]), milliseconds(old["p99"]), milliseconds(row["p99"]),
            change(floors[0]["by_cost"], floors[1]["by_cost"]) if all(floors) else "–",
        ])
    head = [
        f"{before['commit']} → {now['commit']}", "requests/s", "now", "change", "CPU µs", "now", "change", "p99 ms", "now",
        "of the floor",
    ]
    return table(head, lines)


def peers(rows):
    """The table of ``Scripts/bench peers``."""
    head = ["", "server", "requests/s", "p99 ms", "CPU µs", "errors", "MiB", "Signet is", "by CPU"]
    lines, last = [], None
    for row in rows:
        lines.append([
            row.operation if row.operation != last else "", row.server, rate(row.per_second), milliseconds(row.p99),
            number(row.cost), str(row.errors), f"{row.memory:.0f}", f"{number(row.signet_by_rate)} ×",
            f"{number(row.signet_by_cost)} ×",
        ])
        last = row.operation
    errors = [f"{row.server}, {row.operation}: {row.errors} errors, the first: {row.first_error}" for row in rows if row.errors]
    return "\n".join([table(head, lines), *errors])


def sizes(stores, operations):
    """The two tables of ``Scripts/bench data``.

    Parameters:
      stores: for each store: users, bytes, ready_ms, idle_mebibytes, loaded_mebibytes
      operations: for each operation: its title and a list of rows, one for each store
    """
    first = table(
        ["users", "families", "MiB on disk", "bytes per user", "ready after ms", "MiB idle", "MiB after load", "of it anonymous"],
        [[
            str(store["users"]), str(store["families"]), f"{store['bytes'] / 2 ** 20:.1f}",
            f"{store['bytes'] / store['users']:.0f}", f"{store['ready_ms']:.0f}", f"{store['idle_mebibytes']:.1f}",
            f"{store['loaded_mebibytes']:.1f}", f"{store['anonymous_mebibytes']:.1f}",
        ] for store in stores])
    head = ["requests/s, p99 ms, CPU µs"]
    for store in stores:
        head += [f"{store['users']} users", "p99", "CPU", "of the first"]
    lines, errors = [], []
    for title, rows in operations:
        line = [title]
        for row in rows:
            line += [
                rate(row.per_second), milliseconds(row.p99), number(row.cost),
                number(row.per_second / rows[0].per_second) if rows[0].per_second else "–",
            ]
            if row.errors:
                errors.append(f"{title}: {row.errors} errors, the first: {row.first_error}")
        lines.append(line)
    return "\n".join([first, "", table(head, lines), *errors])
