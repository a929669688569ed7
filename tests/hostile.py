"""Texts that want to be more than text, on whatever surface they are shown, and a table that is full of them."""

import openpyxl

from tests.drawing import saved

ELSEWHERE = "http://beacon.invalid"
STRINGS = (
    "<script>window.__pwned=1</script>",
    "</script><script>window.__pwned=1</script>",
    "</style><script>window.__pwned=1</script>",
    '"><img src=x onerror="window.__pwned=1">',
    "<svg onload=window.__pwned=1>",
    '<iframe srcdoc="<script>parent.__pwned=1</script>"></iframe>',
    "<details open ontoggle=window.__pwned=1>细目",
    '<a href="javascript:window.__pwned=1">点这里</a>',
    f"<img src={ELSEWHERE}/image.png>",
    f"<form action={ELSEWHERE}><input name=a></form>",
    f"<base href={ELSEWHERE}>",
    f"<style>@import '{ELSEWHERE}/style.css';body{{display:none}}</style>",
    f"<meta http-equiv=refresh content=0;url={ELSEWHERE}>",
    "<b>粗</b><br>换行",
    "&lt;b&gt;&amp;&#60;",
    f"![图]({ELSEWHERE}/markdown.png)",
    f"[点这里]({ELSEWHERE})",
    "[点这里](javascript:window.__pwned=1)",
    f"{ELSEWHERE}/auto",
    "www.beacon.invalid",
    "somebody@beacon.invalid",
    "$\\alpha$ 与 $$x^2$$",
    ":red[红字] :material/home: :streamlit:",
    "职务:主任[综合科]",
    "5*3*2=30 __强__ ~~删~~ `码`",
    "a -> b <= c => d",
    "# 一级标题",
    f'=HYPERLINK("{ELSEWHERE}","点这里")',
    "{{7*7}} ${7*7} <%= 7*7 %> %s %(a)s",
    "'\";--  DROP TABLE version",
)
UNIT = f"某市<img src={ELSEWHERE}/unit.png onerror=window.__pwned=1>局"
PLAN = f"{UNIT} 2025"
HEADINGS = ("序号", "二级指标", "权重", "完成时限", "责任科室", "分管领导", "全年完成情况", "完成进度", "佐证材料")
MARKDOWN = f"![名]({ELSEWHERE}/name.png)<img src=x onerror=window.__pwned=1>"


def table() -> bytes:
    """Return a workbook in which every text that a table may hold is one of the strings."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "<script>window.__pwned=1"
    sheet.append(["2025年度绩效目标考评表"])
    sheet.append([f"参评单位：{UNIT}"])
    sheet.append(HEADINGS)
    for number, text in enumerate(STRINGS, start=1):
        sheet.append(
            (f"1-{number}", text, 2, "12月底前", text, MARKDOWN, f"已完成 {text}", f"{number % 10 * 10}%", text)
        )
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # also what looks like a formula
    return saved(book)
