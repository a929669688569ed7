"""What a page looks like to a reader, found in the browser: what is cut, too small or too pale, and what a key reaches."""

from dataclasses import dataclass

from playwright.sync_api import Page

# Every text that is drawn, also inside the small components: its characters, element, style and boxes on the screen.
_TEXTS = """
const texts = (root, found = []) => {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.shadowRoot) texts(node.shadowRoot, found);
    const element = node.parentElement;
    if (node.nodeType !== Node.TEXT_NODE || !node.textContent.trim() || !element) continue;
    if (element.closest('style, script, [hidden]') || !element.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()].filter(box => box.width > 1 && box.height > 1);
    if (boxes.length) found.push({text: node.textContent.trim().slice(0, 30), element, style: getComputedStyle(element), boxes});
  }
  return found;
};
const up = element => element.parentElement ?? element.getRootNode().host ?? null;
"""
_OUTSIDE = """
const cut = ({element, boxes}) => {
  const [left, right] = [Math.min(...boxes.map(box => box.left)), Math.max(...boxes.map(box => box.right))];
  if (left < -1 || right > innerWidth + 1) return true;
  for (let around = element; around; around = up(around)) {
    const box = around.getBoundingClientRect();
    const hides = getComputedStyle(around).overflowX !== 'visible';
    if (hides && (left < box.left - 1 || right > box.right + 1)) return true;
  }
  return false;
};
return texts(document.querySelector('[data-testid=stMain]')).filter(cut).map(each => each.text);
"""
_SMALL = """
return texts(document.querySelector('[data-testid=stMain]'))
  .filter(each => parseFloat(each.style.fontSize) < least).map(each => `${each.text} ${each.style.fontSize}`);
"""
# WCAG 2.2, 1.4.3: 4.5:1, and 3:1 for text from 24 px or bold from 18.66 px; what cannot be used now is exempt.
_PALE = """
const parse = colour => {
  const numbers = colour.match(/[\\d.]+/g).map(Number);
  const scale = colour.startsWith('color(') ? 255 : 1;
  return {rgb: numbers.slice(0, 3).map(each => each * scale), alpha: numbers[3] ?? 1};
};
const blend = (over, under) => over.rgb.map((each, at) => each * over.alpha + under[at] * (1 - over.alpha));
const behind = element => {
  const layers = [];
  for (let around = element; around; around = up(around)) {
    const layer = parse(getComputedStyle(around).backgroundColor);
    layers.push(layer);
    if (layer.alpha === 1) break;
  }
  return layers.reverse().reduce((under, layer) => blend(layer, under), [255, 255, 255]);
};
const light = rgb => {
  const [red, green, blue] = rgb.map(each => each / 255).map(each => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const ratio = ({element, style}) => {
  const ground = behind(element);
  const drawn = element instanceof SVGElement ? style.fill : style.color;
  const [one, other] = [light(blend(parse(drawn), ground)), light(ground)].sort((a, b) => b - a);
  return (one + 0.05) / (other + 0.05);
};
const needed = ({style}) => {
  const size = parseFloat(style.fontSize);
  return size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
};
return texts(document.body)
  .filter(each => !each.element.closest(':disabled, [aria-disabled=true]') && ratio(each) < needed(each))
  .map(each => `${each.text} ${ratio(each).toFixed(2)} ${each.style.color}`);
"""


def outside(page: Page) -> list[str]:
    """Return the texts that reach beyond the window, or beyond something that cuts them off at its sides."""
    return list(page.evaluate(f"() => {{ {_TEXTS} {_OUTSIDE} }}"))


def small(page: Page, least: float) -> list[str]:
    """Return the texts with a type of less than ``least`` pixels."""
    return list(page.evaluate(f"least => {{ {_TEXTS} {_SMALL} }}", least))


def pale(page: Page) -> list[str]:
    """Return the texts whose contrast with what is behind them is below WCAG AA."""
    return list(page.evaluate(f"() => {{ {_TEXTS} {_PALE} }}"))


_FOCUS = """
() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  if (!element || element === document.body) return null;
  element.dataset.reached = 'yes';
  const outlined = each => getComputedStyle(each).outlineStyle !== 'none' && parseFloat(getComputedStyle(each).outlineWidth) > 0;
  let seen = outlined(element) || getComputedStyle(element).boxShadow !== 'none';
  for (let around = element; around && !seen; around = around.parentElement) seen = outlined(around);
  return {name: (element.ariaLabel || element.innerText || element.title || element.tagName).trim().slice(0, 30), seen};
}
"""
# In a group, such as the pieces of a switch, Tab reaches one and the arrows the others.
_UNREACHED = """
() => {
  const found = [];
  const walk = root => root.querySelectorAll('*').forEach(each => {
    if (each.shadowRoot) walk(each.shadowRoot);
    if (each.matches('a[href], button, input, select, textarea, summary')) found.push(each);
  });
  walk(document);
  return found
    .filter(each => !each.dataset.reached && !each.disabled && each.tabIndex >= 0 && !each.closest('[role=radiogroup], [role=toolbar]'))
    .filter(each => each.checkVisibility({opacityProperty: true, visibilityProperty: true}) && each.getBoundingClientRect().width > 2)
    .map(each => (each.ariaLabel || each.innerText || each.title || each.tagName).trim().slice(0, 30));
}
"""


@dataclass(frozen=True)
class Walk:
    """What Tab reached in its order, what of it showed no focus, and what it never reached."""

    reached: tuple[str, ...]
    unseen: tuple[str, ...]
    missed: tuple[str, ...]


def walked(page: Page, most: int = 150) -> Walk:
    """Press Tab from the top of the page until the focus leaves it."""
    stops = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(_FOCUS)
        if stop is None or (stops and stop["name"] == stops[0]["name"]):
            break
        stops.append(stop)
    return Walk(
        tuple(stop["name"] for stop in stops),
        tuple(stop["name"] for stop in stops if not stop["seen"]),
        tuple(page.evaluate(_UNREACHED)),
    )
