"""操作记录 in words: who did what when, and what came of it."""

from data.storage.journal import OK, Entry
from data.storage.keeping import BEIJING

TITLE = "操作记录"
NOBODY = "未登记的姓名"
ACTS = {
    "sign-in": "登录",
    "sign-out": "退出登录",
    "publish": "发布",
    "restore": "恢复旧版",
    "revise": "改方案",
    "confirm": "确认目标",
    "decide": "记议定事项",
    "keep_roster": "更新单位名单",
    "original": "取原件",
    "editor-added": "增加编辑",
    "editor-disabled": "停用编辑",
    "password-changed": "换密码",
}
RESULTS = {
    OK: "成功",
    "SignInRefused": "姓名或密码不对",
    "TooManyGuesses": "密码不对，试得太多，暂停核对",
    "EditorNeeded": "登录已失效，没有照办",
    "StalePublish": "别人先发布了，没有发布",
}


def line(entry: Entry) -> tuple[str, str, str, str, str]:
    """Return moment, person, act, what it was about or where from, and result."""
    moment = f"{entry.at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}" if entry.at else ""
    about = "　".join(part for part in (entry.about, entry.address and f"从{entry.address}") if part)
    return (
        moment,
        entry.who or NOBODY,
        ACTS.get(entry.act, entry.act),
        about,
        RESULTS.get(entry.result, "没有照办"),
    )


def place(skip: int, shown: int, length: int) -> str:
    """Return 第1至20条，共45条，新的在前."""
    return f"第{skip + 1}至{skip + shown}条，共{length}条，新的在前" if shown else "还没有记录"
