import importlib.metadata
import re
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ROOT / "requirements.txt"
MANY = ROOT / "requirements-many.txt"
TOOLS = ROOT / "requirements-dev.txt"
BENCH = ROOT / "requirements-bench.txt"  # installed by `make bench` alone
DECISION = ROOT / "docs" / "decisions" / "0007-dependencies.md"


def listed(path: Path) -> dict[str, Requirement]:
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    requirements = [Requirement(line) for line in lines if line and not line.startswith(("#", "-r"))]
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


def chosen(path: Path) -> set[str]:
    block = path.read_text(encoding="utf-8").split("# Chosen", 1)[1].split("\n\n", 1)[0]
    return {canonicalize_name(Requirement(line).name) for line in block.splitlines()[1:]}


def needed(names: set[str]) -> set[str]:
    """Return everything that these distributions need on this machine, themselves included."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name not in found:
            found.add(name)
            requirements = map(Requirement, importlib.metadata.requires(name) or [])
            waiting += [
                each.name for each in requirements if each.marker is None or each.marker.evaluate({"extra": ""})
            ]
    return found


def here(requirements: dict[str, Requirement]) -> dict[str, Requirement]:
    environment = {**default_environment(), "extra": ""}
    return {name: each for name, each in requirements.items() if not each.marker or each.marker.evaluate(environment)}


def test_every_requirement_is_pinned_to_one_version() -> None:
    pins = [str(each.specifier) for path in (PRODUCT, MANY, TOOLS, BENCH) for each in listed(path).values()]
    assert pins
    assert [pin for pin in pins if not re.fullmatch(r"==[\w.]+", pin)] == []


def test_what_is_installed_is_what_is_pinned() -> None:
    pins = here(listed(PRODUCT) | listed(MANY) | listed(TOOLS))
    assert {name: f"=={importlib.metadata.version(name)}" for name in pins} == {
        name: str(pin.specifier) for name, pin in pins.items()
    }


def test_the_product_s_list_holds_all_it_needs_and_nothing_else() -> None:
    pins = here(listed(PRODUCT))
    assert needed(chosen(PRODUCT) & pins.keys()) == pins.keys()


def test_the_list_for_many_units_holds_all_that_needs_and_nothing_else() -> None:
    pins = here(listed(MANY))
    assert needed(chosen(MANY)) - listed(PRODUCT).keys() == pins.keys()


def test_the_tools_list_holds_all_they_need_and_nothing_else() -> None:
    pins = here(listed(TOOLS))
    assert needed(chosen(TOOLS)) - listed(PRODUCT).keys() == pins.keys()


def test_no_list_names_a_place_to_fetch_from() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (PRODUCT, MANY, TOOLS, BENCH)]
    assert [text for text in texts if re.search(r"://|--(?:extra-)?index|--find-links|--hash|@ ", text)] == []


def test_every_chosen_dependency_has_its_reason_written_down() -> None:
    reasons = set(re.findall(r"^\| `([\w-]+)`", DECISION.read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert {canonicalize_name(name) for name in reasons} == chosen(PRODUCT) | chosen(MANY) | chosen(TOOLS) | chosen(
        BENCH
    )
