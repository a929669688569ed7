"""What an operator sets by environment variables about who is let in.

``DASHBOARD_VIEW``: ``open`` (anybody who reaches the address may look) or ``signed-in``.
``DASHBOARD_TRUSTED_PROXY``: the IP address of a reverse proxy; what it says of the browser behind it is believed.
``DASHBOARD_USER_HEADER``: the header in which that proxy names the person it has signed in; it must drop this header
from what comes from outside.
"""

import os
import re
from dataclasses import dataclass
from ipaddress import ip_address

from scoring.errors import DashboardError

HERE = ("127.0.0.1", "localhost", "::1")  # addresses that no other machine reaches
VIEW, PROXY, HEADER = "DASHBOARD_VIEW", "DASHBOARD_TRUSTED_PROXY", "DASHBOARD_USER_HEADER"


class SettingInvalid(DashboardError):
    """An environment variable that cannot be used; names it and what it may hold."""


@dataclass(frozen=True)
class Access:
    """Who is let in; ``proxy`` is an address and ``user_header`` a name in lower case, "" where there is none."""

    signed_in_only: bool
    proxy: str
    user_header: str


def access() -> Access:
    """Return the settings in force. Raise SettingInvalid."""
    view = os.environ.get(VIEW) or "open"
    proxy, header = os.environ.get(PROXY, "").strip(), os.environ.get(HEADER, "").strip().lower()
    if view not in ("open", "signed-in"):
        raise SettingInvalid(f"环境变量 {VIEW} 只能是 open（都可以看）或 signed-in（登录才能看），现在是“{view}”。")
    if proxy and not _is_address(proxy):
        raise SettingInvalid(f"环境变量 {PROXY} 要写代理的一个IP地址，如 127.0.0.1，现在是“{proxy}”。")
    if header and not re.fullmatch(r"[a-z0-9-]+", header):
        raise SettingInvalid(f"环境变量 {HEADER} 要写一个请求头的名字，如 X-Remote-User，现在是“{header}”。")
    if header and not proxy:
        raise SettingInvalid(f"设了 {HEADER} 就要设 {PROXY}：不说明是哪个代理，谁都可以冒充。")
    return Access(view == "signed-in", proxy, header)


def openness(host: str) -> str:
    """Return what whoever starts the product is told of who may look; "" where it listens to this machine alone."""
    if access().signed_in_only:
        return "（登录才能看）"
    if host in HERE:
        return ""
    return f"\n同一网络里能打开本机地址的人，不登录都可以查看（不能改动）；只让登录的人看：设 {VIEW}=signed-in 后重新启动。"


def unusable() -> str:
    """Return a sentence where a setting cannot be used, "" where all can."""
    try:
        access()
    except SettingInvalid as error:
        return f"没有启动：{error}"
    return ""


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
