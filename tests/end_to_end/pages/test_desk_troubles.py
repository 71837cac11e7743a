"""The desk when things break: a server that restarts, a session that ends, a camera."""

from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect, sync_playwright

from tests.end_to_end.conftest import Office
from tests.end_to_end.pages.browsing import FLAGS, PASSWORD, browser_of, make_account, visit
from tests.end_to_end.papers import DECISION, draw_paper

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SECONDS = 1000
CODE = "H99.12.03-260511-0061"


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    file = tmp_path / "giay.jpg"
    draw_paper(DECISION).save(file, dpi=(200, 200), quality=85)
    return file


def test_files_survive_a_server_that_is_killed_and_a_page_that_is_closed(
    office: Office, chromium: str, paper: Path
) -> None:
    password = make_account(office, "operator")
    office.serve()
    with browser_of(chromium) as browser, visit(browser, office, password) as operator:
        page = operator.page
        office.kill()
        page.fill("#dossier-code", CODE)
        page.fill("#expected-pages", "1")
        page.set_input_files("#files", paper)
        expect(page.locator("#lost")).to_be_visible(timeout=20 * SECONDS)
        context = page.context
        page.close()

        office.serve("--port", office.url.rsplit(":", 1)[1])
        again = context.new_page()
        again.goto(f"{office.url}/desk")

        place = again.locator(".place", has_text=CODE)
        expect(place.locator(".banner:visible .verdict")).to_have_text(
            "Có thể trả giấy lại cho công dân", timeout=30 * SECONDS
        )
        expect(again.locator("#queue")).to_be_hidden()


def test_files_wait_for_the_person_whose_session_ended(
    office: Office, chromium: str, paper: Path
) -> None:
    password = make_account(office, "operator")
    office.serve()
    with browser_of(chromium) as browser, visit(browser, office, password) as operator:
        page = operator.page
        session = next(c for c in page.context.cookies() if c["name"] == "sohoa_session")
        page.context.add_cookies(
            [{"name": "sohoa_session", "value": "ended", "url": office.url, "httpOnly": True}]
        )
        page.set_input_files("#files", paper)
        expect(page.locator("#ended")).to_be_visible(timeout=20 * SECONDS)
        page.click("#ended a")
        expect(page.locator("[role=status]").first).to_contain_text("Phiên làm việc đã hết")

        page.fill("input[name=name]", "operator")
        page.fill("input[name=password]", PASSWORD)
        page.keyboard.press("Enter")

        page.wait_for_url("**/desk")
        expect(page.locator(".tile.page")).to_have_count(1, timeout=30 * SECONDS)
        assert session["httpOnly"]


def _write_film(file: Path, text: str) -> None:
    """Write one frame with a QR code as Y4M, which the browser shows as its camera."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    code = Image.fromarray(np.asarray(zxingcpp.write_barcode_to_image(barcode, scale=8)))
    frame = Image.new("L", (640, 480), 255)
    frame.paste(code, ((640 - code.width) // 2, (480 - code.height) // 2))
    grey = bytes([128]) * (320 * 240 * 2)
    head = b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n"
    file.write_bytes(head + b"".join(b"FRAME\n" + frame.tobytes() + grey for _ in range(3)))


def test_a_slip_is_read_by_the_camera(office: Office, chromium: str, tmp_path: Path) -> None:
    film = tmp_path / "phieu.y4m"
    _write_film(film, f'{{"maHoSo": "{CODE}", "maTTHC": "1.001193"}}')
    password = make_account(office, "operator")
    office.serve()
    camera = [
        *FLAGS,
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=camera)
        with visit(browser, office, password) as operator:
            page = operator.page
            operator.press("m")

            expect(page.locator("#dossier-code")).to_have_value(CODE, timeout=20 * SECONDS)
            expect(page.locator("#choose-procedure")).to_have_value("Đăng ký khai sinh (1.001193)")
            expect(page.locator("#look")).to_be_hidden()
            assert operator.troubles == []
        browser.close()
