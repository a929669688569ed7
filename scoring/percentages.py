"""A percentage of the way in a report: 完成率达63%, 占全年目标的63.5%; not 同比增长1.6%, 占比12%, 序时进度91.7%."""

import math
import re

NUMBER = r"(?<![\d.])(\d{1,4}(?:\.\d{1,6})?)%"

_PERCENT = re.compile(NUMBER)
_BARE = re.compile(rf"{NUMBER}[,;。!]*")
_OVERALL = re.compile(r"总体|整体|累计|合计|综合|目前|截至|截止|现已")
_YARDSTICK = (
    r"(?:全|年|度|初|本|今|当|总|的|目标|任务|计划|预期|既定|考核|工作|工程|形象|建设|投资|指标|额|数|量|值(?=的))*+"
)
_REACHED = r"(?:情况|进度|比例|率)?(?:已|约|近|超过|超|达|到|至|为|是|了|共|累计|目前|:|=|\()*+"
_WAY = (
    r"(?<!超额)完成|达成|(?<!序时)(?<!时间)进度|进展|(?:占|为|达到?|实现|相当于)(?=全年|年度|本年|年初|目标|任务|计划)"
)
_BEFORE = re.compile(rf"(?:{_WAY}){_YARDSTICK}{_REACHED}$")
_RATE_AFTER = re.compile(r"(?:以上|左右)?的?(?:增长|增速|增幅|涨幅|降幅)")
_HEAD = 40  # characters; a longer way from the word to its number is another sentence


def share(sentences: list[str], doubtful: re.Pattern[str]) -> float:
    """Return the share of the way that the sentences state, NaN without one.

    Of several, the last one said of the whole (总体, 累计, 目前) counts, else the lowest. A percentage whose sentence
    holds a ``doubtful`` word before it (未, 预计) is none.
    """
    if len(sentences) == 1 and (bare := _BARE.fullmatch(sentences[0])):
        return float(bare[1]) / 100
    found = [one for sentence in sentences for one in _stated(sentence, doubtful)]
    overall = [value for value, of_the_whole in found if of_the_whole]
    if overall:
        return overall[-1]
    return min((value for value, _ in found), default=math.nan)


def _stated(sentence: str, doubtful: re.Pattern[str]) -> list[tuple[float, bool]]:
    """Return each percentage of the way with whether it is said of the whole."""
    stated = []
    start = 0
    for percent in _PERCENT.finditer(sentence):
        head = sentence[max(start, percent.start() - _HEAD) : percent.start()]
        start = percent.end()
        way = _BEFORE.search(head)
        if way and not doubtful.search(head, 0, way.start()) and not _RATE_AFTER.match(sentence, start):
            stated.append((float(percent[1]) / 100, bool(_OVERALL.search(head))))
    return stated
