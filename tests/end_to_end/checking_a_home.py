"""Looks into a home after faults: catalogue, store, index and work folder, by SQL and bytes.

It shares no code with the pipeline, so that one mistake cannot hide in both.
"""

import hashlib
import io
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image


@dataclass(frozen=True)
class Home:
    """What lies in a home of the embedded set-up."""

    folder: Path

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Return the rows of a query on the catalogue."""
        with closing(sqlite3.connect(f"file:{self.folder}/sohoa.db?mode=ro", uri=True)) as opened:
            opened.row_factory = sqlite3.Row
            return [dict(row) for row in opened.execute(query)]

    def objects(self) -> dict[str, Path]:
        """Return the objects of the store by their keys."""
        root = self.folder / "archive" / "objects"
        return {str(p.relative_to(root)): p for p in root.rglob("*") if p.is_file()}

    def indexed(self) -> set[str]:
        """Return the documents in the search index that is current."""
        current = (self.folder / "index" / "current").read_text().strip()
        name = current if current.endswith(".db") else f"{current}.db"
        with closing(sqlite3.connect(f"file:{self.folder}/index/{name}?mode=ro", uri=True)) as db:
            return {row[0] for row in db.execute("SELECT id FROM documents")}


def pixels_digest(image: Image.Image) -> str:
    """Return a digest of what a bilevel picture shows."""
    return hashlib.sha256(f"{image.size}".encode() + image.convert("1").tobytes()).hexdigest()


def pictures_in(pdf: Path) -> Iterator[str]:
    """Yield the digest of each page's picture."""
    with pikepdf.open(io.BytesIO(pdf.read_bytes())) as opened:
        for page in opened.pages:
            pictures = page.obj.Resources.XObject.values()
            (picture,) = [
                one
                for one in pictures
                if isinstance(one, pikepdf.Stream) and one.Subtype == pikepdf.Name.Image
            ]
            yield pixels_digest(pikepdf.PdfImage(picture).as_pil_image())


def find_faults(home: Home) -> list[str]:
    """Return everything that is not as it must be when nothing is left to do."""
    return [
        *_unfinished(home),
        *_misplaced_pages(home),
        *_wrong_objects(home),
        *_untrue_records(home),
        *_left_behind(home),
        *_broken_audit(home),
    ]


def _unfinished(home: Home) -> Iterator[str]:
    for row in home.rows("SELECT subject, stage, state FROM stage_runs WHERE state != 'done'"):
        if row["state"] != "set_aside":
            yield f"stage not ended: {row}"


def _misplaced_pages(home: Home) -> Iterator[str]:
    holders = Counter(row["page_id"] for row in home.rows("SELECT page_id FROM document_pages"))
    for page in home.rows("SELECT id, state FROM pages"):
        if holders[page["id"]] != 1 and page["state"] != "set_aside":
            yield f"page {page['id']} is in {holders[page['id']]} documents"
    ordinals = Counter(
        (row["delivery_id"], row["ordinal_in_file"])
        for row in home.rows("SELECT delivery_id, ordinal_in_file FROM pages")
    )
    yield from (
        f"page {place} entered {count} times" for place, count in ordinals.items() if count > 1
    )


def _wrong_objects(home: Home) -> Iterator[str]:
    objects = home.objects()
    expected: set[str] = set()
    versions = home.rows("SELECT * FROM versions")
    filed = {row["id"] for row in home.rows("SELECT id FROM documents WHERE state = 'filed'")}
    for version in versions:
        key = str(version["object_key"])
        stem = key.rsplit(".", 1)[0]
        expected |= {key, f"{stem}.manifest.json", f"{stem}.alto.xml.gz"}
        if version["document_id"] not in filed:
            continue
        if key not in objects:
            yield f"version {version['id']} has no object"
        elif hashlib.sha256(objects[key].read_bytes()).hexdigest() != version["sha256"]:
            yield f"version {version['id']} has other bytes than its digest says"
        manifest = json.loads(objects[f"{stem}.manifest.json"].read_text())
        if version["sha256"] not in json.dumps(manifest):
            yield f"manifest of {version['id']} names another digest"
    expected |= {row["object_key"] for row in home.rows("SELECT * FROM description_records")}
    signed = Counter(v["document_id"] for v in versions if v["kind"] == "signed")
    yield from (f"{name} was signed {count} times" for name, count in signed.items() if count != 1)
    yield from (f"object without a row: {key}" for key in sorted(set(objects) - expected))
    if home.indexed() != filed:
        yield f"the index holds {len(home.indexed())} documents, {len(filed)} are filed"


