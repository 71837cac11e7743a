"""The jobs themselves, as a child process does them; imports what is heavy only when asked."""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2

from classification.classifying import classify_document
from database.converting import pack_reading, unpack_reading
from documents.catalogue import load_component_types
from documents.clock import SystemClock
from documents.errors import RejectedInputError
from documents.model import (
    AssembledPdf,
    ClassifiedDocument,
    EngineRecord,
    InspectedPage,
    Line,
    OpenedPage,
    PageImage,
    PdfaVerdict,
    RecognizedPage,
    SignatureVerdict,
)
from workers.page_jobs import (
    AssembleJob,
    ClassifyJob,
    CodesJob,
    CodesResult,
    EngineName,
    ExportJob,
    InspectJob,
    NapJob,
    OpenJob,
    OpenResult,
    OwnReading,
    PageForPdf,
    PictureJob,
    ReadJob,
    ReadResult,
    RecipeResult,
    SeparatorsJob,
    SignJob,
    SignResult,
    ValidateJob,
    VerifyJob,
    VerifyResult,
    layer_file,
)
from workers.reading_recipes import recipe_of

# One page at a time in one process: threads of a library would only fight for the cores.
cv2.setNumThreads(1)
_VIETNAMESE = "vie"
_OWN_TEXT = EngineRecord(name="pdf-text", version="1", model_sha256="", settings="")


def open_file(job: OpenJob) -> OpenResult:
    """Open a delivered file; judge signatures; pack the text that PDF pages brought along."""
    from ingest.opening import open_delivery

    job.out.mkdir(parents=True, exist_ok=True)
    opened = open_delivery(job.file, out=job.out, limits=job.limits, password=job.password)
    signatures: tuple[SignatureVerdict, ...] = ()
    if opened.is_signed:
        from signing.validating import validate_signatures

        signatures = validate_signatures(job.file, trust_roots=job.trust_roots, checked_at=job.now)
    own = tuple(_own_reading(page, job.out) for page in opened.pages if page.own_lines)
    for page in opened.pages:
        if page.hidden_lines:
            layer = _brought_along(page.image, page.hidden_lines)
            layer_file(job.out, page.ordinal).write_bytes(pack_reading(layer))
    pages = tuple(replace(page, own_lines=(), hidden_lines=()) for page in opened.pages)
    return OpenResult(opened=replace(opened, pages=pages), signatures=signatures, own_readings=own)


def _own_reading(page: OpenedPage, out: Path) -> OwnReading:
    reading = _brought_along(page.image, page.own_lines)
    file = out / f"{page.ordinal:04d}.reading"
    file.write_bytes(pack_reading(reading))
    return OwnReading(ordinal=page.ordinal, packed=file, text=reading.text)


def _brought_along(image: PageImage, lines: tuple[Line, ...]) -> RecognizedPage:
    width, height = upright_size(image)
    return RecognizedPage(
        width=width, height=height, dpi=image.dpi, turn=image.turn, lines=lines, engine=_OWN_TEXT
    )


def upright_size(image: PageImage) -> tuple[int, int]:
    """Return width and height in px of a page image after its turn."""
    if image.turn in (0, 180):
        return image.width, image.height
    return image.height, image.width


def inspect_page(job: InspectJob) -> InspectedPage:
    """Decode a page once: look at it, and make its reading copy unless there is nothing to read."""
    from ingest.decoding import load_pixels
    from ingest.inspecting import inspect_page as look_at
    from ocr.copy_files import write_copy
    from ocr.preparing import prepare_reading_copy

    pixels = load_pixels(job.image)
    inspected = look_at(pixels, image=job.image, previous_fingerprint=job.previous_fingerprint)
    if not job.needs_copy or inspected.is_blank or inspected.separator is not None:
        return inspected
    copy = prepare_reading_copy(
        pixels,
        dpi=inspected.image.dpi,
        papers=inspected.papers,
        text_height=inspected.text_height,
    )
    write_copy(copy.grey, job.copy, window=copy.window)
    return replace(inspected, reading_copy=job.copy)


