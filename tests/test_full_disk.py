"""The disk is full at any write: what was asked is refused in a sentence, pages go on, and it works once there is space."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests import disk
from tests.disk_work import ACTS


def refused_until_there_is_space(library: Path, folder: Path, acts: Iterable[str], every: int, copying: str) -> None:
    """Let acts find the disk full, one ``every`` so many writes later each time; all but the last are refused."""
    (folder / "disk").mkdir()
    said = json.loads(disk.work(library, folder / "disk", folder, "filled", copying, str(every), *acts))
    for act in acts:
        assert len(said[act]) > 10 / every
        assert [told for told in said[act] if "磁盘" not in told or not told.endswith("。")] == []


def test_a_full_disk_refuses_in_a_sentence_and_spoils_nothing(disk_library: Path, tmp_path: Path) -> None:
    refused_until_there_is_space(disk_library, tmp_path, ACTS, 11, "")


@pytest.mark.proof
@pytest.mark.parametrize("copying", ["", "copying"])
@pytest.mark.parametrize("act", ACTS)
def test_a_disk_full_at_any_write_refuses_in_a_sentence_and_spoils_nothing(
    act: str, copying: str, disk_library: Path, tmp_path: Path
) -> None:
    refused_until_there_is_space(disk_library, tmp_path, [act], 1, copying)
