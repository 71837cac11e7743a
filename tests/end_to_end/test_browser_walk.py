"""A person's walk in a real browser: deliver, confirm, search without marks, open, verify."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.end_to_end.conftest import PROJECT, Office
from tests.end_to_end.pages.browsing import FLAGS, PASSWORD

WORDS = {
    "vi": ("chờ xác nhận", "Đã đọc lại tệp lưu trữ", "kết quả"),
    "en": ("awaiting review", "The stored file was read again", "result"),
}


def signed_in(page: Page, office: Office, password: str, language: str) -> None:
    page.goto(f"{office.url}/sign-in?lang={language}")
    for secret in (password, PASSWORD):
        page.fill("input[name=name]", "operator1")
        page.fill("input[name=password]", secret)
        page.keyboard.press("Enter")
        if secret == password:
            page.fill("input[name=old]", password)
            page.fill("input[name=new]", PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url("**/sign-in")
    page.wait_for_url("**/desk")


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_paper_goes_from_the_desk_to_the_archive(
    office: Office, account_of: Callable[[Office, str], str], chromium: str, language: str
) -> None:
    password = account_of(office, "operator")
    office.serve()
    waits, verified, results = WORDS[language]
    paper = sorted((PROJECT / "samples/batches").glob("3-*/*"))[1]
    errors: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        page.on("request", lambda r: None if r.url.startswith(office.url) else errors.append(r.url))
        signed_in(page, office, password, language)

        _deliver(page, paper, waits)
        document = _confirm(page)
        _wait_until_filed(page, document)
        page.goto(f"{office.url}/search?q=duong+thu")
        expect(page.locator("#count")).to_contain_text(results)
        page.locator(".hits a").first.click()
        page.click("#verify")
        expect(page.locator("#checked")).to_contain_text(verified, timeout=30_000)
        expect(page.locator("#checked")).to_contain_class("good")
        assert "pages/1.jpg" in (page.locator(".sheet img").first.get_attribute("src") or "")
        browser.close()
    assert errors == []


def _deliver(page: Page, paper: Path, waits: str) -> None:
    page.set_input_files("#files", paper)
    expect(page.locator(".place [data-verdict=ready]")).to_be_visible(timeout=30_000)
    page.click(".place [data-close]")
    expect(page.locator(".place .state").first).to_have_text(waits, timeout=60_000)


def _confirm(page: Page) -> str:
    page.locator(".place .list a").first.click()
    page.wait_for_url("**/review/doc_*")
    document = page.url.replace("/review/", "/documents/")
    page.fill("#choose-component_type", "giấy tiếp nhận")
    page.keyboard.press("Enter")
    page.fill("input[name=title]", "Giấy của đường thử")
    page.click("#confirm")
    page.wait_for_url("**/desk#bat_*")  # the only paper of the batch: nothing is left to review
    return document


def _wait_until_filed(page: Page, document: str) -> None:
    for _ in range(60):
        page.goto(document)
        if page.locator("#verify").count():
            return
        page.wait_for_timeout(500)
    pytest.fail("not filed within 30 s")