def _untrue_records(home: Home) -> Iterator[str]:
    """The last record of a filed document tells of it what the catalogue tells."""
    objects = home.objects()
    for document in home.rows("SELECT * FROM documents WHERE state = 'filed'"):
        folder = f"documents/{document['id']}/records/"
        keys = sorted(key for key in objects if key.startswith(folder))
        if not keys:
            yield f"document {document['id']} has no record"
            continue
        contents = [objects[key].read_bytes() for key in keys]
        yield from _broken_chain(home, str(document["id"]), keys, contents)
        told = json.loads(contents[-1])["description"]
        if _told_tags(told) != _known_tags(home, str(document["id"])):
            yield f"the last record of {document['id']} tells other tags"
        for name in ("dossier_code", "current_version_id", "ordinal"):
            if told[name] != document[name]:
                yield f"the last record of {document['id']} tells another {name}"
        pages = home.rows(
            f"SELECT page_id FROM document_pages WHERE document_id = '{document['id']}' "  # noqa: S608 - our id
            "ORDER BY ordinal"
        )
        if [page["id"] for page in told["pages"]] != [page["page_id"] for page in pages]:
            yield f"the last record of {document['id']} tells other pages"
        if len(told["versions"]) != len({v["id"] for v in told["versions"]}):
            yield f"the last record of {document['id']} tells a version twice"


def _broken_chain(
    home: Home, document_id: str, keys: list[str], contents: list[bytes]
) -> Iterator[str]:
    rows = home.rows(
        f"SELECT * FROM description_records WHERE document_id = '{document_id}' ORDER BY number"  # noqa: S608 - our id
    )
    digests = [hashlib.sha256(content).hexdigest() for content in contents]
    if [(row["object_key"], row["sha256"]) for row in rows] != list(
        zip(keys, digests, strict=True)
    ):
        yield f"the records of {document_id} are not those that the catalogue knows"
    if any(row["stored_at"] is None or row["content"] is not None for row in rows):
        yield f"a record of {document_id} is not known to be stored"
    for place, (content, before) in enumerate(
        zip(contents, [None, *digests[:-1]], strict=True), start=1
    ):
        record = json.loads(content)
        if (record["number"], record["previous_sha256"]) != (place, before):
            yield f"record {place} of {document_id} does not follow the one before"


def _told_tags(told: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
    return {
        tag["name"]: (tag["value"], tag["state"], tag["decided_by"], tag["confidence"])
        for tag in told["tags"]
    }


def _known_tags(home: Home, document_id: str) -> dict[str, tuple[Any, ...]]:
    rows = home.rows(f"SELECT * FROM tags WHERE document_id = '{document_id}'")  # noqa: S608 - our id
    return {
        row["name"]: (row["value"], row["state"], row["decided_by"], row["confidence"])
        for row in rows
    }


def _left_behind(home: Home) -> Iterator[str]:
    """Nothing of a filed document may stay in the work folder, nothing half written anywhere."""
    open_ones = {
        row["id"]
        for row in home.rows(
            "SELECT id FROM deliveries WHERE state != 'filed' UNION "
            "SELECT id FROM documents WHERE state != 'filed'"
        )
    }
    for file in (home.folder / "work").rglob("*"):
        parts = set(file.relative_to(home.folder / "work").parts)
        if file.is_file() and not parts & open_ones:
            yield f"left in the work folder: {file.relative_to(home.folder)}"
    for file in (home.folder / "archive").rglob("*"):
        is_whole = {"objects", "state"} & set(file.relative_to(home.folder).parts)
        is_lock = file.parent.name == "locks" and file.is_file() and not file.stat().st_size
        if file.is_file() and not is_whole and not is_lock:
            yield f"left in the store: {file.relative_to(home.folder)}"


def _broken_audit(home: Home) -> Iterator[str]:
    previous, expected = "0" * 64, 1
    for row in home.rows("SELECT seq, previous_hash, hash FROM audit ORDER BY seq"):
        if row["seq"] != expected or row["previous_hash"] != previous:
            yield f"the audit chain breaks at {row['seq']}"
        previous, expected = str(row["hash"]), expected + 1
