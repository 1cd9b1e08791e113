"""Reads /metrics with the parser of prometheus_client."""

import requests
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.parser import text_string_to_metric_families


def families(server):
    answer = requests.get(f"{server.operations_url}/metrics", timeout=10)
    answer.raise_for_status()
    if answer.headers["Content-Type"] != CONTENT_TYPE_PLAIN_0_0_4:
        raise ValueError(f"the media type is {answer.headers['Content-Type']}")
    return list(text_string_to_metric_families(answer.text))


def series(server):
    """Every series, as its name and labels."""
    return {
        (sample.name, tuple(sorted(sample.labels.items())))
        for family in families(server)
        for sample in family.samples
    }


def faults(server, before):
    """The faults of the page after many requests. ``before`` has the series that existed before them."""
    found = []
    page = families(server)
    for family in page:
        if not family.documentation:
            found.append(f"{family.name} has no help text")
        if family.type not in ("counter", "gauge", "histogram"):
            found.append(f"{family.name} is a {family.type}")
        if family.type == "histogram":
            found += _histogram_faults(family)
    new = series(server) - before
    if new:
        found.append(f"requests have created series: {sorted(new)[:5]}")
    counted = sum(s.value for f in page if f.name == "signet_http_requests" for s in f.samples)
    timed = sum(s.value for f in page for s in f.samples if s.name == "signet_http_request_seconds_count")
    if not 0 < counted == timed:
        found.append(f"{counted} requests were counted and {timed} timed")
    return found


def _histogram_faults(family):
    counts = {}
    for sample in family.samples:
        labels = {name: value for name, value in sample.labels.items() if name != "le"}
        key = tuple(sorted(labels.items()))
        if sample.name.endswith("_bucket"):
            counts.setdefault(key, {})[float(sample.labels["le"])] = sample.value
        elif sample.name.endswith("_count"):
            counts.setdefault(key, {})["count"] = sample.value
    for key, buckets in counts.items():
        total = buckets.pop("count", None)
        values = [buckets[bound] for bound in sorted(buckets)]
        if values != sorted(values) or not values or values[-1] != total or float("inf") not in buckets:
            yield f"{family.name}{dict(key)} does not add up"
