"""Promises whose figure is a word: 与去年持平 (growth 0 %), 翻番 (growth 100 %), 过半 (50 %), 零事故 and 不发生事故 (0), 排名全省
前三 (3), 出台…办法 (one document).
"""

import re
from collections.abc import Iterator

from scoring import measures
from scoring.quantities import DATE, NAME, Quantity, Target, base, spelled

_UNCHANGED = re.compile(
    rf"(?:(?:与|同|和|跟|较|比)?(?:去年|上年度?|上一年度?|往年|{DATE}{{4,6}})(?:全年|同期|水平|的)*(?:基本|大体|总体)?"
    r"|(?:保持|实现|总体|基本){1,2})持平|持平(?=[，,。；;、)\s]|$)"
)
_ZERO = re.compile(
    r"(?P<growth>零增长)|零(?P<noun>事故|伤亡|死亡|案件|火灾|投诉|差错|失误|发生|新增|舆情|上访|信访|违规|违纪|违法|感染|积压|超期|逾期|"
    r"报告|泄漏|污染|扣分|通报)|(?P<none>(?:(?<=[数率量件故诉])为|保持|实现|归|降至)(?:零|0))(?=[，,。；;、)\s]|$)"
)
_NEVER = re.compile(
    r"(?:不|杜绝|严防|防止|避免)(?:再)?(?:发生|出现)(?P<noun>[^，,。；;、\d\n]{0,20}(?:事故|事件|案件|火灾|疫情|灾害|泄漏|返贫))(?=[，,。；;、)\s]|$)"
)
_DOUBLED = re.compile(r"翻(?P<twice>两)?(?:一)?番")
_HALF = re.compile(r"(?P<noun>[一-龥]{1,20}[率例重])(?:达到|超|已)?过半(?![年天日数月])")
_HAPPENING = ("发生", "新增", "报告", "通报")  # 较大事故零发生: the noun stands before
_RANK = re.compile(
    r"(?:排名|排位|位次|位居|位列|名列|跻身|进入|进位至|进位到|稳居|保持在?|列|居|力争)[^，,。；;、\d前第(]{0,10}"
    r"(?:前|第)\s?(?P<rank>\d{1,3}|[一二三四五六七八九十]{1,3})\s?(?P<unit>名|位)?"
    r"(?!\d|\s?%|季度|方阵|梯队|批|产业|期|届|轮|次|分之|[一-龥]{0,2}(?:方阵|梯队))"
)
_PAPERS = (
    r"办法|方案|意见|措施|规划|报告|细则|政策|通知|清单|指南|标准|规范|制度|条例|规定|计划|要点|预案|手册|目录|白皮书|蓝皮书|绿皮书|"
    r"公约|导则|规程|章程|机制文件|文件|指引|图谱|名录|若干条"
)
_ISSUE = r"(?<!关于)(?<!根据)(?<!按照)(?<!依据)(?<!落实)(?<!执行)(?<!已)(?<!牵头)"
_DOCUMENT = re.compile(
    rf"(?=[研制修出印编起拟撰发推完])(?:{_ISSUE}(?P<verb>研究制定|研究出台|制定出台|制定印发|修订完善|出台|印发|制定|制订|编制|修订|修编|起草|拟订|拟定|编写|撰写|编印|发布|推出)"
    rf"(?:了|完成)?(?!的|情况|工作)(?P<paper>[^，,。；;：:\n{NAME}]{{0,40}}?{NAME}{{4,}}(?!的?通知|精神|要求|[^，,。；;]{{0,3}}(?:要求|精神))"
    rf"|[^，,。；;：:\n]{{0,60}}(?:{_PAPERS})(?=[，,。；;、)：:\s{DATE}]|$|等|并|及|和|以及|工作|初稿|文本))"
    rf"|完成(?P<made>[^，,。；;、\n]{{1,40}}(?:规划|方案|报告|标准|预案))(?:的)?(?:编制|制定|起草|修订|修编|印发|撰写))"
)
_WEAK_ISSUE = ("发布", "推出")  # 发布信息, 推出政策解读 are no papers: only titles and reports are
_PUBLISHED = re.compile(rf"{NAME}$|(?:报告|白皮书|蓝皮书|绿皮书|指南|标准|规划|规范|指引|名录)$")
_REGULAR = re.compile(r"每个?(?:季度?|月|周|半年|日|期)$|定期$|按[月季]$")
_COUNTS_PAPERS = frozenset("份个项部篇件套本条册期")


