"""Every page with hostile papers on it: nothing is markup, nothing inline, no form forgeable."""

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute

from classification.confirming import Decision
from database.accounts import NewAccount, add_account
from database.batches import NewBatch, open_batch
from documents.identifiers import mint_delivery_id
from tests.architecture.sources import PROJECT
from tests.end_to_end.stepping import deliver, opened_home, run_all
from tests.unit.web.site import Browser, Site
from tests.unit.workers.filed_papers import DOSSIER_HERE, OWNER, enter_paper
from web.cookies import SECOND_COOKIE
from web.rights import RIGHTS
from workers.actors import Actor
from workers.correcting import correct_tags
from workers.discarding import discard_document
from workers.dossiers import open_dossier
from workers.owners import search_owners
from workers.reindexing import rebuild_index

WEB = PROJECT / "web"
pytestmark = pytest.mark.xdist_group("web-security-pages")
_ACTOR = Actor("can.bo", "officer")
HOSTILE = (
    "<script>alert('{0}')</script>",
    '"><img src=x onerror=alert("{0}")>',
    "'><svg onload=alert('{0}')>",
    "javascript:alert('{0}')",
    "{{{{ 7 * 7 }}}}{{% raw %}}{0}",
    "</textarea></title></style><b {0}>",
)
UNEXPECTED = re.compile("không lường trước|Something unexpected")
TEXTS = ("title", "number", "issuer", "owner_name", "place_of_origin")
_NOT_PAGES = {
    "password_again": "leads back",
    "home": "leads on",
    "live": "JSON",
    "ready": "JSON",
    "page_picture": "a picture",
    "document_picture": "a picture",
    "document_words": "JSON",
    "document_lit": "a picture",
    "document_file": "bytes of a store that holds none here",
    "document_version_file": "bytes of a store that holds none here",
    "batch_stream": "a stream",
    "desk_stream": "a stream",
    "aside_stream": "a stream",
    "system_stream": "a stream",
    "openapi": "JSON",
}


