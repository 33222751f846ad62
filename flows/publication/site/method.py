"""The page of the method: how figures come about, the classes, and every leaf of every framework with its source."""

from __future__ import annotations

from collections.abc import Iterator

from flows.publication.form_guide import day, decision_line
from flows.publication.reader_notes import SOURCES
from flows.publication.rule_words import rule_in_words
from flows.publication.score_sheet import WANTED
from flows.publication.site.rows import framework_lines
from flows.publication.site_input import SiteInput
from models.rules.framework import Framework

EVIDENCE = {"required": "required", "optional": "optional", "none": "none"}


def method(given: SiteInput) -> dict[str, object]:
    """What method.html is rendered from."""
    return {
        "bands": [(name, given.bands[key]) for key, name in given.shown_blocs if given.bands.get(key)],
        "frameworks": [(one, decision_line(one), list(_law(one))) for one in given.used],
    }


def _law(framework: Framework) -> Iterator[dict[str, object]]:
    """Every field, criterion and leaf with its rule in words, where it comes from, whether it was checked."""
    for level, code, name, maximum in framework_lines(framework):
        told: dict[str, object] = {"level": level, "code": code, "name": name, "maximum": maximum, "rule": None}
        if level == "leaf":
            leaf = framework.leaf[code]
            told |= {
                "rule": (rule_in_words(leaf), rule_in_words(leaf, "en")),
                "source": SOURCES[leaf.source],
                "evidence": (WANTED[leaf.evidence], EVIDENCE[leaf.evidence]),
                "reference": leaf.reference,
                "checked": day(leaf.checked_on) if leaf.checked_on else "",
            }
        yield told