def documents(text: str, normal: str, quantities: tuple[Quantity, ...]) -> Iterator[Target]:
    """Yield each paper that is promised without a number: 出台…办法, 印发《…》, 完成…规划编制."""
    counted = [one.start for one in quantities if base(one.unit) in _COUNTS_PAPERS]
    for found in _DOCUMENT.finditer(normal):
        start, end = found.span("paper" if found["verb"] else "made")
        if found["verb"] in _WEAK_ISSUE and not _PUBLISHED.search(normal, start, end):
            continue
        if _REGULAR.search(normal, max(0, found.start() - 6), found.start()):
            continue
        if not _numbered(normal, counted, start, end):
            measure = measures.named(text, measures.Noun(start, end, True))
            yield Target("document", ">=", 1.0, "份", measure, found.start(), found.end())


def unchanged(text: str, normal: str) -> Iterator[Target]:
    """Yield each 与去年持平: growth of 0 %."""
    for found in _UNCHANGED.finditer(normal):
        measure = measures.named(text, measures.before(normal, _sentence(normal, found.start()), found.start()))
        yield Target("growth", ">=", 0.0, "%", measure, found.start(), found.end())


def zeros(text: str, half_width: str) -> Iterator[Target]:
    """Yield each zero that is promised in words: 零事故, 支出零增长, 起数为零; a ceiling."""
    left = 0
    for found in _ZERO.finditer(half_width):
        left = max(left, _sentence(half_width, found.start()))
        head = measures.named(text, measures.before(half_width, left, found.start()))
        left = found.end()
        kind, unit = ("growth", "%") if found["growth"] else ("level", "")
        yield Target(
            kind,
            "<=",
            0.0,
            unit,
            head if head and found["noun"] in _HAPPENING else head + (found["noun"] or ""),
            found.start(),
            found.end(),
        )


def never(text: str, normal: str) -> Iterator[Target]:
    """Yield what must not happen: 不发生较大以上事故, a ceiling of 0."""
    for found in _NEVER.finditer(normal):
        measure = measures.named(text, measures.Noun(*found.span("noun"), False))
        yield Target("level", "<=", 0.0, "", measure, *found.span())


def spoken(text: str, normal: str) -> Iterator[Target]:
    """Yield the figures that are words: 翻番 is growth of 100 %, 到位率过半 more than 50 %."""
    for found in _DOUBLED.finditer(normal):
        measure = measures.named(text, measures.subject(normal, _sentence(normal, found.start()), found.start()))
        yield Target("growth", ">=", 300.0 if found["twice"] else 100.0, "%", measure, *found.span())
    for found in _HALF.finditer(normal):
        measure = measures.named(text, measures.subject(normal, *found.span("noun")))
        yield Target("rate", ">", 50.0, "%", measure, found.end("noun"), found.end())


def ranks(text: str, half_width: str) -> Iterator[Target]:
    """Yield each place in a ranking: 排名全省前三 is at most 3, unit 名."""
    for found in _RANK.finditer(half_width):
        rank = float(found["rank"]) if found["rank"].isdecimal() else spelled(found["rank"])
        if rank:
            head = measures.before(half_width, _sentence(half_width, found.start()), found.start())
            measure = measures.named(text, head) or "排名"
            yield Target("level", "<=", rank, found["unit"] or "名", measure, found.start(), found.end())


def _sentence(normal: str, start: int) -> int:
    left = max(0, start - 60)
    return max(left, *(normal.rfind(sign, left, start) + 1 for sign in "。；;！？"))


def _numbered(normal: str, counted: list[int], start: int, end: int) -> bool:
    """Return whether a number for the papers stands among them, or after them in the clause before another verb."""
    stop = min((at for sign in "，,。；;\n" if (at := normal.find(sign, end, end + 40)) >= 0), default=end + 40)
    stop = measures.next_verb(normal, end, min(stop, len(normal)))
    return any(start <= at < stop for at in counted) or bool(re.match(r"(?:共|各)?[份篇]", normal[end : end + 2]))
