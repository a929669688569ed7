"""Phone and identity numbers never leave as they came."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.privacy import holds_private, mask


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("联系电话：15900000686", "联系电话：159****0686"),
        ("15900000686，13900000687", "159****0686，139****0687"),
        ("159 0000 0686", "159 **** 0686"),
        ("159-0000-0686", "159-****-0686"),
        ("159 000 00686", "159 *** *0686"),
        ("1 5 9 0 0 0 0 0 6 8 6", "1 5 9 * * * * 0 6 8 6"),
        ("１５９０００００６８６", "１５９****０６８６"),
        ("+86 15900000686", "+86 159****0686"),
        ("8615900000686", "86159****0686"),
        ("张三15900000686李四", "张三159****0686李四"),
        ("手机15900000686元旦值班", "手机159****0686元旦值班"),
        ("0595-22000032", "0595-22****32"),
        ("（0595）22000032", "（0595）22****32"),
        ("059522000032", "059522****32"),
        ("010-62000032", "010-62****32"),
        ("电话2200032", "电话22***32"),
        ("350102199003070012", "350*************12"),
        ("35010219900307001X", "350*************1X"),
        ("350102900307001", "350**********01"),
        ("350102 19900307 0012", "350*** ******** **12"),
    ],
)
def test_private_numbers_are_masked_in_any_writing(text: str, shown: str) -> None:
    assert mask(text) == shown
    assert holds_private(text)


@pytest.mark.parametrize(
    "text",
    [
        "提升12345政务服务热线群众诉求办理质量",
        "159****0686",
        "2025年12月31日",
        "20251231",
        "2024-2025年",
        "泉商务办〔2025〕5号",
        "第13912345678号",
        "总投资13800000000元",
        "13,800,000,000元",
        "13800000000.55",
        "0.15900000686",
        "统一社会信用代码91350500MA2XN1234K",
        "邮编362000",
        "1-13-1",
        "350102199913070012",
        "",
    ],
)
def test_other_numbers_stay_as_they_are(text: str) -> None:
    assert mask(text) == text
    assert not holds_private(text)


@given(st.text(alphabet="0123456789０９１-－ 　.+()（）Xx元号电话第86", max_size=60))
def test_masking_keeps_length_and_places_and_is_settled_at_once(text: str) -> None:
    shown = mask(text)
    assert len(shown) == len(text)
    assert all(new in (old, "*") for old, new in zip(text, shown, strict=True))
    assert mask(shown) == shown


@pytest.mark.parametrize("piece", ["1", "0", "1 ", "13-", "电话", "（0", "9" * 14 + " "])
def test_no_text_makes_masking_slow(piece: str) -> None:
    text = (piece * 32767)[:32767]
    began = time.process_time()
    mask(text)
    assert time.process_time() - began < 2
