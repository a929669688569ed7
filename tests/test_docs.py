import re
import tomllib
from pathlib import Path

import pytest

from tests.menu import menu
from tests.pictures import FOLDER, PICTURES, UNITS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
MANUAL = (ROOT / "docs" / "使用手册.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
LONGEST_DECISION = 40
LARGEST_PICTURE = 200_000  # bytes


def table(text: str, heading: str) -> list[list[str]]:
    """Return the cells of the first table below a heading, without its head."""
    lines = text.split(heading, 1)[1].splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("|"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip().strip("`") for cell in line.strip("|").split(" | ")])
    return rows


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", MAKEFILE, flags=re.MULTILINE)) - {"help"}


def links(path: Path) -> list[str]:
    found = re.findall(r"\]\(([^)#\s]+)\)", path.read_text(encoding="utf-8"))
    return [link for link in found if "://" not in link]


def test_the_readme_lists_the_pages_of_the_menu() -> None:
    listed = {title: address for title, address, _ in table(README, "\n## Pages")}
    assert listed == {title: address for title, (address, _) in menu().items()}


def test_the_architecture_lists_the_pages_with_their_files() -> None:
    listed = {title: (address, file) for title, address, file in table(ARCHITECTURE, "\n## The screen")}
    assert listed == menu()


def test_the_manual_lists_the_pages_of_the_menu() -> None:
    assert [title for title, _ in table(MANUAL, "\n## 三、各页回答什么")] == list(menu())


def test_the_pictures_of_the_documents_are_those_that_the_command_takes() -> None:
    named = {Path(link).stem for path in DOCUMENTS for link in links(path) if link.endswith(".png")}
    assert named == {*PICTURES, UNITS}
    assert {path.stem for path in FOLDER.iterdir()} == named
    assert [path.name for path in FOLDER.iterdir() if path.stat().st_size > LARGEST_PICTURE] == []


def test_the_manual_lists_the_keys_of_the_meeting() -> None:
    listed = {
        key for keys, _ in table(MANUAL, "\n## 五、主持人：开会") for key in re.findall(r"[→←]|[A-Z][A-Za-z]*", keys)
    }
    heard = set(
        re.findall(r"\b(Arrow\w+|Page\w+|Home|End|Escape|[A-Z](?=:))", (ROOT / "ui" / "meeting.js").read_text("utf-8"))
    )
    names = {"ArrowRight": "→", "ArrowLeft": "←", "Escape": "Esc"}
    assert listed == {names.get(key, key) for key in heard}


def test_every_page_has_its_file_and_every_file_its_page() -> None:
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "pages").glob("*.py")}
    assert files == {file for _, file in menu().values()}


def test_the_readme_lists_the_make_targets() -> None:
    listed = {command.removeprefix("make ") for command, _ in table(README, "\n## Commands")}
    assert listed == targets()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_names_only_targets_that_exist(path: Path) -> None:
    named = set(re.findall(r"`(?:PORT=\d+ )?make ([a-z]+)", path.read_text(encoding="utf-8")))
    assert named <= targets()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_s_links_lead_somewhere(path: Path) -> None:
    assert [link for link in links(path) if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_names_only_files_that_exist(path: Path) -> None:
    named = re.findall(
        r"`((?:pages|ui|reports|data|scoring|tests|deploy)/[\w/]+\.\w+)`", path.read_text(encoding="utf-8")
    )
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_readme_s_paths_exist() -> None:
    assert [path for path, _ in table(README, "\n## What is where") if not (ROOT / path).exists()] == []


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_a_decision_bears_its_number_and_stays_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# {int(path.name[:4])}. ")
    assert len(text.splitlines()) <= LONGEST_DECISION


def contract(name: str) -> list[str]:
    """Return the layers of an import contract, from above."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    return next(each["layers"] for each in contracts if each["name"].startswith(name))


def test_the_documents_list_the_layers_in_the_order_of_the_contract() -> None:
    assert " → ".join(contract("Imports point one way")) in ARCHITECTURE


def test_the_architecture_lists_the_layers_of_data_in_the_order_of_the_contract() -> None:
    listed = [place.rstrip("/").removesuffix(".py") for place, _ in table(ARCHITECTURE, "`data/` has its own way")]
    assert listed == [layer.removeprefix("data.") for layer in contract("Within data")]


def test_a_folder_of_data_is_a_layer_or_holds_the_shipped_tables() -> None:
    folders = {path.parent.name for path in (ROOT / "data").glob("*/__init__.py")} - {"tables"}
    assert folders <= {layer.removeprefix("data.") for layer in contract("Within data")}
