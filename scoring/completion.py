"""What a text in 全年完成情况 says: a percentage of the way, or in plain words done, on pace or behind.

A text is read sentence by sentence. A word counts unless its sentence negates it, limits it to a part, or only
intends it; what stays doubtful says nothing, so that it is 待判 and never 正常.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring import percentages
from scoring.method import Method

Verdict = Literal["", "done", "on_pace", "behind"]
VERDICTS: tuple[Verdict, ...] = ("", "done", "on_pace", "behind")

_WINDOW = 60  # characters looked at on either side of a word, so that a text of any length takes linear time
_CIRCLED = re.compile(r"[①-⑳]")
_SPACES = re.compile(r"[^\S\n]+|(?<=[未没不无非])\s+")
_BREAK = re.compile(r"[,;。!?\n]+")
_NUMBERING = re.compile(r"\(?\d{1,2}(?:[、)]|\.(?!\d))|\(?[一二三四五六七八九十]{1,3}[、)是]")
# Phrases that hold a negating, intending or lagging word without its meaning.
_NEUTRAL = re.compile(
    r"不断|不仅|不但|不懈|不少于|不低于|不超过|不折不扣|未成年|未来|虚拟|拟订|拟定|已将|按计划|按照计划|"
    r"(?:年度|全年|工作|原定|既定)计划|计划(?:的|任务|目标|指标|数|内)|预期(?:的|目标|指标|任务)|"
    r"落后(?:产能|地区|工艺|设备|面貌)"
)
_GENERIC = (
    r"(?:了|20\d\d|全部|所有|各|全|年|度|本|今|当|既定|预定|预期|规定|该|此|项|相关|有关|考核|考评|绩效|"
    r"工作|目标|任务|指标|要求|内容|事项|计划|的|和|及|、)*+"  # *+: what has matched is not tried in another way
)
# 已完成【年度目标任务】, 已完成【全部3场活动】, 已完成【信息报送任务】, 已完成【(12月15日)】
_WHOLE = re.compile(rf"(?:{_GENERIC}|(?:全部|所有)[^%]{{1,20}}|[^\d%的]{{1,12}}(?:任务|目标|指标))(?:\([^%]*)?")
_EXCESS = re.compile(rf"{_GENERIC}\d{{1,4}}(?:\.\d{{1,6}})?%")  # 超额完成【全年目标5%】
_TASK_DONE = re.compile(rf"{_GENERIC}(?:均|都|现|已)*+完成{_GENERIC}")
_COUNTED = re.compile(r"\d(?![\d.]|[年月日号〕])[^均都全皆]*$")  # 【2个项目】已完成: of how many, nobody says
_ENDING = re.compile(r"完成|办结|达标|达成")
_UNDER_WAY = re.compile(r"正在|推进|开展")
_FILLER = r"(?:出现|发生|存在|产生|有|再|见|现|明显|任何|一|项|个|的|进度|工作|任务|项目|指标|序时)*+$"
_SETTLED = re.compile(r"的?(?:问题|情况|局面|影响)*+(?:已经|已|得到|有效)++(?:解决|扭转|整改|克服|消除|补齐)")


@dataclass(frozen=True)
class Statement:
    """What one text says: whether anything at all, the share of the way (NaN without one), and its verdict."""

    written: bool
    percent: float
    verdict: Verdict


@dataclass(frozen=True)
class Statements:
    """The same for a column of texts, as arrays of its length; ``verdict`` holds positions in ``VERDICTS``."""

    written: npt.NDArray[np.bool_]
    percent: npt.NDArray[np.float64]
    verdict: npt.NDArray[np.int8]


def read_all(texts: pd.Series, method: Method) -> Statements:
    """Read a column of texts, each different text once."""
    reader = Reader(method)
    codes, different = pd.factorize(texts)
    read = [reader.read(str(text)) for text in different] + [reader.read("")]  # the last, -1, is a missing text
    return Statements(
        written=np.array([one.written for one in read])[codes],
        percent=np.array([one.percent for one in read])[codes],
        verdict=np.array([VERDICTS.index(one.verdict) for one in read], dtype="int8")[codes],
    )


class Reader:
    """Reads texts by the word lists of a method."""

    def __init__(self, method: Method) -> None:
        self._blank = {_normal(text) for text in method.blank_texts}
        self._done = _any_of(method.done_words)
        self._on_pace = _any_of(method.on_pace_words)
        self._behind = _any_of(method.behind_words)
        self._doubtful = _any_of((*method.negating_words, *method.planned_words))
        self._averted = re.compile(_any_of(method.averting_words).pattern + _FILLER)
        self._partial = _any_of(method.partial_words)
        self._partly = re.compile(self._partial.pattern + "$")
        self._ignored = _any_of(method.ignored_words)

    def read(self, text: str) -> Statement:
        """Return what ``text`` says; any text at all can be read."""
        normal = _normal(text)
        if not normal.strip("。.,;!\n") or normal.strip("。.,;!\n") in self._blank:
            return Statement(False, float("nan"), "")
        sentences = _sentences(self._ignored.split(normal, maxsplit=1)[0])
        return Statement(True, percentages.share(sentences, self._doubtful), self._verdict(sentences))

    def _verdict(self, sentences: list[str]) -> Verdict:
        if any(map(self._says_behind, sentences)):
            return "behind"
        on_pace = [word for sentence in sentences for word in self._says_on_pace(sentence)]
        unfinished = any(map(self._says_unfinished, sentences)) or any(map(_UNDER_WAY.search, on_pace))
        if not unfinished and any(map(self._says_done, sentences)):
            return "done"
        return "on_pace" if on_pace else ""

    def _says_behind(self, sentence: str) -> bool:
        return any(
            not self._averted.search(head) and not _SETTLED.match(tail)
            for head, _, tail in _split_at(self._behind, _NEUTRAL.sub("", sentence))
        )

    def _says_on_pace(self, sentence: str) -> list[str]:
        return [
            word
            for head, word, _ in _split_at(self._on_pace, sentence)
            if not self._doubtful.search(_NEUTRAL.sub("", head)) and not self._partly.search(head)
        ]

    def _says_unfinished(self, sentence: str) -> bool:
        return any(
            self._doubtful.search(_NEUTRAL.sub("", head)) or self._partly.search(head)
            for head, _, _ in _split_at(_ENDING, sentence)
        )

    def _says_done(self, sentence: str) -> bool:
        if _TASK_DONE.fullmatch(sentence):
            return True
        return any(
            (_WHOLE.fullmatch(tail) or (word.startswith("超额") and _EXCESS.fullmatch(tail)))
            and not self._doubtful.search(_NEUTRAL.sub("", head))
            and not self._partial.search(head + tail)
            and not (_COUNTED.search(head) and word.startswith("已"))
            for head, word, tail in _split_at(self._done, sentence)
        )


def _normal(text: str) -> str:
    """Return ``text`` with half-width digits and signs, numbering marks turned into breaks, and no spaces."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", _CIRCLED.sub(";", text))).strip()


def _sentences(text: str) -> list[str]:
    sentences = (
        _NUMBERING.sub("", sentence, count=1) if _NUMBERING.match(sentence) else sentence
        for sentence in _BREAK.split(text)
    )
    return [sentence for sentence in sentences if sentence]


def _split_at(words: re.Pattern[str], sentence: str) -> Iterable[tuple[str, str, str]]:
    """Yield what stands before each of the words, the word, and what stands after it."""
    for word in words.finditer(sentence):
        yield (
            sentence[max(0, word.start() - _WINDOW) : word.start()],
            word[0],
            sentence[word.end() : word.end() + _WINDOW],
        )


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern for any of the words, the longest first; of no words, one that never matches."""
    longest = sorted((_normal(word) for word in words), key=len, reverse=True)
    return re.compile("(?:" + "|".join(map(re.escape, longest)) + ")" if longest else r"(?!)")
