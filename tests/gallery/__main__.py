"""``make screenshots``: the whole product runs, somebody trades on it, and every page is photographed in every state.

Writes ``var/screenshots/NAME-WIDTH-SCHEME.png``, the contact sheet ``docs/images/gallery.jpg`` and the README's pictures. With
names of stories (``make screenshots ARGS="state away"``) it takes those alone, and leaves the sheet and the README as they are.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

from stack.cluster import Cluster
from stack.context import make_context
from stack.errors import StackError
from stack.processes import TREDYE
from stack.settings import ROOT, Settings
from tests.e2e.conftest import CHROMIUM_ARGS
from tests.gallery import pages, states
from tests.gallery.camera import Camera
from tests.gallery.studio import Studio

SCREENSHOTS = ROOT / "var" / "screenshots"
IMAGES = ROOT / "docs" / "images"
#: In this order: who signs up in one is logged in for the next, and after the last nothing is as it was.
STORIES: dict[str, Callable[[Studio], None]] = {
    story.__name__: story
    for story in (
        *(pages.visitor, pages.empty, states.ticket, pages.full, pages.settings, states.state),
        *(states.away, states.reduced, pages.statements, pages.closing, pages.deleting, states.wrong),
    )
}
#: Pictures of the README, by what they are made from.
README = {
    "instrument-1280-dark.png": "instrument-1280-dark.png",
    "portfolio-1280-light.png": "portfolio-1280-light.png",
}


def main(names: list[str]) -> int:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        print("gallery: no Chromium was found; name one in CHROMIUM", file=sys.stderr)
        return 1
    if unknown := set(names) - set(STORIES):
        print(f"gallery: there is no story {', '.join(sorted(unknown))}; there are {', '.join(STORIES)}", file=sys.stderr)
        return 2
    camera = Camera(Path(SCREENSHOTS))
    with own_stack() as cluster, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=CHROMIUM_ARGS)
        studio = Studio.open(cluster, browser, camera)
        for name, story in STORIES.items():
            if not names or name in names:
                _tell(name, story, studio)
        if not names:
            camera.make_sheet(browser.new_page(), IMAGES / "gallery.jpg")
        browser.close()
    if not names:
        for name, made in README.items():
            shutil.copyfile(SCREENSHOTS / made, IMAGES / name)
    print(f"{len(camera.taken)} pages, four pictures each, are in {SCREENSHOTS}")
    for complaint in camera.complaints:
        print(f"gallery: {complaint}", file=sys.stderr)
    return 1 if camera.complaints else 0


@contextmanager
def own_stack() -> Iterator[Cluster]:
    """The whole product on servers that are its own, and not those that are given: the stories freeze them."""
    settings = Settings.from_environment(processes=TREDYE.names).throwaway(f"gallery-{os.getpid()}")
    cluster = Cluster(context=make_context(settings, None))
    try:
        with cluster:
            yield cluster
    finally:
        cluster.remove_data()


def _tell(name: str, story: Callable[[Studio], None], studio: Studio) -> None:
    """What goes wrong in one story is complained of, and the others are told all the same."""
    try:
        story(studio)
    except (AssertionError, Error, StackError) as error:
        studio.camera.complaints.append(f"the story {name} broke off: {str(error)[:400]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
