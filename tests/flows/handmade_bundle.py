"""A small export written by hand for the tests of verify.py; shares no code with verify.py or the engine."""

import copy
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

VERIFY = Path(__file__).resolve().parents[2] / "flows" / "publication" / "verify.py"
GIVEN = "met,option,numerator,denominator,value,count,points"
HEADERS = {
    "units": "unit,name,bloc,scored,ranked,published,valid_from,valid_to,predecessors",
    "previous": "unit,bloc,index,rank,framework",
    "exemptions": "unit,code,reason,approved_by",
    "responsibilities": "appraiser,name,code,unit,fallback",
    "claims": f"unit,code,{GIVEN},not_applicable,explanation",
    "marks": f"unit,code,round,appraiser,agree,{GIVEN},not_applicable,reason,explanation_required,correction",
    "evidence": "unit,code,kind,document_number,issuer,issued_on,title,file,pages,sha256,size",
    "survey_counts": "unit,code,group,question,option,count",
    "survey_valid": "unit,code,group,valid",
    "statistics": "unit,code,points,source",
    "adjustments": "unit,kind,points,reason,decided_by",
}
Tables = dict[str, list[dict[str, str]]]


def line(cells: list[str]) -> str:
    return ",".join('"' + c.replace('"', '""') + '"' if any(x in c for x in ',"\n\r') else c for c in cells) + "\n"


def write_json(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, indent=1) + "\n"
    path.write_bytes(text.encode())


