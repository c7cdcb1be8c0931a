"""A payer's browser without scripts: what it reads of a page, and what its buttons send."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

from house import Answer, House
from suite import expect, same

VOID = {"meta", "link", "input", "br", "img", "path", "rect"}


@dataclass
class Form:
    """A form: where it goes, its hidden fields, its choices, and its buttons."""

    method: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """A page, taken apart."""

    def __init__(self, html: str):
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.text = ""
        self.refresh: str | None = None
        self.has_symbol = False
        self.html = html
        self._open: Form | None = None
        self._stack: list[str] = []
        self.feed(html)
        self.close()
        expect(not self._stack, f"tags are left open: {self._stack}")

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        expect(not any(name.startswith("on") for name in values), f"{tag} has a script: {values}")
        if tag not in VOID:
            self._stack.append(tag)
        if tag == "form":
            self._open = Form(values.get("method", "get").lower(), values["action"])
            self.forms.append(self._open)
        elif tag == "input" and self._open:
            self._open.fields[values["name"]] = values.get("value", "")
        elif tag == "option" and self._open and values.get("value"):
            self._open.choices.append(values["value"])
        elif tag == "button" and self._open:
            self._open.buttons.append((values.get("name", ""), values.get("value", "")))
        elif tag == "a":
            self.links.append(values["href"])
        elif tag == "svg":
            self.has_symbol = True
        elif tag == "meta" and values.get("http-equiv") == "refresh":
            self.refresh = values["content"]

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        expect(self._stack and self._stack.pop() == tag, f"</{tag}> closes nothing")
        if tag == "form":
            self._open = None

    def handle_data(self, data):
        self.text += data

    def form(self, ending: str) -> Form:
        """The form whose action ends so."""
        found = [each for each in self.forms if each.action.endswith(ending)]
        same(len(found), 1, f"forms that go to {ending}, on a page that says {self.text!r}")
        return found[0]


class Payer:
    """Walks through a payment's pages, and keeps all that it was shown."""

    def __init__(self, house: House, payment: dict):
        self.house = house
        self.uuid = payment["uuid"]
        self.seen: list[str] = []

    def look(self, path: str | None = None) -> Page:
        """Opens a page, the payment's own unless told otherwise."""
        answer = self.house.ask("GET", path or f"/{self.uuid}")
        same(answer.status, 200, f"status of the page, which says {answer.body[:200]!r}")
        expect(answer.headers["content-type"].startswith("text/html"), "the page is no HTML")
        same(answer.headers.get("cache-control"), "no-store", "Cache-Control of a page")
        self.seen.append(answer.body.decode())
        return Page(self.seen[-1])

    def press(self, action: str, **fields: str) -> Answer:
        """Sends a form and gives the answer."""
        return self.house.ask(
            "POST", action, urlencode(fields).encode(),
            {"Content-Type": "application/x-www-form-urlencoded"})

    def follow(self, action: str, **fields: str) -> str:
        """Sends a form and gives the path that the redirect leads to."""
        answer = self.press(action, **fields)
        same(answer.status, 303, f"status of the button, which says {answer.body[:200]!r}")
        location = answer.headers["location"]
        parts = urlsplit(location)
        expect(parts.netloc in ("", f"127.0.0.1:{self.house.port}"), f"it leads to {location}")
        return parts.path

    def choose(self, bank: str = "MBBFPX") -> str:
        """Chooses a bank on the payment's page; the path of the bank's page."""
        return self.follow(f"/{self.uuid}/attempts", bank=bank)

    def decide(self, bank_page: str, choice: str) -> Page:
        """Presses a button at the simulated bank, and comes back to the payment's page."""
        form = self.look(bank_page).form(bank_page)
        expect(("choice", choice) in form.buttons, f"there is no button {choice}")
        return self.look(self.follow(form.action, **form.fields | {"choice": choice}))

    def leave(self) -> Page:
        """Presses the button that gives up."""
        return self.look(self.follow(f"/{self.uuid}/leave"))
