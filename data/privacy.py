"""Phone and identity numbers of private persons, masked wherever they stand: 159****0686.

A number is told by its digits and by what stands around it: 138亿 written out in yuan has eleven digits too. Where
nothing tells, it is masked: a masked amount costs a question, a phone number once shown cannot be taken back.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date

_WIDE = str.maketrans("０１２３４５６７８９Ｘ＋－　（）．：", "0123456789X+- ().:")  # sign for sign, so places stay
_SIGN = r"[ \t\u00a0\u200b-\u200d\ufeff.·‐-―−-]"  # what people put between the digits of a number
_GAP = rf"{_SIGN}{{0,2}}"
_MOBILE = re.compile(
    rf"(?<!\d)(?<!\d\.)(?:(?:\+|00)?86{_GAP})?"
    rf"(?P<own>1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}|1[3-9]\d{_GAP}\d{{3}}{_GAP}\d{{5}}|1(?:{_SIGN}\d){{10}})(?!\d)"
)
_LANDLINE = re.compile(
    rf"(?<!\d)(?<!\d\.)(?:\(?0|(?:\+|00)86{_GAP})(?:10|2\d|[3-9]\d\d)\)?{_GAP}"
    rf"(?P<own>[2-8]\d{{2,3}}{_GAP}\d{{4}})(?!\d)"
)
_LOCAL = re.compile(
    rf"(?:电话|手机|座机|传真|号码|[Tt][Ee][Ll])[)是为: .]{{0,3}}(?P<own>[2-8]\d{{2,3}}{_GAP}\d{{4}})(?!\d)"
)
_IDENTITY = re.compile(rf"(?<![\dA-Za-z])(?P<own>[1-9](?:{_GAP}\d){{16}}{_GAP}[\dXx]|[1-9]\d{{14}})(?![\dA-Za-z])")
_ASKED = re.compile(r"(?:电话|手机|联系|拨打|致电|来电|短信|微信|传真|号码|[Tt][Ee][Ll])[^\d\n]{0,8}$")
_MONEY = re.compile(r"[¥￥$€][ \t]{0,2}$")
_AMOUNT = re.compile(r"[ \t]{0,2}(?:\.\d|,\d{3}|[万亿千百]|元(?![旦宵月])|[美欧日]元|吨|人次|平方|公里|[个件次家户%])")
_FEWEST = 7  # digits, of a local phone number
_DOCUMENT = re.compile(r"(?:第|字|〕|\]|编号|文号|单号|证号)[: ]{0,2}$")


def mask(text: str) -> str:
    """Return the text with the middle of every phone and identity number as stars, all else as it was."""
    if sum(map(str.isdigit, text)) < _FEWEST:
        return text
    for pattern, is_private in _KINDS:
        plain = text.translate(_WIDE)
        hidden = {place for found in pattern.finditer(plain) if is_private(found) for place in _middle(found)}
        text = "".join("*" if place in hidden else char for place, char in enumerate(text))
    return text


def holds_private(text: str) -> bool:
    """Tell whether ``mask`` would change the text."""
    return mask(text) != text


def _middle(found: re.Match[str]) -> Iterator[int]:
    """Yield the places of the digits to hide: all but the first and the last few."""
    digits = [place for place in range(*found.span("own")) if found.string[place].isalnum()]
    first, last = (3, 4) if len(digits) == 11 else (2, 2) if len(digits) < 11 else (3, 2)
    yield from digits[first:-last]


def _is_phone(found: re.Match[str]) -> bool:
    before, after = found.string[max(0, found.start() - 14) : found.start()], found.string[found.end() :][:4]
    if _ASKED.search(before):
        return True
    document = _DOCUMENT.search(before) and after.startswith("号")
    return not (document or _MONEY.search(before) or _AMOUNT.match(after))


def _is_identity(found: re.Match[str]) -> bool:
    """Tell whether the digits of the birthday are a date."""
    digits = "".join(filter(str.isalnum, found["own"]))
    day = digits[6:14] if len(digits) == 18 else f"19{digits[6:12]}"
    try:
        return 1900 <= date(int(day[:4]), int(day[4:6]), int(day[6:])).year <= 2099
    except ValueError:
        return False


def _is_given(found: re.Match[str]) -> bool:
    return True


_KINDS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], bool]], ...] = (
    (_IDENTITY, _is_identity),
    (_MOBILE, _is_phone),
    (_LANDLINE, _is_phone),
    (_LOCAL, _is_given),  # without an area code, only what is called a phone number
)
