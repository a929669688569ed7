"""Pages outside Streamlit's script: plain HTML without a line of script, in the product's look."""

from pathlib import Path

from starlette.responses import HTMLResponse

from ui.markup import text

LOGO = (Path(__file__).parents[1] / "logo.svg").read_text("utf-8")
STYLE = """
:root{color:#16202E;background:#fff;font:16px/1.7 "Microsoft YaHei UI","Microsoft YaHei","PingFang SC",
"Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC",sans-serif}
body{margin:0;padding:20px 48px}svg{height:32px;width:auto;display:block}
main{max-width:34em;margin:9vh 0 0}h1{font-size:32px;line-height:1.35;margin:0 0 .4em}
p{margin:.5em 0;color:#4A5565}p.wrong{color:#B42318}label{display:block;font-weight:600;margin-top:1.6em}
input{font:inherit;width:16em;max-width:100%;box-sizing:border-box;padding:.4em .7em;border:1px solid #7C8798;
border-radius:6px}button{font:inherit;color:#fff;background:#1F4FA3;border:0;border-radius:6px;padding:.45em 1.3em;
cursor:pointer;margin:1em .8em 0 0}a{color:#1F4FA3;text-decoration:none}a:hover{text-decoration:underline}
:focus-visible{outline:2px solid #1F4FA3;outline-offset:2px}
"""
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "strict-origin",  # an address may hold a key; without any, browsers hide where a form comes from
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}


def page(title: str, why: str, inside: str = "", *, status: int = 200, home: str = ".") -> HTMLResponse:
    """Return a page of one sentence and its reason; ``inside`` is HTML of our own; ``home`` is the way back, "" for none."""
    back = f'<p><a href="{text(home)}">回到看板</a></p>' if home else ""
    body = f"<header>{LOGO}</header><main><h1>{text(title)}</h1><p>{text(why)}</p>{inside}{back}</main>"
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{text(title)} · 绩效考评看板</title><style>{STYLE}</style>"
    )
    return HTMLResponse(
        f'<!doctype html><html lang="zh-CN"><head>{head}</head><body>{body}</body></html>', status, HEADERS
    )
