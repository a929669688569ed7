"""``python -m data editors add|list|disable|passwd NAME``: what an operator does about editors on the terminal.

A password is typed twice and not shown, or read as one line from a pipe, or made by chance and told once; it is never
an argument, which other users of the machine could read.
"""

import argparse
import getpass
import sys
from collections.abc import Callable

from data.storage import passwords
from data.storage.accounts import Accounts
from data.storage.keeping import BEIJING
from data.storage.passwords import PasswordRefused

_COMMANDS = (
    ("add", "增加编辑，或让已停用的编辑重新启用"),
    ("disable", "停用编辑：他在各处的登录立即失效"),
    ("passwd", "给编辑换密码：他在各处的登录立即失效"),
)


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the commands below ``editors``; ``options.do`` is what to call with the accounts and the options."""
    commands = parser.add_subparsers(required=True, metavar="命令")
    commands.add_parser("list", help="列出编辑").set_defaults(do=_list)
    for name, told in _COMMANDS:
        command = commands.add_parser(name, help=told)
        command.add_argument("name", metavar="NAME", help="姓名")
        if name != "disable":
            command.add_argument("--generate", action="store_true", help="不问密码，随机生成一个并打印一次")
        command.set_defaults(do=_DO[name])


def _list(accounts: Accounts, _: argparse.Namespace) -> str:
    lines = [
        f"{each.name}　{each.added_at.astimezone(BEIJING):%Y-%m-%d}登记　{'已停用' if each.disabled else '在用'}"
        for each in accounts.editors()
    ]
    return "\n".join(lines) or "还没有编辑。用 python -m data editors add 姓名 增加。"


def _add(accounts: Accounts, options: argparse.Namespace) -> str:
    password, told = _password(options)
    accounts.add(options.name, password, _operator())
    return f"“{options.name}”可以登录编辑了。{told}\n{_first_time(accounts, options)}"


def _passwd(accounts: Accounts, options: argparse.Namespace) -> str:
    password, told = _password(options)
    accounts.set_password(options.name, password, _operator())
    return f"“{options.name}”的密码已换，原来的登录都已失效。{told}\n{_first_time(accounts, options)}"


def _disable(accounts: Accounts, options: argparse.Namespace) -> str:
    accounts.disable(options.name, _operator())
    return f"“{options.name}”已停用，登录立即失效；已发布的版本不变。"


def _first_time(accounts: Accounts, options: argparse.Namespace) -> str:
    """Return the address that makes a browser the editor's, who would else wait while others guess his password."""
    mark = accounts.mark(options.name)
    return f"请他在新的浏览器里从这里登录（接在看板的地址后面；有人乱试密码时也能登录）：/sign-in?browser={mark}"


_DO: dict[str, Callable[[Accounts, argparse.Namespace], str]] = {"add": _add, "disable": _disable, "passwd": _passwd}


def _password(options: argparse.Namespace) -> tuple[str, str]:
    """Return a password, and what to tell of it."""
    typed = "" if options.generate else _typed()
    if typed:
        return typed, ""
    made = passwords.generated()
    return made, f"随机密码（只显示这一次）：{made}"


def _typed() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("密码（直接回车则随机生成）：")
    if first and getpass.getpass("再输一遍：") != first:
        raise PasswordRefused("两次输入的密码不一样，没有改动。请再试一次。")
    return first


def _operator() -> str:
    try:
        return f"命令行（{getpass.getuser()}）"
    except (KeyError, OSError):  # an account without a name, as in some containers
        return "命令行"