class Seen(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.inline: list[str] = []
        self.addresses: list[str] = []
        self.forms: list[tuple[str, str, list[str]]] = []
        self.tags: set[str] = set()
        self._script: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.add(tag)
        self.inline += [f"<{tag} {name}>" for name in given if name.startswith("on")]
        self.inline += [f"<{tag} style>"] if "style" in given else []
        self.inline += ["<style>"] if tag == "style" else []
        if tag == "script" and not given.get("src"):
            self.inline.append(f"<script type={given.get('type')}>")
        for name in ("href", "src", "action", "formaction", "data", "poster"):
            if (value := given.get(name)) is not None:
                self.addresses.append(value)
        if tag == "form":
            self.forms.append((given.get("method") or "get", given.get("action") or "", []))
        if tag in ("input", "select", "textarea", "button") and self.forms:
            self.forms[-1][2].append(f"{given.get('name')}={given.get('value')}")


def looked_at(answer: httpx.Response) -> Seen:
    seen = Seen()
    seen.feed(answer.text)
    seen.close()
    return seen


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with opened_home(tmp_path_factory.mktemp("home")) as services:
        made = Site(services)
        for name, role in (
            ("can.bo", "officer"),
            ("quan.tri", "administrator"),
            ("thanh.tra", "inspector"),
        ):
            made.add_person(name, role)  # type: ignore[arg-type]  # three of the roles
        hostile_account = NewAccount(
            name="<script>alert(1)</script>",
            display_name=HOSTILE[1].format("display"),
            role="operator",
            kind="person",
            secret_hash="",
        )
        with services.database.writing() as connection:
            add_account(connection, hostile_account, now=services.clock.now())
        yield made
        made.close()


@pytest.fixture(scope="module")
def browser(site: Site) -> Browser:
    return site.browser_of("can.bo")


@pytest.fixture(scope="module")
def pages(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Enter papers whose every field is hostile, and give the address of each page."""
    services = site.services
    spoilt = tmp_path_factory.mktemp("scan") / "<img src=x onerror=alert(1)>.pdf"
    spoilt.write_bytes(b"khong phai pdf")
    deliver(services, spoilt, policy="none")
    run_all(services)
    open_dossier(
        services,
        code=DOSSIER_HERE,
        actor=_ACTOR,
        owner_id=OWNER,
        owner_name=HOSTILE[0].format("dossier owner"),
    )
    papers = {}
    for kind, text in enumerate(HOSTILE):
        told = {name: " ".join((text, *HOSTILE)).format(name) for name in TEXTS}
        person: dict[str, Any] = {"owner_id": OWNER, "component_type": "quyet_dinh", **told}
        papers["filed"] = enter_paper(services, dossier=DOSSIER_HERE, **person)
        enter_paper(services, dossier=text.format("dossier")[:60], **person)
        papers["waiting"] = enter_paper(
            services, dossier=text.format("dossier")[:60], state="awaiting_review",
            is_confirmed=False, **person,
        )  # fmt: skip
        gone = enter_paper(services, state="awaiting_review", is_confirmed=False, **person)
        discard_document(services, gone, reason=text.format("reason"), actor=_ACTOR)
        wish = NewBatch(
            station=text.format("station")[:60],
            batch_key=f"{mint_delivery_id()}{kind}",
            answerable="can.bo",
            dossier_code=text.format("dossier")[:60],
        )
        with services.database.writing() as connection:
            batch, _ = open_batch(connection, wish, now=services.clock.now())
    decision = Decision(
        component_type="quyet_dinh", values={"title": HOSTILE[0].format("corrected")}
    )
    correct_tags(services, papers["filed"], decision, reason=HOSTILE[1].format("why"), actor=_ACTOR)
    rebuild_index(services)
    (owner,) = search_owners(services, OWNER, actor=_ACTOR)
    return {
        "sign_in_page": "/sign-in",
        "second_page": "/sign-in/code",
        "password_page": "/password",
        "help_page": "/help",
        "system_page": "/system",
        "desk_page": "/desk",
        "batch_page": f"/batches/{batch.id}",
        "review_list": "/review",
        "review_page": f"/review/{papers['waiting']}",
        "aside_page": "/aside",
        "search_page": "/search",
        "document_page": f"/documents/{papers['filed']}",
        "verification_page": f"/documents/{papers['filed']}/verification",
        "dossiers_page": "/dossiers",
        "dossier_page": f"/dossiers/{DOSSIER_HERE}",
        "owners_page": "/owners",
        "owner_page": f"/owners/{owner.key}",
        "accounts_page": "/accounts",
    }


def _routes_of(router: object) -> Iterator[APIRoute]:
    for route in getattr(router, "routes", ()):
        if isinstance(route, APIRoute):
            yield route
        else:
            yield from _routes_of(getattr(route, "original_router", route))


PAGES = sorted(
    name for name in RIGHTS if not name.startswith("api_") and (name.endswith(("_page", "_list")))
)


def asked(site: Site, browser: Browser, name: str, address: str) -> httpx.Response:
    """Ask for a page as somebody who may see it."""
    one = site.browser_of("quan.tri") if name == "accounts_page" else browser
    if name == "second_page":  # for who has typed a password
        one.client.cookies.set(SECOND_COOKIE, "x")
    return one.get(address)


def addresses_of(pages: Mapping[str, str], name: str) -> list[str]:
    """Return a page's addresses: plain, in English, and with hostile questions."""
    found = [pages[name], f"{pages[name]}?lang=en"]
    for text in HOSTILE:
        value = httpx.QueryParams({"q": text, "code": text, "next": text, "station": text,
                                   "type": text, "year": text, "after": text[:20]})  # fmt: skip
        found.append(f"{pages[name]}?{value}")
    return found


def test_every_page_of_the_program_is_looked_at(site: Site, pages: Mapping[str, str]) -> None:
    shown = {
        route.name
        for route in _routes_of(site.application)
        if "GET" in (route.methods or ()) and not route.path.startswith("/api/")
    }

    assert set(pages) == set(PAGES)
    assert shown == set(pages) | set(_NOT_PAGES) - {"openapi"}


@pytest.mark.parametrize("name", PAGES)
def test_nothing_that_came_from_outside_is_markup_on_any_page(
    site: Site, browser: Browser, pages: Mapping[str, str], name: str
) -> None:
    for address in addresses_of(pages, name):
        answer = asked(site, browser, name, address)

        assert UNEXPECTED.search(answer.text) is None, address
        seen = looked_at(answer)
        assert seen.inline == [], address
        assert seen.tags.isdisjoint({"object", "embed", "iframe", "base", "applet", "b"}), address
        assert "49{" not in answer.text, address
        for target in seen.addresses:
            assert re.match(r"(/|\?|#|$)", target), (address, target)
            assert not target.startswith("//"), (address, target)


@pytest.mark.parametrize("name", ["document_page", "review_page", "owner_page", "dossier_page"])
def test_hostile_words_are_shown_as_words(
    site: Site, browser: Browser, pages: Mapping[str, str], name: str
) -> None:
    purpose = {"purpose": "kiểm tra hiển thị an toàn", "dossier": DOSSIER_HERE}
    if name == "owner_page":
        browser.post(f"{pages[name]}/purpose", data={"csrf": browser.csrf, **purpose})

    text = asked(site, browser, name, pages[name]).text

    assert "&lt;" in text or "&#34;" in text


@pytest.mark.parametrize("name", PAGES)
def test_policy_of_every_page_allows_nothing_inline_and_nothing_from_elsewhere(
    site: Site, browser: Browser, pages: Mapping[str, str], name: str
) -> None:
    answer = asked(site, browser, name, pages[name])

    policy = {
        part.split()[0]: part.split()[1:]
        for part in answer.headers["Content-Security-Policy"].split(";")
    }
    assert policy["default-src"] == ["'self'"]
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    assert policy.get("script-src", ["'self'"]) == ["'self'"]
    assert policy.get("style-src", ["'self'"]) == ["'self'"]
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", PAGES)
def test_every_form_that_changes_something_carries_the_token_of_the_session(
    site: Site, pages: Mapping[str, str], name: str
) -> None:
    person = site.browser_of("quan.tri" if name == "accounts_page" else "can.bo")
    person.client.cookies.set(SECOND_COOKIE, "x")

    seen = looked_at(person.get(pages[name]))

    assert "/sign-out" in {action for _, action, _ in seen.forms}
    for method, action, fields in seen.forms:
        # Both steps of signing in look at where the browser says that it comes from instead.
        if action in ("/sign-in", "/sign-in/code") or method.lower() == "get":
            continue
        assert f"csrf={person.csrf}" in fields, action


def test_no_script_of_ours_makes_markup_of_words() -> None:
    forbidden = re.compile(
        r"\.(inner|outer)HTML\s*\+?=(?!=)|insertAdjacentHTML|document\.write|\beval\(|new Function"
        # A BroadcastChannel (ours is named "others") stays within the origin.
        r"|(?<!\bothers\.)postMessage|setTimeout\(\s*[\"'`]|__proto__|createContextualFragment"
    )

    scripts = sorted(WEB.rglob("*.js"))

    assert len(scripts) > 5
    assert [file.name for file in scripts if forbidden.search(file.read_text())] == []


def test_no_template_switches_escaping_off() -> None:
    forbidden = re.compile(r"\|\s*safe\b|autoescape|Markup")

    templates = sorted([*WEB.rglob("*.html"), *WEB.rglob("*.py")])

    found = [file.name for file in templates if forbidden.search(file.read_text())]
    assert found == ["collecting_texts.py", "rendering.py"]  # the first one only reads templates
    assert (
        "select_autoescape(default=True, default_for_string=True)"
        in (WEB / "rendering.py").read_text()
    )


def test_what_scripts_keep_in_the_browser_ends_with_its_tab() -> None:
    kept = {
        (file.name, call)
        for file in WEB.rglob("*.js")
        for call in re.findall(r"localStorage\.setItem\(([^,]+)", file.read_text())
    }

    # Names of hints and of batches that were looked at: nothing of a person.
    assert kept <= {("keys.js", "name"), ("desk.js", "`seen:${accept}`")}
