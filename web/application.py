"""The web application: pages for people and the API, over the services of this process."""

from pathlib import Path

from fastapi import Depends, FastAPI
from starlette.staticfiles import StaticFiles

from web.answering_errors import UnexpectedErrors, install_error_answers
from web.api import batches as api_batches
from web.api import documents as api_documents
from web.api import questions as api_questions
from web.callers import guard
from web.pages import accounts, documents, health, intake, review, signing_in
from web.request_limits import RequestLimits
from web.response_headers import ResponseHeaders
from workers.services import Services

_STATIC = Path(__file__).with_name("static")
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
    for router in (
        health.router,
        signing_in.router,
        intake.router,
        review.router,
        documents.router,
        accounts.router,
        api_batches.router,
        api_documents.router,
        api_questions.router,
    ):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    install_error_answers(app)
    app.add_middleware(RequestLimits, file_bytes=services.settings.limits.file_bytes)
    app.add_middleware(ResponseHeaders)
    app.add_middleware(UnexpectedErrors)
    return app
