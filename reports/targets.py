"""The confirmation of an indicator's targets, in words."""

from reports.changes import NONE, promises
from scoring.targets import Target

SIGNS = {">=": "≥", ">": "＞", "<=": "≤", "<": "＜", "=": "＝"}
KINDS = {
    "count": "数量",
    "amount": "总量",
    "growth": "增长",
    "decline": "下降",
    "rate": "比率",
    "level": "水平",
    "document": "文件",
}
READ = "量化目标：从文字读出，请核对"
CONFIRMED = "量化目标：已由人确认"
CONFIRM, NO_TARGETS = "确认这些目标", "这一项没有量化目标"
HELP = (
    "一行一个目标，可以改、加、删。类别空着的按目标和单位判断；实际值空着的，从完成情况的文字里找。"
    "数量、总量、文件按序时判断，其他类别只与目标值比。"
)
FAULTS = {
    "value_missing": "没有写目标值",
    "value_unreadable": "的目标值读不出数，或与单位对不上",
    "comparator_unknown": "的比较看不懂，请选 ≥、＞、≤、＜ 或 ＝",
    "actual_unreadable": "的实际值读不出数，或与单位对不上",
    "actual_alone": "写了实际值，没有写目标值",
}
LONGEST = 120  # characters of what a version's note says of the targets


def heading(confirmed: tuple[Target, ...]) -> str:
    """Return what the form is about, by whether somebody has confirmed the targets before."""
    return CONFIRMED if confirmed else READ


def to_save(number: int) -> str:
    """Return what confirming does."""
    return f"确认后作为第{number}版发布：还是同一份表，只有这一项的量化目标按这里的；旧版都保留，可在版本页恢复。"


def from_newest(number: int) -> str:
    """Return where to go from an older version."""
    return f"量化目标在最新的第{number}版上确认，请先在上方选第{number}版。"


def note(called: str, targets: tuple[Target, ...]) -> str:
    """Return the note of the version: 确认1-1-1的量化目标：圆桌会议2场及以上."""
    if all(target.kind == "none" for target in targets):
        return f"确认{called}{NONE}"
    told = promises(targets)
    cut = f"{told[:LONGEST]}…" if len(told) > LONGEST else told
    return f"确认{called}的量化目标：{cut}"


def saved(note: str, number: int) -> str:
    """Return what confirming has done."""
    return f"已{note}；从第{number}版起生效。"
