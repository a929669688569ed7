"""The run of the meeting: which slides there are, in which order, and that each says all it should and no more."""

import re
from datetime import date

import pytest

from data.store import Store
from reports import lists, meeting, words
from reports.decisions import TO_BE_DECIDED
from reports.meeting.slides import (
    LINE,
    LINES,
    ROWS,
    TITLE,
    Agenda,
    Item,
    Lines,
    Overall,
    Owed,
    Sections,
    Slide,
    Story,
    cut,
    height,
)
from scoring import summary
from tests.indicators import DEFAULT, scored
from tests.slides import BEFORE, DAY, EVALUATION, PHASES, PLAN, RUNNING, decided, held, said, shipped

VERSIONS = [("示例市商务局 2025", number) for number in range(1, 6)] + [("泉州市商务局 2025", 1)]
PEOPLE = ("赵四", "吴五", "钱二", "孙三", "周一")


def kinds(slides: tuple[Slide, ...]) -> list[str]:
    return [slide.kind for slide in slides]


def only(slides: tuple[Slide, ...], kind: str) -> Slide:
    (slide,) = (slide for slide in slides if slide.kind == kind)
    return slide


def many(count: int, **columns: str) -> str:
    given = {
        "weight": "1",
        "due": "2025-12-31",
        "departments": "造林科",
        "leaders": "钱二",
        "completion": "进度滞后",
    } | columns
    lines = [" | ".join((f"1-{number}", f"指标{number}", *given.values())) for number in range(1, count + 1)]
    return "\n".join([" | ".join(("serial", "indicator", *given)), *lines])


def test_the_meeting_goes_from_the_whole_to_the_single_and_ends_with_what_is_owed():
    slides = held(previous=scored(BEFORE), decisions=(decided(1, "补植"),))
    order = ["agenda", "overall", "changes", "watch", "sections", "item", "fill-in"]
    assert list(dict.fromkeys(kinds(slides))) == order


@pytest.mark.parametrize(("plan", "number"), VERSIONS)
def test_every_slide_of_a_shipped_version_fits_and_says_something(shipped_store: Store, plan: str, number: int):
    table, previous, details, day = shipped(shipped_store, plan, number)
    slides = meeting.run(table, DEFAULT, as_of=day, plan=details, previous=previous)
    assert len({slide.key for slide in slides}) == len(slides)
    for slide in slides:
        assert 0 < len(slide.title) <= TITLE, slide.title
        assert slide.context
        assert slide.notes
        assert said(slide.content)
        rows = getattr(slide.content, "rows", (1,))
        assert 0 < len(rows) <= ROWS


@pytest.mark.parametrize("phase", PHASES)
def test_no_slide_says_none_or_nan(phase: str):
    texts = [text for slide in held(PHASES[phase]) for text in said(slide)]
    assert [text for text in texts if re.search("nan|None|NaT", text)] == []


def test_keys_name_their_subject():
    keys = [slide.key for slide in held()]
    assert keys == [
        *("overall", "watch-1", "leader-钱二", "leader-孙三", "leader-未写明"),
        *("item-1-2", "item-2-2", "item-1-1", "fill-in"),
    ]


def test_a_serial_that_is_not_its_own_is_named_by_its_row():
    drawing = RUNNING.replace("1-2   |", "1-1   |")
    assert [slide.key for slide in held(drawing) if slide.kind == "item"] == ["row-2", "item-2-2", "row-1"]


# 总体


def test_the_whole_is_told_by_the_leading_sentence_and_numbers_that_add_up():
    table = scored(RUNNING)
    slide = only(held(), "overall")
    total = summary.total(table).iloc[0]
    assert isinstance(slide.content, Overall)
    assert slide.content.sentence == words.overview(total, PLAN)
    assert sum(piece.points for piece in slide.content.bar) == 12
    assert [part.value for part in slide.content.parts] == ["2", "7", "3"]
    assert [(each.name, each.amount) for each in slide.content.parts[1].holders] == [("造林科", "7分")]


def test_whoever_holds_less_than_the_first_three_is_counted():
    rows = "\n".join(f"{n} | 指标 | {n} | {n}科 | 进度滞后" for n in range(1, 6))
    slide = only(held(f"serial | indicator | weight | departments | completion\n{rows}"), "overall")
    risk = slide.content.parts[1]
    assert [each.name for each in risk.holders] == ["5科", "4科", "3科"]
    assert risk.rest == "其余2个3分"


def test_the_change_since_the_last_version_stands_with_each_number():
    slide = only(held(previous=scored(BEFORE)), "overall")
    assert [part.moved for part in slide.content.parts] == ["较上版+2", "较上版−2", "较上版±0"]
    assert slide.content.parts[0].holders[0].amount == "1项"


def test_the_assumed_tolerance_is_called_assumed():
    assert words.ASSUMED in only(held(), "overall").more


def test_points_that_the_source_lacks_stay_in_the_bar():
    plan = PLAN.__class__(**{**PLAN.__dict__, "total": 20.0})
    bar = only(held(plan=plan), "overall").content.bar
    assert [(piece.key, piece.points) for piece in bar if piece.key == "lacking"] == [("lacking", 8.0)]


