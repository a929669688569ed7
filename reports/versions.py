"""Versions in words: who published which one, when, and what came of a restore."""

from datetime import datetime

from data.plan import Plan
from data.storage.keeping import BEIJING
from data.versions import Version
from reports import words
from reports.words import Sentence, Span

ONE_VERSION: Sentence = (Span("只有一版，还没有可比的。"),)
NOBODY = "未具名"
HASH = 12  # characters of a SHA-256, as on the terminal


def moment(when: datetime, year: int) -> str:
    """Return 11月3日 15:04 by the clerks' clock; the day alone for a version that ships with the product."""
    if when.tzinfo is None:
        return words.day(when.date(), year)
    local = when.astimezone(BEIJING)
    return f"{words.day(local.date(), year)} {local:%H:%M}"


def backed_up(count: int, newest: datetime | None, year: int) -> str:
    """Return when the store was last backed up by itself."""
    if newest is None:
        return "每次发布后自动备份并核对；还没有自动备份。"
    return f"每次发布后自动备份并核对：最近一次{moment(newest, year)}，现有{count}份。"


def published(version: Version, year: int) -> str:
    """Return 林溪于11月3日 15:04发布."""
    return f"{version.author or NOBODY}于{moment(version.published_at, year)}发布"


def headline(versions: tuple[Version, ...], plan: Plan) -> Sentence:
    """Return 共5版；最新是第5版，数据截至12月31日，林溪于11月3日 15:04发布。"""
    newest = versions[0]
    told = f"数据截至{words.day(newest.data_date, plan.year)}，{published(newest, plan.year)}"
    count = "只有一版：" if len(versions) == 1 else f"共{len(versions)}版；最新是"
    return (Span(count), Span(f"第{newest.number}版", "link"), Span(f"，{told}。"))


def news(newest: Version, shown: Version, year: int) -> str:
    """Return 有新版本：第6版，数据截至11月30日，林溪于11月30日 15:04发布；现在看的是第5版。"""
    told = f"数据截至{words.day(newest.data_date, year)}，{published(newest, year)}"
    return f"有新版本：第{newest.number}版，{told}；现在看的是第{shown.number}版。"


def older(newest: Version, shown: Version) -> str:
    """Return what a reader of an old version is told quietly."""
    return f"现在看的是第{shown.number}版，最新是第{newest.number}版。"


def to_restore(old: Version, newest: Version, year: int) -> str:
    """Return what a restore will do, before it is done."""
    return (
        f"把第{old.number}版（数据截至{words.day(old.data_date, year)}）的表作为第{newest.number + 1}版发布；"
        f"第{newest.number}版和其他各版都保留，随时可以再恢复。"
    )


def restored(version: Version, old: Version) -> str:
    """Return what a restore has done."""
    return f"已恢复：第{old.number}版的表现在是第{version.number}版。"


def history(version: Version, versions: tuple[Version, ...]) -> str:
    """Return which earlier version holds the same file, "" where none does."""
    same = [other.number for other in versions if other.sha256 == version.sha256 and other.number < version.number]
    return f"与第{same[-1]}版同一文件" if same else ""
