"""What flows are asked for, as Prefect's form shows it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

CycleId = Annotated[
    str, Field(title="Kỳ / Cycle", description="mã kỳ, như `parindex cycle list` / the cycle's id", min_length=1)
]
UnitCode = Annotated[
    str, Field(title="Đơn vị / Unit", description="chỉ đơn vị này; trống: mọi đơn vị / this unit alone; empty: all")
]
Why = Annotated[
    str, Field(title="Lý do / Reason", description="vì sao chạy, ghi vào nhật ký kiểm toán / why, for the audit log")
]
Until = Annotated[
    Literal["collect", "validate", "appraise", "survey", "publish"],
    Field(title="Đến bước / Until", description="dừng sau bước này / stop after this step"),
]
Again = Annotated[
    bool,
    Field(
        title="Lấy bản mới của cấp dưới / Take newer lower results",
        description="kỳ đã công bố chỉ đổi khi chọn; `parindex rerun` chọn khi có lý do / a published cycle changes "
        "only when asked to; `parindex rerun` asks, with a reason",
    ),
]
RequestId = Annotated[
    str, Field(title="Yêu cầu / Request", description="để trống: `parindex run --remote` điền / leave empty")
]
