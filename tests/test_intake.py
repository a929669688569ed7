"""Many files at once: taken apart to single ones, within bounds, and nothing is left out in silence."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import WorkbookRejected
from data.many.bundle import files_of
from data.many.intake import Bounds, Intake, taken
from tests.workbooks import plain, zipped

TABLE = plain()
TOO_LARGE = 21 * 2**20  # bytes of one file, more than a file may have


class Unflagged(zipfile.ZipInfo):
    """An entry whose name is written in ``encoding``, of which the zip says nothing."""

    encoding = "gbk"

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode(self.encoding), self.flag_bits & ~0x800


def unflagged(names: Mapping[str, bytes], encoding: str) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in names.items():
            entry = Unflagged(name)
            entry.encoding = encoding
            archive.writestr(entry, content)
    return target.getvalue()


def paths(intake: Intake) -> list[str]:
    return [item.path for item in intake.items]


def refusals(intake: Intake) -> dict[str, str]:
    return {item.path: item.refused for item in intake.items if item.refused}


def test_a_folder_s_files_keep_their_folders_and_what_systems_add_is_skipped_by_name() -> None:
    came = taken(
        [
            ("市直/第一组/甲局.xlsx", TABLE),
            ("市直/.DS_Store", b"x"),
            ("__MACOSX/市直/._甲局.xlsx", b"x"),
            ("市直/~$甲局.xlsx", b"x"),
            ("市直/Thumbs.db", b"x"),
        ]
    )
    assert paths(came) == ["市直/第一组/甲局.xlsx"]
    assert came.skipped == ("市直/.DS_Store", "__MACOSX/市直/._甲局.xlsx", "市直/~$甲局.xlsx", "市直/Thumbs.db")


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_a_zip_s_names_are_read_where_it_does_not_say_how_they_are_written(encoding: str) -> None:
    came = taken([("市直.zip", unflagged({"第一组/示例市林业局.xlsx": TABLE, ".DS_Store": b"x"}, encoding))])
    assert paths(came) == ["市直.zip/第一组/示例市林业局.xlsx"]
    assert came.skipped == ("市直.zip/.DS_Store",)


def test_a_zip_in_a_zip_is_opened_and_a_third_one_is_refused_alone() -> None:
    third = zipped({"丙局.xlsx": TABLE})
    second = zipped({"乙局.xlsx": TABLE, "三.zip": third})
    came = taken([("一.zip", zipped({"甲局.xlsx": TABLE, "二.zip": second}))])
    assert paths(came) == ["一.zip/甲局.xlsx", "一.zip/二.zip/乙局.xlsx", "一.zip/二.zip/三.zip"]
    assert list(refusals(came)) == ["一.zip/二.zip/三.zip"]
    assert "没有再往里打开" in refusals(came)["一.zip/二.zip/三.zip"]


def test_workbooks_are_zips_that_are_not_opened_here() -> None:
    assert [(item.path, item.content) for item in taken([("甲局.xlsx", TABLE)]).items] == [("甲局.xlsx", TABLE)]


def test_an_entry_that_unpacks_to_too_much_is_refused_alone() -> None:
    came = taken([("一.zip", zipped({"大.xlsx": bytes(TOO_LARGE), "甲局.xlsx": TABLE}))])
    assert [(item.path, bool(item.refused), bool(item.content)) for item in came.items] == [
        ("一.zip/大.xlsx", True, False),
        ("一.zip/甲局.xlsx", False, True),
    ]
    assert "超过20MB的上限" in refusals(came)["一.zip/大.xlsx"]


def test_what_is_unpacked_in_vain_counts_too() -> None:
    bomb = zipped({f"{number}.xlsx": bytes(TOO_LARGE) for number in range(4)} | {"甲局.xlsx": TABLE})
    came = taken([("一.zip", bomb)], Bounds(size=40 * 2**20))
    assert paths(came) == ["一.zip/0.xlsx", "一.zip/1.xlsx", "一.zip/2.xlsx"]
    assert "起的3个文件没有读" in refusals(came)["一.zip/2.xlsx"]


def test_more_files_than_are_taken_at_once_are_told_with_their_number() -> None:
    many = zipped({f"{number}.csv": b"x" for number in range(8)})
    came = taken([("一.zip", many), ("后来.csv", b"x")], Bounds(files=5))
    assert [item.path for item in came.items if not item.refused] == [f"一.zip/{number}.csv" for number in range(5)]
    assert "“5.csv”起的3个文件没有读：一次最多读5份" in refusals(came)["一.zip/5.csv"]
    assert "“后来.csv”起的1个文件没有读" in refusals(came)["后来.csv"]


def test_compressions_that_unpack_without_bound_are_refused() -> None:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("甲.xlsx", bytes(1000), zipfile.ZIP_LZMA)
        archive.writestr("乙.xlsx", bytes(1000), zipfile.ZIP_BZIP2)
        archive.writestr("丙.xlsx", TABLE, zipfile.ZIP_DEFLATED)
    with pytest.raises(WorkbookRejected, match="压缩方法"):  # the merge of departments' sheets takes its zips whole
        files_of("一.zip", target.getvalue())
    told = refusals(taken([("一.zip", target.getvalue())]))
    assert list(told) == ["一.zip/甲.xlsx", "一.zip/乙.xlsx"]
    assert all("压缩方法" in sentence for sentence in told.values())


def test_a_locked_entry_is_refused_alone() -> None:
    content = bytearray(zipped({"锁.xlsx": TABLE, "甲局.xlsx": TABLE}))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + flags] |= 1
    came = taken([("一.zip", bytes(content))])
    assert {path: "密码" in told for path, told in refusals(came).items()} == {"一.zip/锁.xlsx": True}
    assert paths(came) == ["一.zip/锁.xlsx", "一.zip/甲局.xlsx"]


def test_entries_that_share_their_bytes_are_refused() -> None:
    content = zipped({"甲.csv": Random(1).randbytes(2000)})
    directory, end = content.index(b"PK\x01\x02"), content.index(b"PK\x05\x06")
    last = bytearray(content[end:])
    last[8:12] = (3).to_bytes(2, "little") * 2  # entries
    last[12:16] = (3 * (end - directory)).to_bytes(4, "little")  # bytes of the directory
    shared = content[:directory] + content[directory:end] * 3 + last
    assert "已损坏" in refusals(taken([("一.zip", shared)]))["一.zip"]


def test_a_zip_with_too_many_entries_is_refused_before_it_is_parsed() -> None:
    came = taken([("一.zip", zipped({f"{number}": b"" for number in range(40)}))], Bounds(marks=30, entries=20))
    assert refusals(came) == {"一.zip": "“一.zip”里面有超过20个条目。请分成几个压缩包，再上传。"}


def test_a_zip_that_is_cut_short_is_left_to_the_child_and_an_empty_one_is_told() -> None:
    cut = zipped({"甲局.xlsx": TABLE})[:200]
    came = taken([("断.zip", cut), ("空.zip", zipped({})), ("附.zip", zipped({".DS_Store": b"x"}))])
    assert came.items[0].content == cut
    assert all("没有找到工作簿" in told for told in refusals(came).values())
    assert list(refusals(came)) == ["空.zip", "附.zip"]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("../../etc/甲局.xlsx", "etc/甲局.xlsx"),
        ("C:\\表\\甲局.xlsx", "C:/表/甲局.xlsx"),
        ("甲\u202exslx.局", "甲xslx.局"),
        ("/", "没有名字的文件"),
        ("一/二/三/四/五/六.xlsx", "三/四/五/六.xlsx"),
    ],
)
def test_a_path_is_only_shown(path: str, shown: str) -> None:
    assert paths(taken([(path, TABLE)])) == [shown]


@given(st.data())
def test_no_bytes_make_the_taking_fail(data: st.DataObject) -> None:
    content = bytearray(zipped({"甲局.csv": b"x" * 50, "乙/丙.zip": zipped({"丁.csv": b"y" * 50})}))
    for _ in range(data.draw(st.integers(0, 12))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    came = taken([("一.zip", bytes(content[: data.draw(st.integers(4, len(content)))]))])
    assert came.items or came.skipped