def write_tables(folder: Path, tables: Tables) -> None:
    """Every table, those not given with their header alone; cells as given, columns not given empty."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, header in HEADERS.items():
        columns = header.split(",")
        rows = tables.get(name, [])
        assert all(set(row) <= set(columns) for row in rows), name
        body = [line([row.get(column, "") for column in columns]) for row in rows]
        (folder / f"{name}.csv").write_bytes((header + "\n" + "".join(body)).encode())


def one_line(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def hexdigest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def event_content(unit: str, what: str) -> dict[str, Any]:
    return {
        "salt": "00" * 16,
        "unit": unit,
        "object": what,
        "before": None,
        "after": {"điểm": "1.5"},
        "reason": "",
    }


def chain(events: list[tuple[str, dict[str, Any], bool]]) -> list[dict[str, Any]]:
    """Events (action, content, hidden) linked one to the next; a hidden one keeps only its digest."""
    linked: list[dict[str, Any]] = []
    previous = "0" * 64
    for seq, (action, content, hidden) in enumerate(events, start=1):
        event: dict[str, Any] = {
            "seq": seq,
            "at": f"2025-01-0{seq}T00:00:00.000000Z",
            "actor": "thư ký",
            "action": action,
            "cycle": "thu-2024",
            "previous": previous,
            "content_digest": hexdigest(one_line(content)),
        }
        previous = event["digest"] = hexdigest(one_line(event))
        linked.append(event if hidden else {**event, "content": content})
    return linked


def write_lines(path: Path, values: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(one_line(value) + b"\n" for value in values))


def digests(folder: Path, names: list[str]) -> dict[str, dict[str, Any]]:
    contents = {name: (folder / name).read_bytes() for name in names}
    return {name: {"sha256": hexdigest(data), "size": len(data)} for name, data in contents.items()}


def seal(folder: Path, **changes: Any) -> None:
    """Write the manifests anew from what stands in the folder, as one who covers their traces would."""
    files = sorted(str(p.relative_to(folder).as_posix()) for p in folder.rglob("*") if p.is_file())
    apart = ("manifest.json", "manifest.sha256", "manifest.sig")
    listed = digests(folder, [f for f in files if f not in apart and not f.startswith("annex/")])
    audit = [json.loads(one) for one in (folder / "audit.jsonl").read_bytes().splitlines()]
    prefix = "inputs/frameworks/"
    manifest = {
        "cycle": "thu-2024",
        "version": 1,
        "published_at": "2025-03-01T00:00:00Z",
        "published_by": "thư ký",
        "software": {"version": "0.1.0", "digest": "ab" * 32},
        "frameworks": {f[len(prefix) : -5]: e["sha256"] for f, e in listed.items() if f.startswith(prefix)},
        "received": [{"path": "inbox/so-a/self_assessment.csv", "sha256": "cd" * 32, "size": 7}],
        "files": listed,
        "audit": {"events": len(audit), "head": audit[-1]["digest"]},
        **changes,
    }
    write_json(folder / "manifest.json", manifest)
    of = hexdigest((folder / "manifest.json").read_bytes())
    (folder / "manifest.sha256").write_bytes(f"{of}  manifest.json\n".encode())
    if (folder / "annex").is_dir():
        inside = [f[len("annex/") :] for f in files if f.startswith("annex/") and f != "annex/manifest.json"]
        write_json(
            folder / "annex/manifest.json",
            {"cycle": "thu-2024", "version": 1, "of": of, "files": digests(folder / "annex", inside)},
        )


# ------------------------------------------------------ one leaf, for the kinds of rule


def leaf(
    code: str, maximum: str, rule: "dict[str, Any] | None", source: str = "appraisal", evidence: str = "none"
) -> dict[str, Any]:
    return {
        "code": code,
        "name": f"Tiêu chí {code}",
        "maximum": maximum,
        "source": source,
        "evidence": evidence,
        "checked_on": None,
        "rule": rule,
    }


def framework(identity: str, criteria: list[dict[str, Any]], places: int = 5) -> dict[str, Any]:
    return {
        "id": identity,
        "title": "Bộ thử",
        "maximum": "100",
        "leaf_decimals": places,
        "decision": {"number": "1/QĐ", "issued_on": "2024-01-01", "issuer": "UBND"},
        "fields": [{"code": "1", "name": "Lĩnh vực 1", "maximum": "100", "criteria": criteria}],
    }


CYCLE: dict[str, Any] = {
    "id": "thu-2024",
    "name": "Kỳ thử 2024",
    "year": 2024,
    "decimals": 2,
    "missing_evidence": "explain",
    "classify_on": "exact",
    "survey_present": True,
    "blocs": [
        {
            "key": "so",
            "name": "Sở",
            "framework": "bo-so",
            "bands": [
                {"name": "Tốt", "floor": "80"},
                {"name": "Khá", "floor": "63.34"},
                {"name": "Yếu", "floor": "0"},
            ],
        }
    ],
}


def unit(code: str, **more: str) -> dict[str, str]:
    return {
        "unit": code,
        "name": f"Đơn vị {code}",
        "bloc": "so",
        "scored": "yes",
        "ranked": "yes",
        "published": "yes",
        **more,
    }


APPRAISER = {"appraiser": "td1", "name": "Tổ giúp việc", "code": "1", "unit": "", "fallback": "no"}


def write_inputs(folder: Path, framework_: dict[str, Any], tables: Tables, **cycle: Any) -> None:
    """inputs/ alone, enough for recompute: unit so-a unless units are given, appraiser td1 for field 1."""
    write_json(folder / "inputs/cycle.json", {**copy.deepcopy(CYCLE), **cycle})
    write_json(folder / f"inputs/frameworks/{framework_['id']}.json", framework_)
    write_tables(folder / "inputs", {"units": [unit("so-a")], "responsibilities": [APPRAISER], **tables})


# ------------------------------------------------------ the example: four units, one more in the annex


def example_framework() -> dict[str, Any]:
    steps = [{"at_least": "50", "points": "3", "linear_from": "1"}, {"at_least": "100", "points": "4"}]
    survey = {
        "kind": "survey",
        "questions": ["q1", "q2"],
        "options": {"A": "100", "B": "50", "C": "0"},
        "group_weights": {"dan": "3", "doanh-nghiep": "1"},
        "minimum_valid": {"dan": 2},
        "on_shortfall": "not_applicable",
    }
    subs = [
        leaf("1.1.1", "2", {"kind": "pass_fail"}, evidence="required"),
        leaf("1.1.2", "4", {"kind": "ratio", "when_zero": "not_applicable"}),
    ]
    made = framework(
        "bo-so",
        [
            {"code": "1.1", "name": "Kế hoạch", "maximum": "6", "sub_criteria": subs},
            leaf("1.10", "4", {"kind": "tiers", "measure": "ratio", "tiers": steps}),
        ],
        places=3,
    )
    made["fields"][0]["maximum"] = "10"
    made["fields"].append(
        {
            "code": "2",
            "name": "Tác động",
            "maximum": "10",
            "criteria": [
                leaf("2.1", "6", survey, source="survey"),
                leaf("2.2", "4", None, source="statistics"),
            ],
        }
    )
    return {**made, "maximum": "20", "bonus_maximum": "1"}


def answers(code: str, per_question: dict[str, dict[str, int]], group: str) -> list[dict[str, str]]:
    return [
        {"unit": code, "code": "2.1", "group": group, "question": question, "option": option, "count": str(n)}
        for question, counts in per_question.items()
        for option, n in counts.items()
    ]


def all_a(code: str) -> list[dict[str, str]]:
    return answers(code, {"q1": {"A": 2}, "q2": {"A": 2}}, "dan") + answers(
        code, {"q1": {"A": 1}, "q2": {"A": 1}}, "doanh-nghiep"
    )


def valid(code: str, people: int, firms: int) -> list[dict[str, str]]:
    groups = {"dan": people, "doanh-nghiep": firms}
    return [{"unit": code, "code": "2.1", "group": group, "valid": str(n)} for group, n in groups.items()]


def claim(code: str, leaf_code: str, **given: str) -> dict[str, str]:
    return {"unit": code, "code": leaf_code, **given}


def mark(code: str, leaf_code: str, round_: str = "1", **given: str) -> dict[str, str]:
    return {
        "unit": code,
        "code": leaf_code,
        "round": round_,
        "appraiser": "td1",
        **(given or {"agree": "yes"}),
    }


def ratio(numerator: str, denominator: str) -> dict[str, str]:
    return {"numerator": numerator, "denominator": denominator}


def example_tables() -> Tables:
    claims = [
        claim("so-a", "1.1.1", met="yes", points="2"),
        claim("so-a", "1.1.2", **ratio("2", "3")),
        claim("so-a", "1.10", **ratio("3", "4")),
        claim("so-b", "1.1.1", met="yes"),
        claim("so-b", "1.10", not_applicable='\'-Không phát sinh, "năm nay"'),
        claim("so-c", "1.1.1", met="yes"),
        claim("so-c", "1.1.2", **ratio("4", "4")),
        claim("so-c", "1.10", **ratio("4", "4")),
        claim("so-d", "1.1.1", met="no"),
        claim("so-d", "1.1.2", **ratio("0", "0")),
        claim("so-d", "1.10", **ratio("0", "0")),
    ]
    marks = [mark(row["unit"], row["code"]) for row in claims]
    marks.insert(3, mark("so-a", "1.10", "2", **ratio("1", "2"), reason="'=Kiểm tra lại"))
    return {
        "units": [
            unit("so-a"),
            unit("so-b"),
            unit("so-c", predecessors="so-c1;so-c2"),
            unit("so-d", ranked="no"),
        ],
        "previous": [
            {"unit": "so-a", "bloc": "so", "index": "60.5", "rank": "2", "framework": "bo-cu"},
            {"unit": "so-b", "bloc": "huyen", "index": "99.995", "rank": "1", "framework": "bo-cu"},
            {"unit": "so-c", "bloc": "so", "index": "50", "rank": "9", "framework": "bo-so"},
        ],
        "exemptions": [{"unit": "so-b", "code": "1.1", "reason": "Không có chức năng", "approved_by": "Hội đồng"}],
        "responsibilities": [APPRAISER],
        "claims": claims,
        "marks": marks,
        "evidence": [
            {
                "unit": "so-a",
                "code": "1.1.1",
                "kind": "evidence",
                "document_number": "12/KH",
                "issuer": "Sở A",
                "issued_on": "2024-02-01",
                "file": "kế hoạch.pdf",
                "sha256": "ef" * 32,
                "size": "10",
            }
        ],
        "survey_counts": [
            *answers("so-a", {"q1": {"A": 2}, "q2": {"A": 1, "C": 1}}, "dan"),
            *answers("so-a", {"q1": {"B": 1}, "q2": {"C": 1}}, "doanh-nghiep"),
            *answers("so-b", {"q1": {"A": 2}, "q2": {"A": 2}}, "dan"),
            *all_a("so-c"),
            *all_a("so-d"),
        ],
        "survey_valid": [
            *valid("so-a", 2, 1),
            *valid("so-b", 2, 0),
            *valid("so-c", 2, 1),
            *valid("so-d", 2, 1),
        ],
        "statistics": [
            {"unit": code, "code": "2.2", "points": points, "source": "Cục Thống kê"}
            for code, points in (("so-a", "2.5"), ("so-b", "4"), ("so-c", "4"), ("so-d", "0"))
        ],
        "adjustments": [
            {
                "unit": "so-a",
                "kind": "bonus",
                "points": "1.5",
                "reason": "Sáng kiến",
                "decided_by": "Hội đồng",
            },
            {"unit": "so-a", "kind": "penalty", "points": "0.25", "reason": "Chậm", "decided_by": "Hội đồng"},
            {"unit": "so-c", "kind": "bonus", "points": "1", "reason": "Sáng kiến", "decided_by": "Hội đồng"},
        ],
    }


def annex_tables() -> Tables:
    claims = [
        claim("so-x", "1.1.1", met="yes"),
        claim("so-x", "1.1.2", **ratio("4", "4")),
        claim("so-x", "1.10", **ratio("4", "4")),
    ]
    return {
        "units": [unit("so-x", published="no", ranked="yes")],
        "responsibilities": [APPRAISER],
        "claims": claims,
        "marks": [mark("so-x", row["code"]) for row in claims],
        "survey_counts": all_a("so-x"),
        "survey_valid": valid("so-x", 2, 1),
        "statistics": [{"unit": "so-x", "code": "2.2", "points": "0", "source": "Cục Thống kê"}],
    }


def write_example(folder: Path, results: str, scores: str, annex: "tuple[str, str] | None" = None) -> Path:
    """The whole export, with the figures the caller computed; annex: its results and scores."""
    write_inputs(folder, example_framework(), example_tables())
    shutil.copyfile(VERIFY, folder / "verify.py")
    (folder / "results.csv").write_bytes(results.encode())
    (folder / "scores.csv").write_bytes(scores.encode())
    (folder / "findings.csv").write_bytes(b"unit,step,severity,code,check,location,found,expected,advice\n")
    (folder / "report.html").write_bytes("<p>Báo cáo</p>".encode())
    hidden = event_content("so-x", "submission")
    events = [
        ("open", event_content("", "cycle"), False),
        ("submit", event_content("so-a", "submission"), False),
        ("submit", hidden, True),
        ("publish", event_content("", "cycle"), False),
    ]
    write_lines(folder / "audit.jsonl", chain(events))
    if annex:
        write_tables(folder / "annex/inputs", annex_tables())
        (folder / "annex/results.csv").write_bytes(annex[0].encode())
        (folder / "annex/scores.csv").write_bytes(annex[1].encode())
        write_lines(folder / "annex/audit_contents.jsonl", [{"seq": 3, "content": hidden}])
    seal(folder)
    return folder
