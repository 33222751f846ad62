"""The publication described for data portals: DCAT as JSON-LD, every distribution with its digest, and no clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flows.publication.form_guide import decision_line
from flows.publication.site.dictionary import dictionary_file, meanings
from flows.publication.site_input import Listed, SiteInput
from models.rules.framework_json import canonical_json

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
LANGUAGE = "http://id.loc.gov/vocabulary/iso639-1/"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
MEDIA = {
    "csv": "text/csv",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "html": "text/html",
    "py": "text/x-python",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MORE = {
    "results.xlsx": ("Kết quả dạng bảng tính", "The results as a workbook"),
    "report.html": ("Phụ lục kết quả để in", "The results as a printable annex"),
    "verify.py": ("Chương trình tự kiểm chứng, chỉ cần Python 3", "The verification program; needs Python 3 alone"),
    "audit.jsonl": ("Nhật ký của kỳ đánh giá, nối bằng mã băm", "The cycle's audit chain"),
    "manifest.json": ("Kê khai mọi tệp với mã băm", "Every file with its digest"),
    "inputs/cycle.json": ("Thiết lập của kỳ đánh giá", "Settings of the cycle"),
}


def about(path: str) -> tuple[str, str]:
    """What a file of the export is."""
    if path.startswith("inputs/frameworks/"):
        name = path.removeprefix("inputs/frameworks/").removesuffix(".json")
        return f"Bộ tiêu chí {name}", f"Framework {name}"
    return MORE.get(path) or meanings().get((path, ""), ("", ""))


def data_files(given: SiteInput) -> dict[str, bytes]:
    """What data portals and machines read of the site."""
    return {"data/dcat.jsonld": canonical_json(catalogue(given)).encode(), "data/dictionary.csv": dictionary_file()}


def catalogue(given: SiteInput) -> Mapping[str, object]:
    """One dataset: this version of this cycle; addresses are relative to the file itself."""
    described: dict[str, object] = {
        "@context": CONTEXT,
        "@id": "#dataset",
        "@type": "dcat:Dataset",
        "dct:identifier": f"{given.cycle}/{given.version}",
        "dct:title": {"@value": given.name, "@language": "vi"},
        "dct:description": [
            {"@value": f"Chỉ số cải cách hành chính năm {given.year}: {given.name}", "@language": "vi"},
            {"@value": f"Public administration reform index, {given.year}: {given.name}", "@language": "en"},
        ],
        "dct:language": [{"@id": f"{LANGUAGE}{one}"} for one in ("vi", "en")],
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": {"@value": f"{given.year}-01-01", "@type": "xsd:date"},
            "dcat:endDate": {"@value": f"{given.year}-12-31", "@type": "xsd:date"},
        },
        "foaf:page": {"@id": "dictionary.csv"},
        "dct:references": [{"dct:title": {"@value": decision_line(one)[0], "@language": "vi"}} for one in given.used],
        "dcat:version": str(given.version),
        "dcat:keyword": [
            {"@value": "cải cách hành chính", "@language": "vi"},
            {"@value": "public administration reform", "@language": "en"},
        ],
        "dcat:landingPage": {"@id": "../index.html"},
        "dcat:distribution": list(_distributions(given)),
    }
    issuers = list(dict.fromkeys(one.decision.issuer for one in given.used))
    if issuers:
        described["dct:publisher"] = [{"@type": "foaf:Agent", "foaf:name": one} for one in issuers]
    if given.publishes:
        described["dct:issued"] = {"@value": given.publishes, "@type": "xsd:date"}
    return described


def _distributions(given: SiteInput) -> Iterator[Mapping[str, object]]:
    for one in given.files:
        vietnamese, english = about(one.path)
        told: dict[str, object] = {
            "@type": "dcat:Distribution",
            "dct:title": one.path,
            "dcat:downloadURL": {"@id": f"../../{one.path}"},
            "dcat:mediaType": {"@id": MEDIA_TYPES + MEDIA.get(one.path.rpartition(".")[2], "application/octet-stream")},
        }
        if vietnamese:
            told["dct:description"] = [
                {"@value": vietnamese, "@language": "vi"},
                {"@value": english, "@language": "en"},
            ]
        yield told | _checked(one)


def _checked(one: Listed) -> dict[str, object]:
    """Digest and size; nothing for what is made over these pages."""
    if not one.sha256:
        return {}
    return {
        "dcat:byteSize": {"@value": str(one.size), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@value": one.sha256, "@type": "xsd:hexBinary"},
        },
    }
