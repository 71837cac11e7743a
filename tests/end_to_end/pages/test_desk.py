"""The desk by keys alone: from the code on the slip until the paper may be handed back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageFilter
from playwright.sync_api import Browser, Locator, Page, expect

from tests.end_to_end.conftest import Office
from tests.end_to_end.pages.browsing import (
    NARROW,
    WIDE,
    Visit,
    barriers,
    browser_of,
    make_account,
    visit,
)
from tests.end_to_end.papers import BLANK, DECISION, draw_paper

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("desk")]
SECONDS = 1000
READY = {"vi": "Có thể trả giấy lại cho công dân", "en": "The paper can be handed back"}


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with browser_of(chromium) as opened:
        yield opened


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, str]]:
    """One server for the module; each test opens dossiers of its own."""
    office = Office(home=tmp_path_factory.mktemp("desk") / "home")
    (office.home / "inbox" / "quay-1").mkdir(parents=True)
    password = make_account(office, "operator")
    office.serve()
    yield office, password
    office.stop()


@pytest.fixture(scope="module")
def seated(browser: Browser, served: tuple[Office, str]) -> Iterator[Visit]:
    with visit(browser, *served) as made:
        yield made


@pytest.fixture
def operator(seated: Visit) -> Visit:
    seated.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    seated.page.context.clear_cookies(name="sohoa_station")
    seated.go("/desk?lang=vi")
    return seated


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A good page, the same again, and the same blank, blurred and upside down; and no picture."""
    folder = tmp_path_factory.mktemp("papers")
    good = draw_paper((*DECISION, *DECISION))
    pictures = {
        "good": good,
        "again": good,
        "other": draw_paper(DECISION[::-1]),
        "blank": draw_paper(BLANK),
        "blurred": good.filter(ImageFilter.GaussianBlur(6)),
        "turned": good.transpose(Image.Transpose.ROTATE_180),
    }
    for quality, (name, picture) in enumerate(pictures.items(), start=80):
        picture.save(folder / f"{name}.jpg", dpi=(200, 200), quality=quality)
    (folder / "broken.jpg").write_bytes((folder / "good.jpg").read_bytes()[:9000])
    return {file.stem: file for file in folder.iterdir()}


def opened(page: Page, code: str, *, pages: str = "") -> Locator:
    """Open a dossier by its form, and return its place."""
    page.fill("#dossier-code", code)
    page.fill("#expected-pages", pages)
    page.click("#open")
    place = page.locator(".place", has_text=code)
    expect(place).to_be_visible()
    return place


def add(place: Locator, *files: Path) -> None:
    place.locator("input[type=file]").set_input_files(list(files))


def verdict(place: Locator) -> Locator:
    return place.locator(":scope > .banner:visible .verdict")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_dossier_goes_by_keys_from_the_slip_to_the_review(
    operator: Visit, papers: dict[str, Path], language: str
) -> None:
    page = operator.page
    code = f"H99.12.03-260511-00{10 + len(language + READY[language])}"
    operator.go(f"/desk?lang={language}")

    operator.press("n")
    page.keyboard.type(f"SOHOA|1|{code}|1.001193||")
    operator.press("Enter")
    expect(page.locator("#owner-id")).to_be_focused()
    page.keyboard.type("001199012345")
    operator.press("Tab", *"2", "Enter")
    place = page.locator(".place", has_text=code)
    expect(place).to_contain_text("0011••••2345")
    add(place, papers["good"])
    expect(verdict(place)).to_contain_text("1", timeout=20 * SECONDS)
    add(place, papers["other"])
    expect(verdict(place)).to_contain_text(READY[language], timeout=20 * SECONDS)
    operator.press("x")
    expect(place).to_have_attribute("data-state", "split", timeout=30 * SECONDS)
    expect(place.locator("[data-key=c]")).to_be_visible(timeout=30 * SECONDS)
    operator.press("c")
    page.wait_for_url("**/review/doc_*")
    page.go_back()
    operator.press("x")

    expect(page.locator(".place", has_text=code)).to_have_count(0)
    expect(page.locator(".latest", has_text=code)).to_be_visible()
    assert operator.troubles == []


