"""Rounds in which all contestants take turns, and the medians of what they measured."""

import dataclasses
import math
import statistics

from machine import say


@dataclasses.dataclass
class Row:
    """The medians of one operation over all rounds. A ratio above 1 means that the operation is better than its floor."""

    name: str
    connections: int
    per_second: float
    p50: float
    p99: float
    cost: float
    errors: int
    first_error: str
    #: The share of its core that the load generator used.
    load: float
    #: Resident memory of the server after the operation, in MiB.
    memory: float
    #: One dictionary for each floor (a program that does the least possible work): the name, rate and processor time
    #: of the floor, and the ratios between Signet and the floor.
    floors: list
    #: The 99th percentile of the response time in microseconds at half the rate ``per_second``; ``None`` if not
    #: measured.
    p99_at_half: float | None = None

    @property
    def title(self):
        return f"{self.name}, {self.connections} connections" if self.connections != 8 else self.name


def median(samples, field):
    values = [getattr(sample, field) for sample in samples]
    values = [value for value in values if not math.isnan(value)]
    return statistics.median(values) if values else float("nan")


def measure_in_turns(contestants, rounds, seconds):
    """Measures every contestant once per round. Each round starts with another contestant.

    Parameters:
      contestants: key → (seconds → anything)

    Returns key → list of what was measured, one for each round.
    """
    keys = list(contestants)
    samples = {key: [] for key in keys}
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        start = number * len(keys) // rounds
        for key in keys[start:] + keys[:start]:
            samples[key].append(contestants[key](seconds))
    return samples


def ratio(own, other, field="per_second"):
    """The median of the rounds' ratios."""
    ratios = [getattr(a, field) / getattr(b, field) for a, b in zip(own, other) if getattr(b, field)]
    return statistics.median(ratios) if ratios else float("nan")


def summary(operation, own, floors, memory):
    """The row of an operation.

    Parameters:
      own: the operation's samples
      floors: name → samples of the floors
    """
    cost = median(own, "cost")
    return Row(
        name=operation.name, connections=operation.connections, per_second=median(own, "per_second"),
        p50=median(own, "p50"), p99=median(own, "p99"), cost=cost, errors=sum(sample.errors for sample in own),
        first_error=next((sample.first_error for sample in own if sample.errors), ""), load=median(own, "load"),
        memory=memory, floors=[
            {
                "name": name, "per_second": median(floors[name], "per_second"), "cost": median(floors[name], "cost"),
                "by_rate": ratio(own, floors[name]), "by_cost": median(floors[name], "cost") / cost,
            } for name in operation.floors
        ])


def take_turns(operations, floors, rounds, seconds, memory):
    """Measures operations of Signet and their floors in turns. Returns a row for each operation.

    Parameters:
      floors: name → contestant
      memory: a function that returns the resident memory of the server in MiB
    """
    memories = {}

    def with_memory(operation):
        def measure(seconds):
            sample = operation.measure(seconds)
            memories[operation.key] = memory()
            return sample
        return measure

    samples = measure_in_turns(
        {operation.key: with_memory(operation) for operation in operations}
        | {name: floor.measure for name, floor in floors.items()}, rounds, seconds)
    return [summary(operation, samples[operation.key], samples, memories[operation.key]) for operation in operations]
