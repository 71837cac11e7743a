"""Files on their way from the desk: large ones in pieces, and two pages of one browser at once."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageFilter
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

from tests.end_to_end.conftest import Office
from tests.end_to_end.pages.browsing import Visit, browser_of, make_account, visit
from tests.end_to_end.papers import DECISION, draw_paper

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("desk-sending")]
SECONDS = 1000
READY = "Có thể trả giấy lại cho công dân"
PIECE = 2 << 20


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with browser_of(chromium) as opened:
        yield opened


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, str]]:
    office = Office(home=tmp_path_factory.mktemp("sending") / "home")
    password = make_account(office, "operator")
    office.serve()
    yield office, password
    office.stop()


@pytest.fixture(scope="module")
def seated(browser: Browser, served: tuple[Office, str]) -> Iterator[Visit]:
    with visit(browser, *served) as made:
        made.go("/help")  # no desk, which would send what the others choose
        yield made


@pytest.fixture
def operator(seated: Visit) -> Iterator[Visit]:
    """A page of its own for each test, in the browser of one person."""
    page = seated.page.context.new_page()
    made = Visit(page, seated.office)
    made.go("/desk")
    yield made
    page.close()


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Three pages of a few KB, and one of more than five pieces."""
    folder = tmp_path_factory.mktemp("papers")
    for number in (1, 2, 3):
        lines = (f"Trang số {number}", *DECISION[number:], *DECISION)
        draw_paper(lines).save(folder / f"{number}.jpg", dpi=(200, 200), quality=85)
    large = folder / "large.tif"
    draw_paper((*DECISION, "Bản màu")).convert("RGB").save(large, dpi=(200, 200))
    assert large.stat().st_size > 5 * PIECE
    return {file.stem: file for file in folder.iterdir()}


def place_of(page: Page, code: str) -> Locator:
    return page.locator(".place", has_text=code)


def open_dossier(page: Page, code: str, *, pages: int) -> Locator:
    page.fill("#dossier-code", code)
    page.fill("#expected-pages", str(pages))
    page.click("#open")
    place = place_of(page, code)
    expect(place).to_be_visible()
    return place


def verdict(place: Locator) -> Locator:
    return place.locator(":scope > .banner:visible .verdict")


def received(operator: Visit, place: Locator) -> list[str]:
    """Return the names of the files that the batch of a place has, as often as it has them."""
    batch = place.get_attribute("id")
    answer = operator.page.request.get(f"{operator.office.url}/api/v1/batches/{batch}")
    return sorted(one["name"] for one in answer.json()["files"])


class Line:
    """The line of a page: watched, and cut after so many pieces until it is mended."""

    def __init__(self, page: Page, *, cut_after: int | None = None) -> None:
        self.offsets: list[int] = []
        self._left = cut_after
        page.route(re.compile(r"/api/v1/uploads"), self._pass)

    def mend(self) -> None:
        """Let everything through from now on."""
        self._left = None

    def _pass(self, route: Route, request: Request) -> None:
        if self._left == 0:
            route.abort("connectionfailed")
            return
        if request.method == "PATCH":
            self.offsets.append(int(request.headers["upload-offset"]))
            self._left = None if self._left is None else self._left - 1
        route.continue_()


def test_a_large_file_goes_in_pieces_and_its_progress_is_shown(
    operator: Visit, papers: dict[str, Path]
) -> None:
    page = operator.page
    line = Line(page, cut_after=3)
    place = open_dossier(page, "H99.12.03-260511-0101", pages=1)

    place.locator("input[data-into]").set_input_files(papers["large"])
    bar = page.locator("#sent progress")
    expect(bar).to_be_visible(timeout=20 * SECONDS)
    expect(page.locator("#sent")).to_contain_text("%")
    line.mend()

    expect(verdict(place)).to_have_text(READY, timeout=40 * SECONDS)
    expect(page.locator("#queue")).to_be_hidden()
    assert received(operator, place) == ["large.tif"]


def test_a_large_file_goes_on_from_where_the_line_was_cut_even_after_a_reload(
    operator: Visit, papers: dict[str, Path]
) -> None:
    page, code = operator.page, "H99.12.03-260511-0102"
    before = Line(page, cut_after=2)
    place = open_dossier(page, code, pages=1)
    place.locator("input[data-into]").set_input_files(papers["large"])
    expect(page.locator("#lost")).to_be_visible(timeout=20 * SECONDS)
    expect(verdict(place)).to_have_text("Còn tệp chưa gửi xong. Chưa trả giấy.")

    page.unroute_all()
    after = Line(page)
    page.reload()

    expect(verdict(place_of(page, code))).to_have_text(READY, timeout=40 * SECONDS)
    assert before.offsets == [0, PIECE]
    assert after.offsets[0] == 2 * PIECE
    assert after.offsets == sorted(set(after.offsets))
    assert received(operator, place_of(page, code)) == ["large.tif"]