def test_before_any_report_the_meeting_asks_who_holds_what_and_what_is_due():
    slides = held(PHASES["blank"])
    assert kinds(slides)[:2] == ["overall", "due"]
    assert slides[0].title == "12分全部尚未填报"
    assert [part.value for part in slides[0].content.parts] == ["12", "2", "2"]
    assert slides[1].content.rows[0].last == "已过123天"


def test_in_the_evaluation_the_meeting_tells_what_was_earned_and_lost():
    slides = held(EVALUATION)
    assert kinds(slides)[:2] == ["overall", "lost"]
    assert [part.value for part in slides[0].content.parts] == ["5.5", "6", "0.5"]
    (row,) = only(slides, "lost").content.rows
    assert (row.points, row.last) == ("−0.50", "3.50／4")
    assert [slide.key for slide in slides if slide.kind == "item"] == ["item-2-2"]  # what is scored needs no decision
    assert only(slides, "fill-in").title == "这些事项还没有评分"


def test_an_empty_table_is_one_sentence():
    (slide,) = meeting.run(scored(RUNNING).iloc[:0], DEFAULT, as_of=DAY)
    assert slide.title == "还没有考评表。"


# 变化


def test_what_happened_is_told_only_where_there_is_a_version_before():
    assert "changes" not in kinds(held())
    slide = only(held(previous=scored(BEFORE)), "changes")
    assert isinstance(slide.content, Story)
    assert "新完成1项、2分：防火演练2场。" in [words.plain(each) for each in slide.content.sentences]


def test_long_sentences_go_on_to_another_slide(shipped_store: Store):
    table, previous, plan, day = shipped(shipped_store, "示例市商务局 2025", 4)
    renamed = table.assign(short_name=[f"{text}很长的简称" * 6 for text in table["short_name"]])
    slides = meeting.run(renamed, DEFAULT, as_of=day, plan=plan, previous=previous)
    changes = [slide for slide in slides if slide.kind == "changes"]
    assert [slide.key for slide in changes][:2] == ["changes", "changes-2"]
    for slide in changes:
        assert sum(height(words.plain(each), LINE) for each in slide.content.sentences) <= LINES


# 盯办事项


def test_what_is_past_its_deadline_stands_first_then_points_decide():
    slide = only(held(), "watch")
    assert [(row.name, row.last) for row in slide.content.rows] == [
        ("抚育1.2万亩", "已过31天"),
        ("出台防火办法", "已过123天"),
        ("造林5000亩", "还剩61天"),
    ]
    assert slide.title == "盯办3项、9分，已过时限2项"


def test_seven_stand_on_a_slide_and_none_is_lost():
    slides = [slide for slide in held(many(16)) if slide.kind == "watch"]
    assert [len(slide.content.rows) for slide in slides] == [7, 7, 2]
    assert [slide.key for slide in slides] == ["watch-1", "watch-2", "watch-3"]
    assert [slide.title for slide in slides[1:]] == ["第8至14项，共16项", "第15至16项，共16项"]


def test_more_than_a_meeting_can_go_through_is_counted():
    slides = held(many(50))
    watch = [slide for slide in slides if slide.kind == "watch"]
    assert sum(len(slide.content.rows) for slide in watch) == kinds(slides).count("item") == 35
    assert watch[-1].more == "其余15项没有列出"


# 按分管领导


def test_leaders_stand_in_the_bureau_s_own_order_then_as_in_the_table():
    drawing = many(3, leaders="郑六") + "\n9-1 | 指标 | 1 | 2025-12-31 | 造林科 | 孙三 | 进度滞后"
    assert [slide.key for slide in held(drawing) if slide.kind == "sections"] == ["leader-孙三", "leader-郑六"]


def test_a_leader_s_departments_hold_what_the_summary_says():
    slide = next(slide for slide in held() if slide.key == "leader-钱二")
    table = summary.by_department(lists.led_by(scored(RUNNING), "leaders", "钱二"))
    assert isinstance(slide.content, Sections)
    for row in slide.content.rows:
        assert [sum(piece.points for piece in cell) for cell in row.cells] == list(words.parts(table.loc[row.name]))
    assert slide.context == "分管领导　承担7分、3项"


def test_departments_that_do_not_fit_are_counted():
    rows = "\n".join(f"{n} | 指标 | 1 | {n}科 | 钱二 | 进度滞后" for n in range(1, 11))
    slide = only(held(f"serial | indicator | weight | departments | leaders | completion\n{rows}"), "sections")
    assert len(slide.content.rows) == ROWS
    assert slide.more == "其余3个科室：3分有风险"


# 逐项


def item(slides: tuple[Slide, ...], key: str) -> Item:
    return next(slide.content for slide in slides if slide.key == key)


def test_an_item_tells_target_report_before_pace_owner_and_next_step():
    found = item(held(previous=scored(BEFORE)), "item-1-1")
    assert (found.target, found.done, found.owner, found.leader) == ("造林5000亩", "造林2000亩", "造林科　赵四", "孙三")
    assert found.before == "▲ 滞后，完成30%：造林1500亩"
    assert (found.progress, found.progress_before, found.next_step) == (0.4, 0.3, "11月补植")
    assert found.pace == pytest.approx(10 / 12)


