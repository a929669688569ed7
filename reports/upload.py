"""The words of an upload: where it goes, what must be confirmed before it is published, and what came of it."""

from collections.abc import Iterable
from datetime import date

from data.findings import Finding
from data.reader import Reading
from data.storage.keeping import BEIJING
from data.store import StalePublish
from data.versions import Version
from reports import words
from reports.words import Sentence, Span

STEPS = ("选文件", "看变化、核问题", "发布")
START: Sentence = (Span("选一份考评表：先看变化、核问题，再发布。"),)
START_NOTE = "不用改格式：合并单元格、空行、“12月 底前”这类写法会自动整理，整理了什么会逐条列出。"
UNTOUCHED = "点“发布”以前，其他人看到的都是原来的版本。"
ASKED = "请科室负责人核对；勾选情况写进这一版的说明。"
NO_EDITOR = "上传和发布只对编辑开放：请先登录，再在这一页选文件。"
AUTHENTICITY = frozenset(  # 严格审查数据资料，确保数据的真实性和客观性 (rule 16)
    {
        "evidence_missing",
        "evidence_no_column",
        "progress_contradicts",
        "progress_fell",
        "progress_far_beyond",
        "text_unchanged",
    }
)


def refused(sentence: str) -> tuple[Sentence, str]:
    """Return why a file is no evaluation table as a headline, and what would work as the note below it."""
    reason, _, rest = sentence.removeprefix("没读出考评表：").partition("。")
    kept = "现有数据没有变动。"
    note = rest if kept.rstrip("。") in sentence else f"{rest}{kept}"
    return (Span("没读出考评表", "risk"), Span(f"：{reason}。")), note


def version(which: Version, year: int) -> str:
    """Return 第3版（9月19日）."""
    return f"第{which.number}版（{words.day(which.data_date, year)}）"


def published(which: Version) -> str:
    """Return 王某于2025-10-31 09:12发布, in Beijing's time."""
    return f"{which.author}于{which.published_at.astimezone(BEIJING):%Y-%m-%d %H:%M}发布"


def facts(filename: str, reading: Reading, base: Version | None, carried: int, elsewhere: bool) -> tuple[str, ...]:
    """Return the line below the headline: the file, what was read, what it is compared with, what is 沿用."""
    weight = words.points(float(reading.table["weight"].sum()), 2)
    which = f"“{base.plan}”" if base and elsewhere else ""
    compared = f"与{which}{version(base, reading.year or base.data_date.year)}比较" if base else "这个方案还没有版本"
    lines = [f"文件：{filename}", f"读到{len(reading.table)}项、{weight}", compared]
    return (*lines, f"{carried}项这次空白，沿用上一版的填报") if carried else tuple(lines)


def provisional(judged: date, base: Version | None, year: int) -> str:
    """Return by which day the statuses are judged while nobody has said the data date."""
    if base is None:
        return "填了数据截至才判断快慢"
    return f"数据截至还没填，暂按上一版的{words.day(judged, year)}判断快慢"


def is_incomplete(findings: Iterable[Finding]) -> bool:
    """Tell whether points of the whole table could not be read."""
    return any(finding.code == "points_missing" for finding in findings)


def blocking(findings: Iterable[Finding]) -> int:
    """Return how many findings hold the button whatever is ticked."""
    return sum(finding.severity == "blocking" and finding.code != "points_missing" for finding in findings)


def incomplete(sentence: Sentence) -> str:
    """Return what to confirm where points are missing."""
    return f"{words.plain(sentence).rstrip('。')}；确认先按不完整的表发布"


def retargeted(count: int) -> str:
    """Return what to confirm where targets were changed."""
    return f"{count}处目标改动（权重、指标、时限或责任人）已经审定"


def elsewhere(reading: Reading, plan: str, shown: str | None, known: bool) -> str:
    """Return what to confirm where the file is not the shown plan's; "" where it is."""
    if reading.unit is None:
        return f"表里和文件名里都没有单位，确认这是“{plan}”的考评表"
    if not known:
        return f"还没有“{plan}”这个方案，确认新建，并作为它的第1版发布"
    return "" if plan == shown else f"这份文件是“{plan}”的，不是现在打开的“{shown}”；确认发布到“{plan}”"


def same_bytes(same: Version, base: Version | None, year: int) -> str:
    """Return what to confirm where the very same file was published before."""
    newest = "，也就是最新的一版" if base and same.id == base.id else ""
    return f"这份文件与{version(same, year)}的文件一字不差（{published(same)}）{newest}；确认仍要再发布一次"


def backwards(chosen: date, base: Version | None, year: int) -> str:
    """Return what to confirm where the data date lies before the last version's; "" otherwise."""
    if base is None or chosen >= base.data_date:
        return ""
    return f"数据截至{words.day(chosen, year)}早于{version(base, year)}，确认日期没有填错"


def note(written: str, checked: int, asked: int) -> str:
    """Return the version's note, with how many findings of 真实性核查 a head has checked."""
    told = f"真实性核查{asked}处，科室负责人已核{checked}处。" if asked else ""
    return "　".join(part for part in (written.strip(), told) if part)


def moved_on(base: Version | None, year: int) -> str:
    """Return that the file is now compared with another version than before."""
    return f"这期间{published(base)}了第{base.number}版；下面已改为与{version(base, year)}比较。" if base else ""


def done(which: Version) -> Sentence:
    """Return 已发布为第4版，各处已经更新。"""
    return (Span(f"已发布为第{which.number}版", "steady"), Span("，各页已经更新。"))


def done_facts(which: Version, year: int) -> tuple[str, ...]:
    """Return the line below it: plan, data date, author, file."""
    return (which.plan, f"数据截至{words.day(which.data_date, year)}", published(which), f"文件：{which.filename}")


def before(blocking: int, lacking: list[str]) -> str:
    """Return what still holds the button, or that nobody else sees anything yet."""
    if blocking:
        return f"有{blocking}处须先处理，请在原表改好后重新选文件。{UNTOUCHED}"
    return f"发布前还要{'、'.join(lacking)}。{UNTOUCHED}" if lacking else UNTOUCHED


def lost(error: StalePublish) -> str:
    """Return who published first, and that the file is kept and compared anew."""
    winner = error.winner
    if winner is None:
        return str(error)
    first = f"{published(winner)}了第{winner.number}版，比您早一步；这次没有发布"
    return f"{first}。您的文件还在，下面已改为与第{winner.number}版比较，请再看一遍再发布。"
