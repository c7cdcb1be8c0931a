"""A payer's phone: Chromium in a small window, with or without scripts, in light or in dark."""

from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import (
    JavascriptException, StaleElementReferenceException, WebDriverException,
)
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.support.ui import Select, WebDriverWait

WIDTH = 360
HEIGHT = 740
PIXEL_RATIO = 2
# A page that waits asks again every 5 seconds; a busy machine may be slow to show it.
WAIT_TIMEOUT_SECONDS = 60
PAGE_TIMEOUT_SECONDS = 60
# More than a page may take: a driver that hangs is a failure, not an hour.
COMMAND_TIMEOUT_SECONDS = 90
# The value of the setting for scripts that lets none run.
BLOCKED = 2


class Phone:
    """One browser. A context that ends it, with the driver that steers it."""

    def __init__(self, folder: Path, scripts: bool):
        self.scripts = scripts
        self._folder = folder

    def __enter__(self):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in (
            "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
            "--no-proxy-server", "--disable-background-networking", "--disable-component-update",
            "--disable-extensions", "--disable-sync", "--no-first-run", "--lang=en-GB",
            # Names are looked up nowhere: whatever is not on this machine fails at once.
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            f"--user-data-dir={self._folder}",
        ):
            options.add_argument(argument)
        metrics = {"width": WIDTH, "height": HEIGHT, "pixelRatio": PIXEL_RATIO, "mobile": True,
                   # With a touch screen and without scripts, the driver waits for ever after a tap.
                   "touch": False}
        options.add_experimental_option("mobileEmulation", {"deviceMetrics": metrics})
        if not self.scripts:
            options.add_experimental_option(
                "prefs", {"profile.managed_default_content_settings.javascript": BLOCKED})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        # Named, so that nothing is looked for or downloaded.
        service = Service("/usr/bin/chromedriver")
        RemoteConnection.set_timeout(COMMAND_TIMEOUT_SECONDS)
        self._driver = webdriver.Chrome(options=options, service=service)
        self._driver.set_page_load_timeout(PAGE_TIMEOUT_SECONDS)
        self._first_tab = self.tab
        return self

    def __exit__(self, *_):
        self._driver.quit()

    def open(self, url: str) -> None:
        """Goes to an address."""
        self._driver.get(url)

    def reload(self) -> None:
        """What the browser's button does."""
        self._driver.refresh()

    def go_back(self) -> None:
        """What the browser's other button does."""
        self._driver.back()

    def open_tab(self, url: str) -> None:
        """Goes to an address in a new tab, which is then the one looked at."""
        self._driver.switch_to.new_window("tab")
        self._driver.get(url)

    def close_tabs(self) -> None:
        """Back to the first tab, the others closed."""
        for handle in self._driver.window_handles:
            if handle != self._first_tab:
                self._driver.switch_to.window(handle)
                self._driver.close()
        self._driver.switch_to.window(self._first_tab)

    @property
    def tab(self) -> str:
        """The tab that is looked at."""
        return self._driver.current_window_handle

    def show_tab(self, tab: str) -> None:
        """Looks at one of the open tabs."""
        self._driver.switch_to.window(tab)

    def darken(self, dark: bool) -> None:
        """The phone's setting for dark pages."""
        scheme = "dark" if dark else "light"
        self._driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {"features": [{"name": "prefers-color-scheme", "value": scheme}]})

    @property
    def address(self) -> str:
        """Where the browser is."""
        return self._driver.current_url

    @property
    def title(self) -> str:
        """The page's title."""
        return self._driver.title

    def text(self, css: str = "body") -> str:
        """The visible text of the first element that is meant, as the payer reads it."""
        return self._driver.find_element(By.CSS_SELECTOR, css).text

    def has(self, css: str) -> bool:
        """Whether there is such an element."""
        return bool(self._driver.find_elements(By.CSS_SELECTOR, css))

    def options(self, css: str) -> list[str]:
        """The texts of a list to choose from."""
        element = self._driver.find_element(By.CSS_SELECTOR, css)
        return [option.text for option in Select(element).options]

    def choose(self, css: str, text: str) -> None:
        """Chooses from a list by what it says."""
        Select(self._driver.find_element(By.CSS_SELECTOR, css)).select_by_visible_text(text)

    def press(self, label: str) -> None:
        """Presses the button or the link of this text, and waits until it led somewhere."""
        def click():
            page = self._driver.find_element(By.TAG_NAME, "html")
            found = [
                each for each in self._driver.find_elements(By.CSS_SELECTOR, "button, a")
                if each.text == label
            ]
            if len(found) != 1:
                raise AssertionError(f"{len(found)} buttons say {label!r} in {self.text()!r}")
            found[0].click()
            return page
        page = again(click)
        self.wait_until(lambda: is_gone(page), f"the page after {label!r}")

    def wait_for(self, text: str) -> None:
        """Waits until the page says this, reloading nothing by itself."""
        self.wait_until(lambda: text in self.text(), f"{text!r}")

    def wait_until(self, condition, what: str) -> None:
        """Waits for a condition; a page that changes meanwhile is looked at again."""
        def holds(_):
            try:
                return condition()
            except WebDriverException:
                return False
        waiting = WebDriverWait(self._driver, WAIT_TIMEOUT_SECONDS, poll_frequency=0.1)
        waiting.until(holds, f"{what} did not come in {WAIT_TIMEOUT_SECONDS} s")

    def complaints(self) -> list[str]:
        """What the browser's console said since it was last asked: refused styles, errors."""
        return [entry["message"] for entry in self._driver.get_log("browser")]

    def ask(self, script: str, *arguments):
        """What a script of ours finds on the page; it runs where the page's own may not."""
        return again(lambda: self._driver.execute_script(script, *arguments))

    def photograph(self, path: Path, css: str | None = None) -> None:
        """Saves what the screen shows, or one element, as PNG."""
        if css is None:
            self._driver.save_screenshot(str(path))
        else:
            self._driver.find_element(By.CSS_SELECTOR, css).screenshot(str(path))

    def press_key(self, keys: str) -> None:
        """Types on a keyboard, wherever the focus is."""
        webdriver.ActionChains(self._driver).send_keys(keys).perform()


def again(act):
    """Does it, and once more if the page was just then exchanged: waiting pages reload."""
    try:
        return act()
    except (StaleElementReferenceException, JavascriptException):
        return act()


def is_gone(element) -> bool:
    """Whether an element's page was left."""
    try:
        element.is_enabled()
        return False
    except WebDriverException:
        return True
