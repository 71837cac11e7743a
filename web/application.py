"""The web application: pages for people and the API, over the services of this process."""

from fastapi import Depends, FastAPI

from web.answering_errors import UnexpectedErrors, install_error_answers
from web.api import audit as api_audit
from web.api import batches as api_batches
from web.api import corrections as api_corrections
from web.api import cutting as api_cutting
from web.api import discarding as api_discarding
from web.api import documents as api_documents
from web.api import dossiers as api_dossiers
from web.api import questions as api_questions
from web.api import reservations as api_reservations
from web.api import reviewing as api_reviewing
from web.api import uploads as api_uploads
from web.api.description import install_description
from web.api.routing import HeadAnswers
from web.api.uploads import TusHeaders
from web.assets import PAGES, SHARED, PageAssets
from web.callers import guard
from web.events import OpenStreams
from web.pages import health
from web.pages.accounts import routes as accounts
from web.pages.aside import routes as aside
from web.pages.batch import routes as batch
from web.pages.desk import routes as desk
from web.pages.document import correcting as document_correcting
from web.pages.document import routes as document
from web.pages.dossier import routes as dossier_pages
from web.pages.help import routes as help_pages
from web.pages.owner import routes as owner_pages
from web.pages.review import routes as review
from web.pages.search import routes as search
from web.pages.signing_in import own_account
from web.pages.signing_in import routes as signing_in
from web.pages.system import routes as system
from web.rate_limits import RateLimitHeaders, RateLimits
from web.request_limits import RequestLimits
from web.response_headers import ResponseHeaders
from workers.services import Services

_DESCRIPTION = (
    "Số Hóa: giao tệp, theo dõi, xác nhận, tìm, lấy tài liệu đã ký, hỏi “đã có giấy tờ gì”. / "
    "Deliver files, follow them, confirm, search, fetch signed documents, ask the once-only "
    "question. Errors are problem details (RFC 9457) with stable codes."
)


def build_application(services: Services) -> FastAPI:
    """Return the application; every route is guarded by the table of rights."""
    app = FastAPI(
        title="Số Hóa",
        version="1",
        description=_DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(guard)],
    )
    app.state.services = services
    settings = services.settings.web
    app.state.rate_limits = RateLimits(
        requests_per_minute=settings.requests_per_minute,
        sign_ins_per_minute=settings.sign_ins_per_minute,
        now=services.clock.now,
    )
    app.state.open_streams = OpenStreams(settings.streams_per_account)
    for router in (
        health.router,
        signing_in.router,
        own_account.router,
        desk.router,
        batch.router,
        review.router,
        document.router,
        document_correcting.router,
        dossier_pages.router,
        owner_pages.router,
        search.router,
        aside.router,
        system.router,
        accounts.router,
        help_pages.router,
        api_batches.router,
        api_documents.router,
        api_reviewing.router,
        api_cutting.router,
        api_discarding.router,
        api_reservations.router,
        api_dossiers.router,
        api_corrections.router,
        api_questions.router,
        api_uploads.router,
        api_audit.router,
    ):
        app.include_router(router)
    app.mount("/static/shared", PageAssets(directory=SHARED), name="shared")
    app.mount("/static", PageAssets(directory=PAGES), name="static")
    install_error_answers(app)
    install_description(app)
    app.add_middleware(HeadAnswers)
    app.add_middleware(TusHeaders)
    app.add_middleware(RateLimitHeaders)
    app.add_middleware(RequestLimits, file_bytes=services.settings.limits.file_bytes)
    app.add_middleware(ResponseHeaders)
    app.add_middleware(UnexpectedErrors)
    return app
