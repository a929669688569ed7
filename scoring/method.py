"""The method (口径): every setting and rule with its source, read from a TOML file.

An entry of the file is one rule::

    [behind_tolerance]
    title = "滞后的容差"
    value = 0.05               # only where the rule is a setting
    text = "进度比序时进度低{value}个百分点以上的为滞后。"
    source = "…"               # the clause it follows, or
    assumed = true             # nobody has said so
"""

import math
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeGuard

from scoring.errors import MethodInvalid

EDITION = 1  # one more wherever the same settings give other figures than before; what is kept of old ones is then old
_DEFAULT = Path(__file__).with_name("method.toml")

Value = float | str | tuple[float, ...] | tuple[str, ...] | None


@dataclass(frozen=True)
class Rule:
    """One entry as the page 口径 prints it. ``value`` is None where the rule has nothing to set.

    ``source`` is the clause or practice it follows, "" where there is none; ``assumed`` rules are marked 按假设.
    """

    name: str
    title: str
    value: Value
    text: str
    source: str
    assumed: bool


@dataclass(frozen=True)
class Method:
    """The settings of scoring, and ``rules``: all entries in the order of the file."""

    panel_scale: str  # points: 0…weight | percent: 0…100
    pace: str  # month | day
    tier_shares: tuple[float, float, float]  # of the weight, for 一档, 二档, 三档
    behind_tolerance: float  # share; 0.05 is five percentage points
    behind_tier: float  # the tier that is 滞后 where it stands alone
    far_beyond: float  # times the target; more is told as a probable slip
    blank_texts: tuple[str, ...]
    done_words: tuple[str, ...]
    on_pace_words: tuple[str, ...]
    behind_words: tuple[str, ...]
    negating_words: tuple[str, ...]
    averting_words: tuple[str, ...]
    planned_words: tuple[str, ...]
    partial_words: tuple[str, ...]
    ignored_words: tuple[str, ...]
    rules: tuple[Rule, ...]

    @cached_property
    def fingerprint(self) -> str:
        """Return what tells one set of rules from another: all that decides, not the sentences that explain it."""
        return sha256(f"{EDITION} {replace(self, rules=())!r}".encode()).hexdigest()[:16]

    @staticmethod
    def default() -> "Method":
        """Return the method that ships with the product."""
        return _default()

    @staticmethod
    def load(path: str | Path) -> "Method":
        """Read a method file; an entry that it leaves out is taken from the default.

        Raises MethodInvalid, which names the entry and what it may hold.
        """
        given = _read(Path(path))
        unknown = [name for name in given if name not in _entries()]
        if unknown:
            raise MethodInvalid(f"口径文件里没有“{unknown[0]}”这一条；可用的有：{'、'.join(_entries())}。")
        return _method({**_entries(), **given})


@cache
def _entries() -> dict[str, Any]:
    return _read(_DEFAULT)


@cache
def _default() -> Method:
    return _method(_entries())


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise MethodInvalid(f"口径文件 {path.name} 打不开，请检查路径和权限。") from error
    except UnicodeDecodeError as error:
        raise MethodInvalid(f"口径文件 {path.name} 不是 UTF-8 编码，请另存为 UTF-8。") from error
    except tomllib.TOMLDecodeError as error:
        raise MethodInvalid(f"口径文件 {path.name} 不是有效的 TOML：{error}。") from error


def _method(entries: dict[str, Any]) -> Method:
    rules = tuple(_rule(name, entry) for name, entry in entries.items())
    values: dict[str, Any] = {rule.name: rule.value for rule in rules if rule.value is not None}
    values["blank_texts"] = values.pop("reported")
    return Method(rules=rules, **values)