def test_an_upload_that_the_server_has_forgotten_begins_anew(
    operator: Visit, papers: dict[str, Path]
) -> None:
    page, code = operator.page, "H99.12.03-260511-0103"
    line = Line(page, cut_after=1)
    place = open_dossier(page, code, pages=1)
    with page.expect_response(lambda one: one.request.method == "PATCH") as first:
        place.locator("input[data-into]").set_input_files(papers["large"])
    csrf = page.locator("meta[name=csrf]").get_attribute("content") or ""
    headers = {"Tus-Resumable": "1.0.0", "X-CSRF-Token": csrf, "Origin": operator.office.url}
    gone = page.request.delete(first.value.url, headers=headers)

    line.mend()

    assert gone.status == 204
    expect(verdict(place)).to_have_text(READY, timeout=40 * SECONDS)
    assert received(operator, place) == ["large.tif"]


def test_two_pages_of_one_browser_deliver_each_file_once(
    operator: Visit, papers: dict[str, Path]
) -> None:
    page, code = operator.page, "H99.12.03-260511-0111"
    place = open_dossier(page, code, pages=3)
    second = page.context.new_page()
    second.goto(f"{operator.office.url}/desk")
    sent: list[str] = []
    page.context.on("request", lambda one: sent.append(one.url) if "/files" in one.url else None)

    place.locator("input[data-into]").set_input_files([papers["1"], papers["2"]])
    place_of(second, code).locator("input[data-into]").set_input_files(papers["3"])

    for one in (page, second):
        expect(verdict(place_of(one, code))).to_have_text(READY, timeout=40 * SECONDS)
        expect(one.locator("#queue")).to_be_hidden()
    second.close()
    assert received(operator, place) == ["1.jpg", "2.jpg", "3.jpg"]
    assert len(sent) == 3


def test_what_a_closed_page_had_not_sent_the_other_page_sends_by_itself(
    operator: Visit, papers: dict[str, Path]
) -> None:
    page, code = operator.page, "H99.12.03-260511-0112"
    open_dossier(page, code, pages=3)
    operator.go("/help")  # two others are at the desk
    both = [page.context.new_page() for _ in range(2)]
    for one in both:
        one.goto(f"{operator.office.url}/desk")
    held: list[Route] = []

    def hold_second(route: Route) -> None:
        if not held and b"2.jpg" in (route.request.post_data_buffer or b""):
            held.append(route)  # sent, and never answered
        else:
            route.continue_()

    page.context.route("**/files", hold_second)
    chosen = [papers["1"], papers["2"], papers["3"]]
    place_of(both[0], code).locator("input[data-into]").set_input_files(chosen)
    for one in both:
        expect(place_of(one, code).locator(".tile.page")).to_have_count(1, timeout=40 * SECONDS)
        waiting = "Còn tệp chưa gửi xong. Chưa trả giấy."
        expect(verdict(place_of(one, code))).to_have_text(waiting)
    # Which of them sends is the browser's choice.
    (sending,) = [one for one in both if one == held[0].request.frame.page]
    (other,) = [one for one in both if one != sending]
    sending.close()

    expect(verdict(place_of(other, code))).to_have_text(READY, timeout=40 * SECONDS)
    page.context.unroute("**/files")
    other.close()
    operator.go("/desk")
    assert received(operator, place_of(page, code)) == ["1.jpg", "2.jpg", "3.jpg"]


def test_a_faulty_page_is_scanned_again_into_its_place_while_the_citizen_is_there(
    operator: Visit, papers: dict[str, Path], tmp_path: Path
) -> None:
    page, code = operator.page, "H99.12.03-260511-0121"
    blurred = tmp_path / "mo.jpg"
    with Image.open(papers["1"]) as sharp:
        sharp.filter(ImageFilter.GaussianBlur(6)).save(blurred, dpi=(200, 200))
    place = open_dossier(page, code, pages=2)
    place.locator("input[data-into]").set_input_files([blurred, papers["2"]])
    expect(verdict(place)).to_have_text("Xem lại trước khi trả giấy", timeout=40 * SECONDS)

    place.locator(".tile input[data-rescan]").set_input_files(papers["1"])

    expect(verdict(place)).to_have_text(READY, timeout=40 * SECONDS)
    expect(place.locator(".tile").nth(0)).to_contain_text("đã bỏ")
    expect(place.locator(".tile").nth(2)).to_contain_text("quét lại trang 1")
    assert received(operator, place) == ["1.jpg", "2.jpg", "mo.jpg"]
    assert operator.troubles == []
