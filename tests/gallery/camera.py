"""Pictures of a page as a desktop and as a phone shows it, dark and light, what is wrong with it, and the sheet of all."""

import base64
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

from tests.accessibility.axe import judge, overflow

DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
SCHEMES = ("dark", "light")
#: A page of a phone is shown this far down; what is longer is seen to be cut.
PHONE_HEIGHT_MAX = 2_400
#: An A4 page between its margins, in CSS pixels.
PAPER = {"width": 680, "height": 980}
_COLUMNS = 4
_THUMB_PX = 300


@dataclass
class Camera:
    """Writes to ``directory``, and remembers what it has taken."""

    directory: Path
    taken: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def shoot(self, page: Page, name: str) -> None:
        """Take the page at both sizes in both schemes, and complain when it is wider than its window, or axe-core finds
        something serious: this is where it sees what scripts have drawn."""
        self.directory.mkdir(parents=True, exist_ok=True)
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            for scheme in SCHEMES:
                rules = None if scheme == "dark" else ["color-contrast"]
                found = judge(page, scheme, rules)
                self.complaints += [f"{name} at {size['width']}: {each}" for each in found]
                self._take(page, name, size["width"], scheme)
        page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
        page.emulate_media(color_scheme="dark")
        self.taken.append(name)
        print(f"gallery: {name}", flush=True)

    def print(self, page: Page, name: str) -> None:
        """Take the page as it lies on paper. It is on no sheet: paper is neither dark nor a phone's."""
        self.directory.mkdir(parents=True, exist_ok=True)
        page.set_viewport_size(PAPER)  # type: ignore[arg-type]
        page.emulate_media(media="print", color_scheme="light")
        self._complain_of_width(page, name, PAPER["width"], "paper")
        page.screenshot(path=self.directory / f"{name}-paper.png", full_page=True)
        page.pdf(path=self.directory / f"{name}.pdf", prefer_css_page_size=True)
        page.emulate_media(media="screen", color_scheme="dark")
        page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
        print(f"gallery: {name}, on paper", flush=True)

    def _take(self, page: Page, name: str, width: int, scheme: str) -> None:
        self._complain_of_width(page, name, width, scheme)
        path = self.directory / f"{name}-{width}-{scheme}.png"
        tall = page.evaluate("() => document.documentElement.scrollHeight")
        if width == PHONE["width"] and tall <= PHONE_HEIGHT_MAX:
            page.screenshot(path=path, full_page=True)
        else:
            page.screenshot(path=path)

    def _complain_of_width(self, page: Page, name: str, width: int, where: str) -> None:
        self.complaints += [f"{name} ({where}) at {width}: {each}" for each in overflow(page)]

    def make_sheet(self, page: Page, path: Path) -> None:
        """One picture of all that were taken: the desktop's, dark and light in turn, and the phone's beside it."""
        cells = "".join(self._cell(number, name) for number, name in enumerate(self.taken))
        page.set_viewport_size({"width": _COLUMNS * (_THUMB_PX + 90) + 40, "height": 900})
        page.set_content(f"<!doctype html><style>{_STYLE}</style><main>{cells}</main>")
        page.wait_for_function("() => [...document.images].every(image => image.complete)")
        page.screenshot(path=path, full_page=True, type="jpeg", quality=72)

    def _cell(self, number: int, name: str) -> str:
        scheme = SCHEMES[number % 2]
        desktop, phone = (self._data(f"{name}-{size['width']}-{scheme}.png") for size in (DESKTOP, PHONE))
        pictures = f'<img src="{desktop}"><p style="background-image:url({phone})"></p>'
        return f"<figure><div>{pictures}</div><figcaption>{name}</figcaption></figure>"

    def _data(self, file: str) -> str:
        return "data:image/png;base64," + base64.b64encode((self.directory / file).read_bytes()).decode()


_STYLE = f"""
body {{ margin: 20px; font: 12px system-ui, sans-serif; background: #888; color: #fff }}
main {{ display: grid; grid-template-columns: repeat({_COLUMNS}, {_THUMB_PX + 76}px); gap: 14px }}
figure {{ margin: 0 }} figure div {{ display: flex; gap: 6px; align-items: start }}
img {{ width: {_THUMB_PX}px; height: {_THUMB_PX * 5 // 8}px; object-fit: cover; object-position: top }}
p {{ margin: 0; width: 70px; height: {_THUMB_PX * 5 // 8}px; background-size: 70px auto; background-repeat: no-repeat }}
figcaption {{ padding: 3px 0 }}
"""