def read_page(job: ReadJob) -> ReadResult:
    """Read a page from its reading copy; the engine stays warm in this process."""
    from ocr.checking_layer import check_layer
    from ocr.copy_files import read_copy
    from ocr.reading import recognize_page

    copy, window = read_copy(job.copy)
    dpi = job.image.dpi * copy.shape[1] / upright_size(job.image)[0]
    engine = _engine(job.engine, job.tessdata, job.language, job.timeout_seconds)
    corrector = _corrector(job.second_reader) if _VIETNAMESE in job.language else None
    reading = None
    if job.layer is not None:
        layer = unpack_reading(job.layer.read_bytes())
        if (layer.width, layer.height) == upright_size(job.image):
            reading = check_layer(layer, copy, dpi=dpi, engine=engine, corrector=corrector)
    reading = reading or recognize_page(
        copy,
        dpi=dpi,
        page=job.image,
        engine=engine,
        is_turn_known=job.is_turn_known,
        corrector=corrector,
        window=window,
    )
    job.out.write_bytes(pack_reading(reading))
    record = reading.engine
    return ReadResult(
        packed=job.out,
        text=reading.text,
        engine=f"{record.name} {record.version} {record.model_sha256[:12]}",
        turn=reading.turn,
        recipe=find_recipe(job).recipe,
    )


def find_recipe(job: ReadJob) -> RecipeResult:
    """Say what a reading of this page would depend on, without reading it."""
    reader = repr(_engine(job.engine, job.tessdata, job.language, job.timeout_seconds).record)
    if _VIETNAMESE in job.language:
        reader += _corrector(job.second_reader).name
    return RecipeResult(recipe=recipe_of(job, reader=reader))


@lru_cache(maxsize=2)
def _engine(name: EngineName, tessdata: Path | None, language: str, timeout: float) -> Any:
    from ocr.tesseract import TesserocrEngine, find_tessdata

    folder = tessdata or find_tessdata()
    if name == "tesserocr":
        return TesserocrEngine(folder, language=language)
    from ocr.pytesseract_engine import PytesseractEngine

    return PytesseractEngine(folder, language=language, timeout_seconds=timeout)


@lru_cache(maxsize=2)
def _corrector(wants_second: bool) -> Any:  # noqa: FBT001 - the key of the cache
    from ocr.correcting import load_corrector

    return load_corrector(wants_second=wants_second)


def classify(job: ClassifyJob) -> ClassifiedDocument:
    """Propose what a document is."""
    pages = [
        _nothing_to_read(width=1, height=1, dpi=1.0)
        if file is None
        else unpack_reading(file.read_bytes())
        for file in job.readings
    ]
    types = load_component_types()
    classified = classify_document(pages, component_types=types, procedures=job.procedures)
    read_type = classified.component_type and classified.component_type.value
    known = types.get(job.told_type or read_type or "")
    if known is None or not known.bears_seal or not job.images or classified.is_secret:
        return classified
    from ingest.seals import bear_seal

    return replace(classified, has_seal=bear_seal(job.images))


def assemble(job: AssembleJob) -> AssembledPdf:
    """Build the PDF/A of a document."""
    from ocr.assembling import PageToAssemble, assemble_pdf

    images: dict[int, PageImage] = {}

    class PagesOnDisk(Sequence[PageToAssemble]):
        """Unpacks a reading when it is asked for: those of 600 pages need 200 MB at once."""

        def __len__(self) -> int:
            return len(job.pages)

        def __getitem__(self, place: Any) -> Any:
            page = job.pages[place]
            if place not in images:
                images[place] = _image_of(page, job.out)
            return PageToAssemble(image=images[place], reading=_reading_of(page))

    return assemble_pdf(
        PagesOnDisk(),
        title=job.title,
        created_at=job.created_at,
        out=job.out,
        codec=job.codec,
    )


def _image_of(page: PageForPdf, out: Path) -> PageImage:
    """Return the image of a page; a part that stands apart is cut out."""
    part = page.image.region
    if not page.stands_apart or part is None:
        return page.image
    from ingest.cutting_out import cut_out

    name = f"{page.image.sha256}-{part.x0}.{part.y0}.{part.x1}.{part.y1}.png"
    return cut_out(page.image, out=out.with_name(name))


