"""Passwords: which are good enough, how they are hashed (argon2id), and ones made by chance."""

import re
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from scoring.errors import DashboardError

SHORTEST, LONGEST = 10, 128  # characters
FEWEST = 5  # different characters
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # KiB; OWASP's first choice for argon2id
WOULD_WORK = "可以把几个不相干的词连起来，像“青石 板凳 写信 三月”（请自己另想）。"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
_LISTED = """
1qaz2wsx3edc 1q2w3e4r5t 1q2w3e4r5t6y 1qazxsw23edc q1w2e3r4t5 qwertyuiop qwertyuiop123 asdfghjkl123 zxcvbnm123
qazwsxedcrfv qwerty12345 qwerty123456 abcd1234567 abc123456789 a123456789 aa123456789 a1234567890 123456789a
1234567890a 123456789abc qq123456789 q123456789 w123456789 woaini1314 woaini5201314 woaini520 5201314abc
iloveyou123 iloveyou1314 password123 password1234 password12345 passw0rd123 p@ssw0rd123 administrator admin123456
admin1234567 admin12345678 admin888888 administrator123 root123456 root1234567 test123456 test1234567 user123456
welcome123 welcome1234 changeme123 letmein123 abcdefghij abcdefghijk abcdefg123 abcdefg1234 zhongguo123
zhongguo1949 woaizhongguo nihao123456 beijing2008 青石板凳写信三月 quanzhou123 fujian123456 shangwuju123
"""
_COMMON = frozenset(_LISTED.split())


class PasswordRefused(DashboardError):
    """A password that somebody would guess; says what would work."""


def accepted(password: str, name: str) -> str:
    """Return the password as it is hashed. Raise PasswordRefused where it is too short, too long or easily guessed."""
    plain = folded(password)
    if len(plain) < SHORTEST:
        raise PasswordRefused(f"密码太短：至少{SHORTEST}个字符，{WOULD_WORK}")
    if len(plain) > LONGEST:
        raise PasswordRefused(f"密码太长：最多{LONGEST}个字符。")
    if _guessable(plain.casefold(), folded(name).casefold()):
        raise PasswordRefused(f"这个密码容易被猜到：不能全是数字，不能是常见的密码、重复的字符或只是姓名。{WOULD_WORK}")
    return plain


def folded(text: str) -> str:
    """Return a text in the one form in which keyboards' different spellings of it are equal (NFKC)."""
    return unicodedata.normalize("NFKC", text)


def fits(hasher: PasswordHasher, stored: str, password: str) -> bool:
    """Tell whether this is the password of the hash."""
    try:
        return hasher.verify(stored, folded(password)[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False


def generated() -> str:
    """Return a password of four groups, 79 bits made by chance, that can be read out."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def _guessable(password: str, name: str) -> bool:
    bare = re.sub(r"[\W_]", "", password)
    return (
        bare.isdigit()
        or len(set(password)) < FEWEST
        or bare in _COMMON
        or password in _COMMON
        or bare.replace(re.sub(r"[\W_]", "", name), "", 1).isdigit()
        or bare == re.sub(r"[\W_]", "", name)
    )
