import ast
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("pages", "ui", "reports", "data", "scoring")
LONGEST_FUNCTION = 40
LONGEST_PAGE = 40
MACHINE_PATH = re.compile(r"""(?<![\w.])/(?:work|tmp|home|root|Users)/|\b[A-Z]:\\\w""")
# The namespace of SVG is a name, not an address that anything is fetched from.
ELSEWHERE = re.compile(r"https?://(?!127\.0\.0\.1|localhost|www\.w3\.org/)")

Rule = Callable[[ast.Module, str], list[str]]


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


PAGES = python_files("pages")
SCREEN = [*python_files("ui"), *PAGES]
PRODUCT = [*python_files(*LAYERS), ROOT / "dashboard.py", *python_files("scripts")]
EVERYTHING = [*PRODUCT, *python_files("tests")]


def imported(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def imports_of(*packages: str) -> Rule:
    def rule(tree: ast.Module, _: str) -> list[str]:
        names = tuple(f"{package}." for package in packages)
        return [f"line {line}: imports {name}" for name, line in imported(tree) if f"{name}.".startswith(names)]

    return rule


def mentions(pattern: str | re.Pattern[str]) -> Rule:
    def rule(_: ast.Module, text: str) -> list[str]:
        lines = enumerate(text.splitlines(), 1)
        return [f"line {number}: {line.strip()}" for number, line in lines if re.search(pattern, line)]

    return rule


def definitions(tree: ast.Module, _: str) -> list[str]:
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
    return [f"line {node.lineno}: defines something" for node in ast.walk(tree) if isinstance(node, kinds)]


def long_functions(tree: ast.Module, _: str) -> list[str]:
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    lengths = ((node, (node.end_lineno or node.lineno) - node.lineno + 1) for node in functions)
    return [f"{node.name}: {length} lines" for node, length in lengths if length > LONGEST_FUNCTION]


def long_file(_: ast.Module, text: str) -> list[str]:
    lines = len(text.splitlines())
    return [f"{lines} lines"] if lines >= LONGEST_PAGE else []


def markup(tree: ast.Module, _: str) -> list[str]:
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return [f"line {string.lineno}: {string.value}" for string in strings if re.search(r"</?[a-z]", string.value)]


def broken(rule: Rule, files: list[Path]) -> list[str]:
    texts = ((path, path.read_text(encoding="utf-8")) for path in files)
    return [f"{path.relative_to(ROOT)}: {what}" for path, text in texts for what in rule(ast.parse(text), text)]


def test_the_tree_that_is_judged_is_there() -> None:
    assert PAGES
    assert all(python_files(layer) for layer in LAYERS)


@pytest.mark.parametrize(
    ("rule", "offence"),
    [
        (long_file, "x = 1\n" * LONGEST_PAGE),
        (definitions, "show = lambda: 1"),
        (imports_of("pandas"), "from pandas import DataFrame"),
        (imports_of("pages"), "import pages.overview"),
        (imports_of("plotly.express"), "from plotly import express"),
        (mentions("session_state"), "st.session_state['x'] = 1"),
        (mentions("unsafe_allow_html"), "st.markdown(x, unsafe_allow_html=True)"),
        (mentions(ELSEWHERE), "LOGO = 'https://example.org/logo.svg'"),
        (mentions(MACHINE_PATH), "open('/home/someone/table.xlsx')"),
        (markup, "st.html(f'<b>{text}</b>')"),
        (imports_of("html"), "from html import escape"),
        (long_functions, "def f():\n" + "    x = 1\n" * LONGEST_FUNCTION),
    ],
)
def test_each_rule_notices_its_offence(rule: Rule, offence: str) -> None:
    assert rule(ast.parse(offence), offence)


def test_a_page_is_short() -> None:
    assert broken(long_file, PAGES) == []


def test_a_page_defines_nothing() -> None:
    assert broken(definitions, PAGES) == []


def test_a_page_computes_nothing() -> None:
    assert broken(imports_of("pandas", "numpy"), PAGES) == []


def test_a_page_keeps_no_state() -> None:
    assert broken(mentions("session_state"), PAGES) == []


def test_nothing_imports_a_page() -> None:
    assert broken(imports_of("pages"), EVERYTHING) == []


def test_nothing_lets_markup_or_scripts_of_a_text_through() -> None:
    assert broken(mentions("unsafe_allow_"), PRODUCT) == []


def test_a_page_writes_no_markup() -> None:
    assert broken(markup, PAGES) == []


def test_texts_are_escaped_in_one_module() -> None:
    doors = [path.relative_to(ROOT).as_posix() for path in PRODUCT if broken(imports_of("html"), [path])]
    assert doors == ["ui/markup.py"]


def test_no_module_beside_the_script_hides_one_of_python_s_own() -> None:
    # Streamlit puts the script's folder first on the import path.
    names = {path.stem for path in (ROOT / "ui").glob("*.py")} - {"__init__"}
    assert names & sys.stdlib_module_names == set()


def test_figures_are_built_with_graph_objects() -> None:
    assert broken(imports_of("plotly.express", "plotly.figure_factory"), PRODUCT) == []


def test_no_function_is_longer_than_a_screen() -> None:
    assert broken(long_functions, PRODUCT) == []


def test_no_file_knows_a_machine() -> None:
    others = [path for path in EVERYTHING if path != Path(__file__)]
    assert broken(mentions(MACHINE_PATH), others) == []


def test_nothing_on_the_screen_comes_from_elsewhere() -> None:
    assert broken(mentions(ELSEWHERE), SCREEN) == []
