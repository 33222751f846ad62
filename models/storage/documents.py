from __future__ import annotations
from dataclasses import dataclass


@dataclass(frozen=True)
class Document:
    found: str


def inspect_document(data):
    return Document("pdf" if data[:5] == b"%PDF-" else "document-type")


def named_as(kind, name):
    return kind if kind.startswith("document-") else ""
