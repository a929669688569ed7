"""The method as HTML: the rules from the method file, and how to read the words and numbers of the screen."""

from reports import method as said
from reports import words
from reports.words import GROUPS, STATUSES
from scoring import Method
from scoring.method import Rule
from ui import markup
from ui.markup import text


def statuses() -> str:
    """Return what each status means, with shape and colour, in the order in which they are asked."""
    lines = "".join(
        f'<tr><td>{place}</td><td>{markup.status(key)}</td><td><i class="swatch fill-{key}"></i></td>'
        f"<td>{text(said.MEANINGS[key])}<small>{said.GROUP_MEANINGS[STATUSES[key].group]}</small></td></tr>"
        for place, key in enumerate(said.order(), start=1)
    )
    heads = "<th>次序</th><th>状态</th><th></th><th>含义</th>"
    groups = " → ".join(f'<b class="ink-{key}">{group.word}</b>' for key, group in GROUPS.items())
    note = f'<p class="note">先符合先定。各图从左到右都是 {groups}。颜色之外都有形状和文字。</p>'
    table = f'<table class="tb meanings"><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>'
    return f'<div class="block">{markup.heading("六种状态")}{table}{note}</div>'


def conventions() -> str:
    """Return how numbers and words on the screen are to be read."""
    lines = "".join(f"<dt>{text(each.title)}</dt><dd>{text(each.text)}</dd>" for each in said.CONVENTIONS)
    return f'<div class="block">{markup.heading("数字和用语")}<dl class="terms">{lines}</dl></div>'


def rules(method: Method) -> str:
    """Return all rules in the order of the method file, each with its source or the mark 按假设."""
    lines = "".join(_rule(place, rule) for place, rule in enumerate(method.rules, start=1))
    note = markup.note(f"“{words.ASSUMED}”：没有文件写明，先按这样执行；改动口径文件即可调整。")
    return f'<div class="block">{markup.heading("口径逐条")}{note}<ol class="method">{lines}</ol></div>'


def _rule(place: int, rule: Rule) -> str:
    source = f"<small>出处：{text(rule.source)}</small>" if rule.source else ""
    title = f"<p><em>{place}</em><b>{text(rule.title)}</b>{markup.assumed(rule.assumed)}</p>"
    return f"<li>{title}<p>{_listed(rule)}</p>{source}</li>"


def _listed(rule: Rule) -> str:
    """Return the rule's text; a list of words in it is told apart from the sentence around it."""
    if not isinstance(rule.value, tuple) or not all(isinstance(word, str) for word in rule.value):
        return text(rule.text)
    listed = "、".join(str(word) for word in rule.value)
    before, found, after = rule.text.partition(listed)
    chips = "".join(f"<i>{text(word)}</i>" for word in rule.value)
    return f'{text(before)}<span class="chips">{chips}</span>{text(after)}' if found else text(rule.text)
