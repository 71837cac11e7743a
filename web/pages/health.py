"""Whether the server lives, and whether it can work."""

from fastapi import APIRouter
from starlette.responses import JSONResponse

from database.stage_runs import workers_at_work
from web.callers import ServicesOf

router = APIRouter(include_in_schema=False)


@router.get("/health/live", name="live")
def live() -> JSONResponse:
    """Answer as long as the process runs."""
    return JSONResponse({"status": "ok"})


@router.get("/health/ready", name="ready")
def ready(services: ServicesOf) -> JSONResponse:
    """Answer once the catalogue can be read."""
    with services.database.reading() as connection:
        workers_at_work(connection)
    return JSONResponse({"status": "ok"})
