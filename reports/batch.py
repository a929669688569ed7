"""Many tables at once, in words: what came, what each file becomes, what a tick confirms, and what came of it."""

from collections.abc import Sequence
from datetime import date

from data.many.batch import Record
from data.many.triage import GOING, Verdict
from data.versions import Version
from reports import upload, words
from reports.words import Sentence, Span

FACES = ("一份考评表", "多个单位")
START: Sentence = (Span("把各单位的考评表一起选来：逐份读、逐份核对，读不了的不耽误别的。"),)
START_NOTE = (
    "可以一次选多个文件、一个或几个zip，也可以选整个文件夹，文件夹里的各层都读。"
    "超过20MB的文件浏览器不会送来，一千份以上的请打成几个zip。"
)
AGAIN, DOWNLOAD, SAME_UNIT = "换一批文件", "下载核对清单", "就是“{}”"
DAY, YEAR, UNIT, NOTE = "数据截至（表里没写的）", "考评年度（表里没写的）", "参评单位", "说明（可不填）"
STATES = {
    "ready": "可发布",
    "asked": "要确认",
    "unnamed": "缺单位或年度",
    "blocked": "须先处理",
    "unchanged": "无变化",
    "repeated": "重复",
    "refused": "读不了",
    "failed": "没有发布",
    "published": "已发布",
}
LEFT_OUT = ("blocked", "unchanged", "repeated", "refused")
HEADS = ("文件", "单位和年度", "成为", "读到", "数据截至", "须先处理", "请核对", "情况")
NAMED = 6  # files or system files that a sentence names


def headline(states: Sequence[str]) -> Sentence:
    """Return how many files can be published, how many are asked about, how many not, and what was published."""
    published, failed = states.count("published"), states.count("failed")
    ready, asked, unnamed = states.count("ready"), states.count("asked"), states.count("unnamed")
    out = sum(states.count(state) for state in LEFT_OUT)
    told = [Span(f"已发布{published}份", "steady")] if published else []
    told += [Span(f"{failed}份没有发布成", "risk")] if failed else []
    told += [Span(f"{ready}份可以发布", "steady")] if ready else []
    told += [Span(f"{asked}份要确认")] if asked else []
    told += [Span(f"{unnamed}份缺单位或年度")] if unnamed else []
    told += [Span(f"{out}份不发布", "risk" if states.count("refused") + states.count("blocked") else "")] if out else []
    parts = [piece for span in told for piece in (Span("，"), span)][1:]
    return (Span(f"收到{len(states)}份："), *parts, Span("。"))


def arrived(count: int) -> Sentence:
    """Return the headline while files are read."""
    return (Span(f"收到{count}份，正在逐份读、逐份核对。"),)


def reading(done: int, count: int) -> str:
    """Return how far the reading is."""
    return f"已读{done}／{count}"


def leaving(count: int) -> Sentence:
    """Return the headline while files are published."""
    return (Span(f"正在逐份发布{count}份。"),)


def publishing(done: int, count: int) -> str:
    """Return how far the publishing is."""
    return f"已办{done}／{count}"


def skipped(paths: Sequence[str]) -> str:
    """Return which system files were not read, "" where none came."""
    if not paths:
        return ""
    names = list(dict.fromkeys(path.rpartition("/")[2] for path in paths))
    more = "等" if len(names) > NAMED else ""
    return f"没有读系统附带的文件{len(paths)}个（{'、'.join(names[:NAMED])}{more}）"


def becomes(record: Record, verdict: Verdict) -> str:
    """Return 新建，第1版 or 第4版; — for what becomes none."""
    if verdict.state not in GOING:
        return words.MISSING
    return f"第{record.number}版" if record.base else "新建，第1版"


def read(record: Record) -> str:
    """Return 60项、100分; — for what could not be read."""
    if record.refused:
        return words.MISSING
    return f"{record.rows}项、{words.points(record.points, 2)}"


def told(record: Record, verdict: Verdict, paths: Sequence[str], day: date | None) -> str:
    """Return why a file is not simply published: what its tick confirms, or why there is none; "" where it is ready."""
    which = f"“{_file(paths[verdict.first])}”" if verdict.first is not None else ""
    match verdict.state:
        case "refused":
            return record.refused
        case "unnamed":
            return _unnamed(record)
        case "blocked":
            return f"有{record.blocking}处须先处理，请在原表改好后再传。"
        case "unchanged":
            return f"与最新的{_version(record)}一字不差，不再发布。"
        case "repeated":
            return f"与{which}一字不差，只发布那一份。"
    confirmed = "；".join(_confirmed(record, verdict, which, ask, paths, day) for ask in verdict.asks)
    return f"勾选表示确认：{confirmed}。" if confirmed else ""


def _confirmed(record: Record, verdict: Verdict, which: str, ask: str, paths: Sequence[str], day: date | None) -> str:
    year = record.year or 0
    match ask:
        case "rivals":
            others = "、".join(f"“{_file(paths[at])}”" for at in verdict.rivals[:NAMED])
            return f"同一方案还有{others}，只发布这一份"
        case "copied":
            return f"与{which}一字不差，仍按“{record.plan}”发布"
        case "incomplete":
            return f"{record.incomplete.rstrip('。')}，先按不完整的表发布"
        case "targets":
            return upload.retargeted(record.targets)
        case "older" if record.same:
            return upload.same_bytes(record.same, record.base, year)
        case "backwards":
            return upload.backwards(record.data_date or day or date.min, record.base, year)
        case "near":
            return f"“{record.unit}”不是已有的“{record.near}”，是另一个单位"
        case _:
            return f"单位名单上没有“{record.unit}”，新建它的方案"


def _unnamed(record: Record) -> str:
    lacking = "和".join(["单位"] * (not record.unit) + ["年度"] * (not record.year))
    return f"表里和文件名里都没有写{lacking}，补上才能发布。"


def _version(record: Record) -> str:
    return upload.version(record.base, record.year or 0) if record.base else ""


def _file(path: str) -> str:
    return path.rpartition("/")[2]


def published(version: Version) -> str:
    """Return 已发布为“示例市林业局 2025”第4版."""
    return f"已发布为“{version.plan}”第{version.number}版"


def lacking(ticked: int, dateless: int, published: int) -> str:
    """Return what still holds the button and, before the first publish, that nobody else sees anything yet."""
    untouched = "" if published else upload.UNTOUCHED
    if not ticked:
        return f"没有勾选要发布的文件。{untouched}"
    if dateless:
        return f"勾选的有{dateless}份没有写数据截至，请填上面的日期。{untouched}"
    return f"每份单独发布，一份没有成不影响别的。{untouched}"
