"""Who is an editor: the one function that pages ask, and the one seam where accounts will come in.

A signed session stands in a cookie; the middleware of ``ui.start`` hands it to ``st.user``, never to the session
state, which can be taken over. The signature and its age are checked here, whenever somebody asks, so neither a header
from outside nor a page left open for days makes an editor.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from itsdangerous import BadData, URLSafeTimedSerializer

from data.database import path_of
from data.secret import secret
from data.store import Session, default_url
from scoring.errors import DashboardError

HOURS = 8
USER_KEY = "editor_session"  # in st.user
_ended: set[str] = set()  # sessions that were signed out of and would still be young enough


class EditorNeeded(DashboardError):
    """Somebody who is no editor, or no longer, asked for what only editors may do."""

    def __init__(self) -> None:
        super().__init__(
            f"发布、恢复、改方案和取原件要先登记为编辑；登记{HOURS}小时有效，现在没有或已过期。"
            "这次没有改动任何数据。请用启动看板时终端里打印的链接登记后再试。"
        )


@dataclass(frozen=True)
class Editor:
    """A person who may publish. ``name`` goes into the record."""

    name: str


def current() -> Editor | None:
    """Return the editor who looks at this page, None for everybody else."""
    return of(_token())


def session() -> Session:
    """Return what ``Store.publish`` asks inside its transaction: the editor's name, or EditorNeeded.

    It may be called in another thread, such as a download's.
    """
    token = _token()
    return lambda _connection: _name(token)


def allowed(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """Return ``make`` behind a check that is made when it is called: EditorNeeded for others."""
    token = _token()

    def checked() -> bytes:
        _name(token)
        return make()

    return checked


def sign(name: str) -> str:
    """Return a new session of an editor, as ASCII."""
    return _serializer().dumps([name, secrets.token_hex(16)])


def of(token: str) -> Editor | None:
    """Return the editor whose session this is; None where it is forged, too old or ended."""
    opened = _opened(token)
    return Editor(opened[0]) if opened and opened[1] not in _ended else None


def end(token: str) -> None:
    """End a session, also where the cookie or an open page still has it."""
    opened = _opened(token)
    if opened:
        _ended.add(opened[1])


def _name(token: str) -> str:
    found = of(token)
    if found is None:
        raise EditorNeeded
    return found.name


def _opened(token: str) -> tuple[str, str] | None:
    if not token:
        return None
    try:
        name, number = _serializer().loads(token, max_age=HOURS * 3600)
    except BadData:
        return None
    return str(name), str(number)


def _token() -> str:
    return str(st.user.get(USER_KEY) or "")


def _serializer() -> URLSafeTimedSerializer:
    key = secret(path_of(default_url()).parent)
    return URLSafeTimedSerializer(key, salt="editor", signer_kwargs={"digest_method": hashlib.sha256})
