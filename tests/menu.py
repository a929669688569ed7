"""The menu as ``ui/frame.py`` declares it, read without running the frame."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def menu() -> dict[str, tuple[str, str]]:
    """Return address and file of every page by its title, as ui/frame.py declares them."""
    tree = ast.parse((ROOT / "ui" / "frame.py").read_text(encoding="utf-8"))
    assigned = (node for node in tree.body if isinstance(node, ast.Assign))
    value = next(node.value for node in assigned if ast.unparse(node.targets[0]) == "MENU")
    names = [(name, title) for name, title, *_ in ast.literal_eval(value)]
    default = names[0][0]
    paths = {name: "/" if name == default else f"/{name.replace('_', '-')}" for name, _ in names}
    return {title: (paths[name], f"pages/{name}.py") for name, title in names}