def test_faulty_pages_stand_in_frames_with_words_and_the_paper_is_kept(
    operator: Visit, papers: dict[str, Path]
) -> None:
    place = opened(operator.page, "H99.12.03-260511-0020", pages="7")

    add(
        place,
        *(papers[one] for one in ("good", "again", "turned", "blank", "blurred", "broken")),
    )

    frames = place.locator(".tile.page")
    expect(frames).to_have_count(5, timeout=30 * SECONDS)
    expect(frames.nth(1)).to_contain_text("trùng trang trước")
    expect(frames.nth(2)).to_contain_text("ngược đầu", timeout=30 * SECONDS)
    expect(frames.nth(3)).to_contain_text("trang trắng")
    expect(frames.nth(4)).to_contain_text("mờ")
    classes = [frames.nth(number).get_attribute("class") for number in (1, 2, 3, 4)]
    assert [(one or "").split()[-1] for one in classes] == ["warn", "turned", "blank", "warn"]
    expect(verdict(place)).to_have_text("Chưa trả giấy: có tệp không mở được")
    expect(place).to_contain_text("broken.jpg")


def test_a_doubled_page_is_looked_at_before_the_paper_goes_back(
    operator: Visit, papers: dict[str, Path]
) -> None:
    page = operator.page
    place = opened(page, "H99.12.03-260511-0021", pages="2")

    add(place, papers["good"], papers["again"])
    expect(verdict(place)).to_have_text("Xem lại trước khi trả giấy", timeout=20 * SECONDS)
    expect(place).to_contain_text("Trang 2 giống trang liền trước")
    place.locator("[data-accept]").click()
    expect(verdict(place)).to_have_text(READY["vi"])
    page.reload()

    expect(verdict(page.locator(".place", has_text="H99.12.03-260511-0021"))).to_have_text(
        READY["vi"]
    )


def test_two_dossiers_at_once_do_not_mix(operator: Visit, papers: dict[str, Path]) -> None:
    first = opened(operator.page, "H99.12.03-260511-0031", pages="1")
    second = opened(operator.page, "H99.12.03-260511-0032", pages="2")

    add(first, papers["good"])
    add(second, papers["other"])

    expect(verdict(first)).to_have_text(READY["vi"], timeout=20 * SECONDS)
    expect(verdict(second)).to_have_text("Chưa trả giấy: thiếu 1 trang", timeout=20 * SECONDS)
    expect(first.locator(".tile.page")).to_have_count(1)
    expect(second.locator(".tile.page")).to_have_count(1)


def test_a_wrong_code_is_told_and_what_was_typed_stays(operator: Visit) -> None:
    page = operator.page
    page.fill("#dossier-code", "12345")
    page.fill("#expected-pages", "4")

    page.click("#open")

    expect(page.locator("#code-told")).to_contain_text("Mã hồ sơ chưa đúng")
    expect(page.locator("#dossier-code")).to_have_value("12345")
    expect(page.locator("#expected-pages")).to_have_value("4")


def test_batches_of_a_watched_station_appear_by_themselves(
    operator: Visit, papers: dict[str, Path]
) -> None:
    page = operator.page
    page.select_option("#station", "quay-1")
    page.click("#listening button")
    expect(page.locator("#station")).to_have_value("quay-1")

    target = operator.office.home / "inbox" / "quay-1" / "quet.jpg"
    target.write_bytes(papers["other"].read_bytes())

    place = page.locator(".place", has_text="Trạm quay-1")
    expect(place.locator(".tile.page")).to_have_count(1, timeout=30 * SECONDS)
    expect(verdict(place)).to_have_text(READY["vi"], timeout=20 * SECONDS)


def test_files_chosen_while_the_line_is_down_are_sent_when_it_is_back(
    operator: Visit, papers: dict[str, Path]
) -> None:
    page = operator.page
    place = opened(page, "H99.12.03-260511-0041", pages="2")
    page.context.set_offline(True)
    add(place, papers["good"], papers["other"])
    expect(page.locator("#lost")).to_be_visible(timeout=20 * SECONDS)
    expect(verdict(place)).to_have_text("Còn tệp chưa gửi xong. Chưa trả giấy.")

    page.context.set_offline(False)

    expect(verdict(place)).to_have_text(READY["vi"], timeout=30 * SECONDS)
    expect(page.locator("#lost")).to_be_hidden()
    expect(page.locator("#queue")).to_be_hidden()
    operator.troubles.clear()  # the browser itself reports that the line was down


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_nothing_on_the_desk_stands_in_anybodys_way(
    operator: Visit, papers: dict[str, Path], size: tuple[int, int], scheme: str
) -> None:
    page = operator.page
    if not page.locator(".place", has_text="H99.12.03-260511-0051").count():
        add(opened(page, "H99.12.03-260511-0051"), papers["good"], papers["again"])
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    operator.go("/desk")
    expect(page.locator(".tile.page").first).to_be_visible()

    found = barriers(page)

    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
