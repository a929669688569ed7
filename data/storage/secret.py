"""The secret that signs sessions: ``$DASHBOARD_SECRET``, else random bytes kept beside the store."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from data.errors import StoreUnusable
from data.storage import private

VARIABLE = "DASHBOARD_SECRET"
SHORTEST = 32  # characters
FILE = "secret"


def secret(folder: Path) -> str:
    """Return the secret, making it in ``folder`` (mode 0600) where there is none yet. Raise StoreUnusable."""
    given = os.environ.get(VARIABLE)
    if given is None:
        try:
            return _kept(folder / FILE)
        except OSError as error:
            raise StoreUnusable(
                f"存放数据的文件夹里不能保存登录密钥（{error.strerror}）：请检查文件夹 {folder} 的权限和磁盘空间。"
            ) from error
    if len(given) < SHORTEST:
        raise StoreUnusable(f"环境变量 {VARIABLE} 太短：请设为至少{SHORTEST}个字符的随机文字，或不设。")
    return given


def _kept(path: Path) -> str:
    private.folder(path.parent)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with suppress(FileExistsError):
        if not path.exists():
            try:
                private.file(draft)
                draft.write_text(secrets.token_hex(32), "ascii")
                os.link(draft, path)  # whole or not at all, and never over another process's
            finally:
                draft.unlink(missing_ok=True)
    return path.read_text("ascii")