def _rule(name: str, entry: Any) -> Rule:
    if not isinstance(entry, dict):
        raise MethodInvalid(f"口径条目“{name}”应是一节 [{name}]，含 title、text 和 source 或 assumed。")
    _check_keys(name, entry)
    value, shown = _SETTINGS[name](name, entry.get("value")) if name in _SETTINGS else (None, "")
    return Rule(
        name=name,
        title=_string(name, entry, "title"),
        value=value,
        text=_string(name, entry, "text").replace("{value}", shown),
        source=_string(name, entry, "source") if entry.get("source") else "",
        assumed=_grounds(name, entry),
    )


def _check_keys(name: str, entry: dict[str, Any]) -> None:
    allowed = (
        ("title", "value", "text", "source", "assumed") if name in _SETTINGS else ("title", "text", "source", "assumed")
    )
    surplus = [key for key in entry if key not in allowed]
    if surplus:
        raise MethodInvalid(f"口径条目“{name}”里不能有“{surplus[0]}”；可以写的有：{'、'.join(allowed)}。")


def _string(name: str, entry: dict[str, Any], key: str) -> str:
    text = entry.get(key)
    if not isinstance(text, str) or not text.strip():
        raise MethodInvalid(f"口径条目“{name}”的 {key} 应是一段文字。")
    return text


def _grounds(name: str, entry: dict[str, Any]) -> bool:
    assumed = entry.get("assumed", False)
    if not isinstance(assumed, bool):
        raise MethodInvalid(f"口径条目“{name}”的 assumed 只能是 true 或 false。")
    if not assumed and not entry.get("source"):
        raise MethodInvalid(f"口径条目“{name}”要有出处 source，没有出处的写 assumed = true。")
    return assumed


Setting = Callable[[str, object], tuple[Value, str]]  # (entry, what the file holds) -> (value, how the text shows it)


def _choice(**shown: str) -> Setting:
    def read(name: str, value: object) -> tuple[Value, str]:
        if not isinstance(value, str) or value not in shown:
            raise _refused(name, value, "或".join(f'"{choice}"' for choice in shown))
        return value, shown[value]

    return read


def _share(name: str, value: object) -> tuple[Value, str]:
    if not _is_share(value):
        raise _refused(name, value, "0到1之间的数")
    return float(value), f"{value * 100:g}"


def _shares(name: str, value: object) -> tuple[Value, str]:
    if not isinstance(value, list) or len(value) != 3 or not all(map(_is_share, value)):
        raise _refused(name, value, "三个0到1之间的数")
    if sorted(value, reverse=True) != value:
        raise _refused(name, value, "从一档到三档不增加的三个数")
    return tuple(float(share) for share in value), "、".join(f"{share * 100:g}%" for share in value)


def _times(name: str, value: object) -> tuple[Value, str]:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 1 < value < math.inf:
        raise _refused(name, value, "大于1的数")
    return float(value), f"{value:g}"


def _tier(name: str, value: object) -> tuple[Value, str]:
    shown = {2: "二档", 3: "三档"}
    if isinstance(value, bool) or not isinstance(value, int) or value not in shown:
        raise _refused(name, value, "2或3")
    return float(value), shown[value]


def _words(name: str, value: object) -> tuple[Value, str]:
    if not isinstance(value, list) or not all(isinstance(word, str) and word.strip() for word in value):
        raise _refused(name, value, "一列非空的词")
    return tuple(value), "、".join(value)


def _is_share(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _refused(name: str, value: object, allowed: str) -> MethodInvalid:
    return MethodInvalid(f"口径条目“{name}”的 value 应是{allowed}，现在是 {value!r}。")


_SETTINGS: dict[str, Setting] = {
    "panel_scale": _choice(points="按0到权重直接打分", percent="按百分制打分，得分为平均分乘权重除以100"),
    "tier_shares": _shares,
    "pace": _choice(month="按月计，当月按天数折算", day="按天计"),
    "reported": _words,
    "done_words": _words,
    "on_pace_words": _words,
    "behind_words": _words,
    "negating_words": _words,
    "averting_words": _words,
    "planned_words": _words,
    "partial_words": _words,
    "ignored_words": _words,
    "behind_tolerance": _share,
    "behind_tier": _tier,
    "far_beyond": _times,
}
