"""Signing in and out: pages of plain HTML outside Streamlit's script, ``/sign-in`` and ``/sign-out``."""

import re
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from data.storage.accounts import ABSOLUTE, IDLE, LONGEST_NAME, SignedIn, TooManyGuesses, session_ticket
from data.storage.guesses import QUARTER
from data.storage.passwords import LONGEST
from scoring.errors import DashboardError
from ui import editor
from ui.doors import identity, plain_page, settings
from ui.doors.callers import LOOPBACK, host_name
from ui.markup import text

BROWSER = "dashboard_browser"  # a cookie that tells that this browser knew the password once
REMEMBERED = 180 * 86400  # seconds
LONGEST_FORM = 4096  # bytes
HOW_LONG = f"登录最长{ABSOLUTE.seconds // 3600}小时，{IDLE.seconds // 60}分钟不用会自动退出。"
OPEN = "现在的连接没有加密，同一网络里的人可能看到密码。请维护人员为看板配置HTTPS。"
NO_EDITORS = (
    "还没有编辑",
    "请打开启动看板时终端里打印的链接，登记第一位编辑；或请维护人员用 python -m data editors add 姓名 增加。",
)


async def sign_in(request: Request) -> Response:
    """Ask for name and password, then give this browser a session."""
    there = next_page(request.query_params.get("next", ""))
    if request.method == "GET":
        return await run_in_threadpool(_asked, request, there)
    if too_long(request):
        return plain_page.page("没有登录", "姓名或密码太长。", status=413)
    form = await request.form()
    return await run_in_threadpool(_tried, request, form, next_page(written(form, "next")))


async def sign_out(request: Request) -> Response:
    """Ask, then end this browser's session, in all its tabs."""
    if request.method == "GET":
        return plain_page.page("退出登录", "退出后，这个浏览器只能查看。", _button("sign-out", "退出"))
    name = identity.cookie(request, identity.COOKIE)
    token = request.cookies.get(name, "")
    if token:
        await run_in_threadpool(editor.accounts().sign_out, session_ticket(token))
    answer = RedirectResponse(".", 303, plain_page.HEADERS)
    answer.delete_cookie(name, httponly=True, samesite="strict", secure=_secure(request))
    return answer


ROUTES = (Route("/sign-in", sign_in, methods=["GET", "POST"]), Route("/sign-out", sign_out, methods=["GET", "POST"]))


def next_page(wanted: str) -> str:
    """Return the page to go to after signing in: one of ours with its query, else the first one."""
    return wanted if len(wanted) <= 1000 and re.fullmatch(r"[a-z-]+(\?[^\s\\#]*)?", wanted) else "."


def too_long(request: Request) -> bool:
    """Tell whether a form is larger than ours can be, or does not say."""
    length = request.headers.get("content-length", "")
    return not length.isdigit() or int(length) > LONGEST_FORM


def written(form: FormData, name: str) -> str:
    """Return what was written into a field."""
    return str(form.get(name, ""))


def signed_in(request: Request, made: SignedIn, there: str) -> Response:
    """Return the way to a page, with the cookies of a new session."""
    answer = RedirectResponse(there, 303, plain_page.HEADERS)
    _give(request, answer, identity.COOKIE, made.token, ABSOLUTE.seconds)
    _give(request, answer, BROWSER, made.browser, REMEMBERED)
    return answer


def fields(form: FormData, *passwords: tuple[str, str, str]) -> str:
    """Return inputs for a name, as it was written before, and for passwords: each has a name, a label, what it is."""
    name = (
        f'<label for="name">姓名</label><input id="name" name="name" maxlength="{LONGEST_NAME}" required autofocus '
        f'autocomplete="username" value="{text(written(form, "name"))}">'
    )
    return name + "".join(
        f'<label for="{key}">{label}</label><input id="{key}" name="{key}" type="password" maxlength="{LONGEST}" '
        f'required autocomplete="{fill}">'
        for key, label, fill in passwords
    )


def unencrypted(request: Request) -> str:
    """Return a warning where others on the network could read a password, "" elsewhere."""
    safe = _secure(request) or host_name(request.headers.get("host", "")) in LOOPBACK
    return "" if safe else f'<p class="wrong">{text(OPEN)}</p>'


def wrong(told: str) -> str:
    """Return why something was not taken."""
    return f'<p class="wrong" role="alert">{text(told)}</p>' if told else ""


def _asked(request: Request, there: str) -> Response:
    name = editor.name_of(identity.known_ticket(request))
    if name:
        return plain_page.page("已登录", f"这个浏览器以“{name}”的名字编辑。", _button("sign-out", "退出登录"))
    if not editor.accounts().editors():
        return plain_page.page(*NO_EDITORS)
    answer = _form(request, FormData(), there)
    mark = request.query_params.get("browser", "")
    if editor.accounts().is_mark(mark):  # the operator gave out this address
        _give(request, answer, BROWSER, mark, REMEMBERED)
    return answer


def _give(request: Request, answer: Response, name: str, value: str, seconds: int) -> None:
    name = identity.cookie(request, name)
    answer.set_cookie(name, value, seconds, httponly=True, samesite="strict", secure=_secure(request))


def _tried(request: Request, form: FormData, there: str) -> Response:
    browser = request.cookies.get(identity.cookie(request, BROWSER), "")
    name, password, address = written(form, "name"), written(form, "password"), identity.caller(request)
    try:
        made = editor.accounts().sign_in(name, password, address=address, browser=browser)
    except TooManyGuesses as refused:
        answer = _form(request, form, there, str(refused), 429)
        answer.headers["Retry-After"] = str(QUARTER.seconds)
        return answer
    except DashboardError as refused:
        return _form(request, form, there, str(refused), 403)
    return signed_in(request, made, there)


def _form(request: Request, form: FormData, there: str, told: str = "", status: int = 200) -> Response:
    asked = fields(form, ("password", "密码", "current-password"))
    inside = (
        f'<form method="post" action="sign-in"><input type="hidden" name="next" value="{text(there)}">'
        f"{asked}{wrong(told)}{unencrypted(request)}<br><button>登录</button></form>"
    )
    why = f"查看不用登录；上传、发布要登录，姓名写进每一版。{HOW_LONG}"
    if settings.access().signed_in_only:
        why = f"登录后才能查看。{HOW_LONG}"
    return plain_page.page("登录编辑", why, inside, status=status)


def _button(action: str, words: str) -> str:
    return f'<form method="post" action="{quote(action)}"><button>{text(words)}</button></form>'


def _secure(request: Request) -> bool:
    return request.url.scheme == "https"
