"""Reads openapi.yaml."""

import pathlib

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
METHODS = ("get", "put", "post", "delete", "patch", "head", "options")


def answers():
    """Every documented status, as `GET /api/profile 200`."""
    document = yaml.safe_load((ROOT / "openapi.yaml").read_text())
    return {
        f"{method.upper()} {path} {status}"
        for path, item in document["paths"].items()
        for method in METHODS if method in item
        for status in item[method]["responses"]
    }