def _reading_of(page: PageForPdf) -> RecognizedPage:
    if page.reading is not None:
        return unpack_reading(page.reading.read_bytes())
    width, height = upright_size(page.image)
    empty = _nothing_to_read(width=width, height=height, dpi=page.image.dpi)
    return replace(empty, turn=page.image.turn)


def _nothing_to_read(*, width: int, height: int, dpi: float) -> RecognizedPage:
    engine = EngineRecord(name="none", version="", model_sha256="", settings="blank")
    return RecognizedPage(width=width, height=height, dpi=dpi, turn=0, lines=(), engine=engine)


def sign(job: SignJob) -> SignResult:
    """Sign an assembled PDF/A with the office's own authority."""
    from signing.local_authority import ensure_local_authority
    from signing.signing import SigningRequest, sign_pdf

    authority = ensure_local_authority(job.pki, clock=SystemClock())
    signed = sign_pdf(
        job.file,
        out=job.out,
        request=SigningRequest(
            authority=authority,
            officer=job.officer,
            agency=job.agency,
            font_folder=job.cache,
            clock=SystemClock(),
        ),
    )
    return SignResult(
        file=signed.file,
        sha256=signed.sha256,
        size_bytes=signed.size_bytes,
        level=signed.level,
        signatures=signed.signatures,
    )


def validate(job: ValidateJob) -> PdfaVerdict:
    """Judge the PDF/A claim of a PDF."""
    from ocr.validating import validate_pdfa

    return validate_pdfa(job.file)


def verify(job: VerifyJob) -> VerifyResult:
    """Judge the PDF/A claim and the signatures of a PDF; other files have neither."""
    from ocr.validating import validate_pdfa
    from signing.validating import validate_signatures

    pdfa = validate_pdfa(job.file)
    try:
        signatures = validate_signatures(job.file, trust_roots=job.trust_roots, checked_at=job.now)
    except RejectedInputError:
        signatures = ()
    return VerifyResult(pdfa=pdfa, signatures=signatures)


def picture(job: PictureJob) -> None:
    """Draw a page for the screen and write it as a JPEG."""
    from ocr.picturing import picture_of_image, picture_of_pdf_page

    if job.pdf is not None:
        content = picture_of_pdf_page(job.pdf, page=job.page, width=job.width)
    else:
        assert job.image is not None  # noqa: S101 - one of both is given
        content = picture_of_image(job.image, turn=job.turn, width=job.width)
    part = job.out.with_name(f"{job.out.name}.{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(job.out)


def export(job: ExportJob) -> None:
    """Write readings in one of the formats that other programs know."""
    from ocr.exporting import write_readings

    pages = [unpack_reading(file.read_bytes()) for file in job.readings]
    write_readings(pages, source=job.source, kind=job.format, out=job.out)


def separators(job: SeparatorsJob) -> None:
    """Print separator sheets."""
    from ingest.separators import print_separators

    print_separators(job.separators, out=job.out)


def codes(job: CodesJob) -> CodesResult:
    """Read the codes in a picture that a camera took."""
    from ingest.codes import read_codes_of_camera
    from ingest.decoding import load_frame

    frame = load_frame(job.file, most_pixels=job.most_pixels)
    return CodesResult(texts=read_codes_of_camera(frame))


def nap(job: NapJob) -> None:
    """Use time or memory, or die, as asked: so that limits can be seen to hold."""
    kept: list[bytearray] = []
    while len(kept) * (16 << 20) < job.memory_bytes:
        kept.append(bytearray(os.urandom(1)) * (16 << 20))
        time.sleep(0.01)
    if job.exit_code is not None:
        os._exit(job.exit_code)
    until = time.monotonic() + job.seconds
    while time.monotonic() < until:
        if not job.spins:
            time.sleep(0.05)


WORK: dict[str, Callable[[Any], Any]] = {
    "open": open_file,
    "inspect": inspect_page,
    "read": read_page,
    "recipe": find_recipe,
    "classify": classify,
    "assemble": assemble,
    "sign": sign,
    "validate": validate,
    "verify": verify,
    "picture": picture,
    "export": export,
    "separators": separators,
    "codes": codes,
    "nap": nap,
}
"""What does each job of `page_jobs.JOBS`."""
