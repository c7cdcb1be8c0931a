"""What every page must be, whatever is on it: quiet, narrow, readable, and usable by keyboard."""

from phone import WIDTH, Phone

# WCAG 2.2: level AA for text, and for what marks the focus.
TEXT_CONTRAST = 4.5
FOCUS_CONTRAST = 3.0
# Every control is at least this high, for a thumb.
CONTROL_PIXELS = 44

# Each visible text with its colour and the ground it stands on: the nearest ground that is painted.
TEXTS = """
const painted = (element) => {
  for (let each = element; each; each = each.parentElement) {
    const ground = getComputedStyle(each).backgroundColor;
    if (!ground.endsWith(", 0)")) return ground;
  }
  return "rgb(255, 255, 255)";
};
const texts = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  const text = walker.currentNode.data.trim();
  if (!text || !element.getClientRects().length) continue;
  texts.push([text, getComputedStyle(element).color, painted(element)]);
}
return texts;
"""

CONTROLS = """
return [...document.querySelectorAll("button, select, a[href], input:not([type=hidden])")].map(
  (each) => ({
    name: each.innerText.slice(0, 40), height: each.getBoundingClientRect().height,
    named: each.tagName === "BUTTON" || each.tagName === "A"
      ? each.innerText.trim() !== "" : each.labels.length > 0,
  }));
"""

# What has the focus, its outline, and the ground around it.
FOCUS = """
const element = document.activeElement;
const style = getComputedStyle(element);
const ground = getComputedStyle(element.closest(".card") || document.body).backgroundColor;
return [element.tagName, style.outlineStyle, parseFloat(style.outlineWidth), style.outlineColor,
        ground];
"""


def faults(phone: Phone, allowed: tuple[str, ...] = ()) -> list[str]:
    """What is wrong with the page that the phone shows, in light and in dark.

    Of the console's complaints only those that hold one of the `allowed` words are passed over.
    """
    found = structure_faults(phone)
    for dark in (False, True):
        phone.darken(dark)
        scheme = "dark" if dark else "light"
        found += [f"{scheme}: {fault}" for fault in contrast_faults(phone)]
    phone.darken(False)
    found += [
        f"the console says {complaint}" for complaint in phone.complaints()
        if not any(word in complaint for word in allowed)
    ]
    return found


def structure_faults(phone: Phone) -> list[str]:
    """A page has a language, a title and one heading, and is not wider than the phone."""
    found = []
    if phone.ask("return document.documentElement.lang") != "en":
        found.append("the page does not say its language")
    if not phone.title.strip():
        found.append("the page has no title")
    headings = phone.ask("return [...document.querySelectorAll('h1')].map((e) => e.innerText)")
    if len(headings) != 1 or not headings[0].strip():
        found.append(f"the page's headings are {headings}")
    width = phone.ask("return document.documentElement.scrollWidth")
    if width > WIDTH:
        found.append(f"the page is {width} pixels wide, on a phone of {WIDTH}")
    for control in phone.ask(CONTROLS):
        if not control["named"]:
            found.append(f"a control has no name: {control['name']!r}")
        if control["height"] < CONTROL_PIXELS:
            found.append(f"{control['name']!r} is {control['height']} pixels high")
    return found


def contrast_faults(phone: Phone) -> list[str]:
    """Texts which are hard to read on their ground."""
    found = []
    for text, colour, ground in phone.ask(TEXTS):
        reached = contrast(channels(colour), channels(ground))
        if reached < TEXT_CONTRAST:
            found.append(f"{text[:40]!r} has a contrast of {reached:.2f}")
    return found


def focus_faults(phone: Phone) -> list[str]:
    """Goes over the page by keyboard: each control is reached, and seen to be reached."""
    controls = len(phone.ask(CONTROLS))
    found = []
    for _ in range(controls):
        phone.press_key("\ue004")  # WebDriver's code for the tabulator.
        tag, style, width, colour, ground = phone.ask(FOCUS)
        if tag not in ("BUTTON", "SELECT", "A"):
            found.append(f"the tabulator leads to {tag}")
        elif style == "none" or width < 2:
            found.append(f"the focus on {tag} can't be seen")
        elif contrast(channels(colour), channels(ground)) < FOCUS_CONTRAST:
            found.append(f"the focus on {tag} is faint")
    return found


def channels(colour: str) -> tuple[float, float, float]:
    """Red, green and blue, 0 to 255, of a colour as browsers compute it; it must be opaque."""
    numbers = [float(each) for each in colour[colour.index("(") + 1:-1].split(",")]
    if len(numbers) > 3 and numbers[3] != 1:
        raise AssertionError(f"{colour} lets its ground through")
    red, green, blue = numbers[:3]
    return red, green, blue


def contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """The contrast of two colours, from 1 to 21, by the formula of WCAG 2."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: tuple[float, float, float]) -> float:
    """How bright a colour is, from 0 to 1."""
    linear = []
    for channel in colour:
        share = channel / 255
        linear.append(share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4)
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