def test_the_next_step_is_the_column_s_else_what_was_decided_else_to_be_decided():
    slides = held(decisions=(decided(1, "每周报进度。", serial="1-2"), decided(2, "白说", serial="1-1")))
    steps = [item(slides, key).next_step for key in ("item-1-1", "item-1-2", "item-2-2")]
    assert steps == ["11月补植", "每周报进度", TO_BE_DECIDED]


def test_a_report_that_did_not_change_is_said_not_to_have():
    assert item(held(previous=scored(RUNNING)), "item-1-1").before == "▲ 滞后，完成40%，填报没有变化"


def test_a_long_text_says_how_much_of_it_is_missing():
    long = "造" * 400
    found = item(held(RUNNING.replace("造林2000亩", long)), "item-1-1")
    left = int(re.search(r"…（余(\d+)字）$", found.done)[1])
    assert found.done.count("造") + left == 400


def test_what_fits_is_not_cut():
    assert cut("造林 2000 亩", 10) == "造林 2000 亩"


# 补填, 议定事项


def test_departments_are_asked_for_what_they_have_not_reported():
    slide = only(held(), "fill-in")
    assert isinstance(slide.content, Owed)
    assert [(row.department, row.head, row.points, row.indicators) for row in slide.content.rows] == [
        ("防火科", "吴五", "2", "出台防火办法"),
        ("办公室", "", "1", "信访件办结"),
    ]


def test_open_decisions_come_first_and_late_ones_before_the_others():
    decisions = (
        decided(1, "办结的", done_on=DAY),
        decided(2, "没有期限"),
        decided(3, "下月", until=date(2025, 11, 30), serial="1-1"),
        decided(4, "过期", until=date(2025, 10, 1), serial="8-8"),
    )
    slide = held(decisions=decisions)[0]
    assert isinstance(slide.content, Agenda)
    assert [(row.text, row.about, row.until, row.late) for row in slide.content.rows] == [
        ("过期", "8-8", "10月1日前", True),
        ("下月", "造林5000亩", "11月30日前", False),
        ("没有期限", "", "", False),
    ]
    assert slide.context == "3项没有办结，1项已过期限"


def test_without_open_decisions_there_is_no_agenda():
    assert "agenda" not in kinds(held(decisions=(decided(1, "办结的", done_on=DAY),)))


# 隐私, 出处


@pytest.mark.parametrize("phase", PHASES)
def test_with_names_off_nobody_is_named(phase: str):
    decisions = (decided(1, "补植", serial="1-1"),)
    slides = held(PHASES[phase], names=False, decisions=decisions, previous=scored(BEFORE))
    assert [text for slide in slides for text in said(slide) if any(name in text for name in PEOPLE)] == []
    assert [slide.key for slide in slides if slide.kind == "sections"] == ["departments-1"]


def test_phone_numbers_are_masked_wherever_they_stand():
    drawing = RUNNING.replace("造林2000亩", "联系15900000686").replace("11月补植", "致电15900000686")
    slides = held(
        drawing.replace("造林5000亩", "电话15900000686"), decisions=(decided(1, "找15900000686", who="15900000686"),)
    )
    texts = [text for slide in slides for text in said(slide)]
    assert [text for text in texts if "15900000686" in text] == []
    assert [text for text in texts if "159****0686" in text]


def test_notes_name_the_cells_behind_the_numbers():
    assert only(held(), "watch").notes[0] == "1-2 抚育1.2万亩（考评表第6行）：3分，逾期，完成80%（完成进度栏）"
    assert len(only(held(), "overall").notes) == 5


def test_a_table_without_its_plan_and_rows_without_weight_have_a_meeting_too():
    slides = meeting.run(scored("indicator | year\n造林 | _"), DEFAULT, as_of=DAY)
    assert kinds(slides) == ["overall", "sections", "fill-in"]
    assert slides[0].more == "其中1项没有写明分值"
    assert slides[2].content.rows[0].points == words.MISSING


def test_lists_tell_what_their_numbers_are():
    found = [slide for slide in (*held(), *held(EVALUATION)) if isinstance(slide.content, Lines)]
    heads = {slide.kind: (slide.content.points, slide.content.last) for slide in found}
    assert heads == {"watch": ("分值", "时限"), "lost": ("失分", "得分／分值")}


def test_each_quantified_target_stands_with_its_figures():
    drawing = """
    serial | indicator    | weight | due        | completion | targets
    1-1    | 圆桌会议等   | 2      | 2025-12-31 | 正在办     | count >= 20场 圆桌会议 = 5；count >= 100家 参展企业 = 95
    """
    goals = item(held(drawing), "item-1-1").goals
    assert [(goal.name, goal.share, goal.status) for goal in goals] == [
        ("圆桌会议", 0.25, "behind"),
        ("参展企业", 0.95, "on_pace"),
    ]
    assert goals[0].told == "圆桌会议5场，序时应达16场，比序时少11场"
