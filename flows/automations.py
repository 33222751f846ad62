"""What the Prefect server does by itself: validate when forms arrived, tell people what failed and who is late."""

from __future__ import annotations

import os
from typing import Any
from uuid import UUID

from prefect.blocks.notifications import CustomWebhookNotificationBlock
from prefect.client.orchestration import SyncPrefectClient
from prefect.events.schemas.automations import AutomationCore

NOTIFY_URL = "PARINDEX_NOTIFY_URL"
BLOCK = "parindex-notify"
OF_A_CYCLE = {"match": {"prefect.resource.id": "parindex.cycle.*"}}
# A year's run validates next by itself, and would find the cycle held by another run.
OF_A_STEP_ALONE = {"match": {"prefect.resource.id": "parindex.cycle.*", "parindex.within-a-year": "no"}}
OF_OUR_RUNS = {
    "match": {"prefect.resource.id": "prefect.flow-run.*"},
    "match_related": {"prefect.resource.id": "prefect.tag.parindex", "prefect.resource.role": "tag"},
}
ENDED_BADLY = ["prefect.flow-run.Failed", "prefect.flow-run.Crashed", "prefect.flow-run.TimedOut"]

# Name, the events, whose they are, what the notice says.
NOTICES: tuple[tuple[str, list[str], dict[str, Any], str], ...] = (
    (
        "parindex: báo khi bước hỏng / notify on failure", ENDED_BADLY, OF_OUR_RUNS,
        "{{ flow_run.name }}: {{ flow_run.state.message }}",
    ),
    (
        "parindex: báo đơn vị chậm / notify on late units", ["parindex.units.late"], OF_A_CYCLE,
        "{{ event.payload.cycle }}: {{ event.payload.units | join(', ') }}",
    ),
    (
        "parindex: báo đến ngày công bố / publication is due", ["parindex.publication.due"], OF_A_CYCLE,
        "{{ event.payload.cycle }}",
    ),
)  # fmt: skip


def register_automations(client: SyncPrefectClient, deployments: dict[str, UUID]) -> list[str]:
    """Make or renew the automations; gives their names. Whether one is paused is left alone.

    Notices are posted as JSON {subject, body} to the address in PARINDEX_NOTIFY_URL; without it there are none.
    """
    wanted = [
        _automation(
            "parindex: kiểm tra khi có bản nộp / validate when forms arrived",
            ["parindex.units.submitted"],
            OF_A_STEP_ALONE,
            {
                "type": "run-deployment",
                "source": "selected",
                "deployment_id": deployments["validate"],
                "parameters": {
                    "cycle": {"__prefect_kind": "jinja", "template": "{{ event.payload.cycle }}"},
                    "reason": "có bản nộp mới / forms arrived",
                },
            },
        )
    ]
    url = os.environ.get(NOTIFY_URL, "")
    if url:
        block = _notice_block(url)
        for name, events, whose, body in NOTICES:
            action = {"type": "send-notification", "block_document_id": block, "subject": name, "body": body}
            wanted.append(_automation(name, events, whose, action))
    for automation in wanted:
        present = client.read_automations_by_name(automation.name)
        if present:
            client.update_automation(present[0].id, automation.model_copy(update={"enabled": present[0].enabled}))
        else:
            client.create_automation(automation)
    return [one.name for one in wanted] + ([] if url else [f"không thông báo / no notices: {NOTIFY_URL}"])


def _automation(name: str, events: list[str], whose: dict[str, Any], action: dict[str, Any]) -> AutomationCore:
    trigger = {"type": "event", "expect": events, "posture": "Reactive", "threshold": 1, **whose}
    return AutomationCore.model_validate({"name": name, "trigger": trigger, "actions": [action]})


def _notice_block(url: str) -> UUID:
    """The address is kept as a secret of the server's: it often holds a token."""
    block = CustomWebhookNotificationBlock.model_validate(
        {
            "name": BLOCK, "url": "{{address}}", "method": "POST", "secrets": {"address": url},
            "json_data": {"subject": "{{subject}}", "body": "{{body}}"},
        }
    )  # fmt: skip
    return UUID(str(block.save(BLOCK, overwrite=True)))
