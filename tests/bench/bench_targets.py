"""Reading promises and reports: how extraction grows with the length of a text, and how long a million reports take.

The long text is the made-up sentences of the test table, one after the other. The reports are all different and of the
usual length, each matched to the targets of one of four indicators; a sample is measured and scaled to a million.
"""

from itertools import cycle, islice

from scoring.targets import extract_targets, match_actuals
from tests.bench.harness import machine, medians, seconds, table
from tests.test_targets import drawn

ROUNDS = 5
LENGTHS = (10_000, 100_000)
AIM = 1.0
REPORTS = 1_000_000
SAMPLE = 100_000
INDICATORS = (
    "举办外商投资企业圆桌会议2场及以上，全年实现利用外资超3亿美元，增长2%。",
    "新增跨境电商海外仓超100个、超100万平方米，推动优品出海。",
    "组织2000家（次）以上企业参加境内外20场以上优质重点展会，出口总额与去年持平。",
    "审核4份及以上文件；投诉按期办结率达100%。",
)
WRITTEN = (
    "已举办圆桌会议{a}场，邀请企业{b}家；1-10月实际利用外资{c}亿美元，同比增长{d}%。",
    "截至10月底，新增海外仓{b}个、面积{c}万平方米，正在推进{a}个项目。",
    "累计组织企业{b}家次参加展会{a}场，出口总额{c}亿元，同比增长{d}%。",
    "已审核文件{a}份，受理投诉{b}件，按期办结率{d}%。",
)


def main() -> None:
    print(f"Machine: {machine()}")
    sentences = list(drawn("targets_of_other_plans.txt"))
    long = {length: "".join(islice(cycle("\n".join(sentences)), length)) for length in LENGTHS}
    targets = [extract_targets(indicator) for indicator in INDICATORS]
    reports = written(SAMPLE)
    tasks = {
        **{f"{length:,}": lambda length=length: seconds(lambda: extract_targets(long[length])) for length in LENGTHS},
        "reports": lambda: seconds(lambda: match_all(targets, reports)) * REPORTS / SAMPLE,
    }
    took = medians(tasks, ROUNDS)
    short, whole = (took[f"{length:,}"] for length in LENGTHS)
    lines = [
        (f"targets of {LENGTHS[0]:,} characters", f"{short:.3f}", ""),
        (
            f"targets of {LENGTHS[1]:,} characters",
            f"{whole:.3f}",
            f"{whole / short:.1f} x for 10 x; aim: within {AIM:g} s",
        ),
        (f"{REPORTS:,} reports matched ({SAMPLE:,} measured, scaled)", f"{took['reports']:.0f}", "all different"),
    ]
    table("Targets and actuals", ("", "median, s", ""), lines)


def written(count: int) -> list[str]:
    """Return reports of which no two are alike."""
    return [
        WRITTEN[n % len(WRITTEN)].format(a=n % 37 + 1, b=n, c=f"{n % 1009 / 10:.1f}", d=f"{n % 211 / 10:.1f}")
        for n in range(count)
    ]


def match_all(targets: list, reports: list[str]) -> None:
    for place, report in enumerate(reports):
        match_actuals(targets[place % len(targets)], report)


if __name__ == "__main__":
    main()
