"""Delivering files from a command and following them until they rest."""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from database.batches import ConfirmPolicy, NewBatch
from database.stage_runs import count_done, count_unfinished
from documents.model import Receipt
from workers.actors import Actor
from workers.at_work import stages_at_work
from workers.following import BatchStatus, follow_batch
from workers.intake import begin_batch, end_batch, give_password, take_file
from workers.reviewing import confirm_batch_by_policy
from workers.services import Services

_STATION = "command-line"
# The bell rings when a stage ends; this is for what ends in another process.
_LOOK_SECONDS = 1.0
# Children that die are tried again within seconds; what waits longer waits for a back end.
_PATIENCE_SECONDS = 20.0
_IMAGES = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp", ".gif", ".heic", ".heif")
_SUFFIXES = frozenset((".pdf", *_IMAGES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a command asks for its files."""

    policy: ConfirmPolicy
    actor: Actor
    dossier_code: str | None = None
    profile: str = "default"
    password: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A batch of a command, with the receipts of its files."""

    batch_id: str
    receipts: tuple[Receipt, ...]


def files_under(paths: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
    """Yield the files of folders in name order, and whether each is of a kind that is taken.

    A file that was named itself is always taken.
    """
    for path in paths:
        if not path.is_dir():
            yield path, True
            continue
        for file in sorted(path.rglob("*")):
            is_hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
            if file.is_file() and not is_hidden:
                yield file, file.suffix.lower() in _SUFFIXES


def deliver_file(services: Services, file: Path, wish: Wish) -> Followed:
    """Deliver a file as a batch of its own; the same bytes again are the same batch."""
    key = f"file:{digest_of_files((file,))[:40]}:{wish.dossier_code or ''}"
    return _deliver(services, (file,), wish, key=key)


def deliver_folder(services: Services, files: Sequence[Path], wish: Wish) -> Followed:
    """Deliver files as one batch, in their order."""
    key = f"folder:{digest_of_files(files)[:40]}:{wish.dossier_code or ''}"
    return _deliver(services, files, wish, key=key)


def _deliver(services: Services, files: Sequence[Path], wish: Wish, *, key: str) -> Followed:
    new = NewBatch(
        station=_STATION,
        batch_key=key,
        answerable=wish.actor.name,
        profile=wish.profile,
        dossier_code=wish.dossier_code,
        confirm_policy=wish.policy,
    )
    batch = begin_batch(services, new, actor=wish.actor)
    receipts = []
    for file in files:
        with file.open("rb") as stream:
            receipt = take_file(
                services,
                stream,
                batch_id=batch.id,
                file_name=file.name,
                source=str(file),
                actor=wish.actor,
                password=wish.password,
            )
        receipts.append(receipt)
        if receipt.is_repeated:
            _catch_up(services, receipt, wish)
    end_batch(services, batch.id, actor=wish.actor)
    if wish.policy not in ("none", batch.confirm_policy):
        confirm_batch_by_policy(services, batch.id, policy=wish.policy, actor=wish.actor)
    return Followed(batch_id=batch.id, receipts=tuple(receipts))


def _catch_up(services: Services, receipt: Receipt, wish: Wish) -> None:
    """Try a file that was set aside for want of a password again, now that there is one."""
    if wish.password is None:
        return
    give_password(services, receipt.id, password=wish.password, actor=wish.actor)


def follow(
    services: Services,
    followed: Sequence[Followed],
    *,
    on_progress: Callable[[dict[str, int]], None] = lambda _counts: None,
) -> Iterator[BatchStatus]:
    """Run the stages of these batches and yield each when it rests, in their order.

    A batch that only waits for a back end is given some time, then yielded as it is.
    """
    with stages_at_work(services, batch_ids={one.batch_id for one in followed}):
        for one in followed:
            yield _wait_for(services, one.batch_id, on_progress)


def _wait_for(
    services: Services, batch_id: str, on_progress: Callable[[dict[str, int]], None]
) -> BatchStatus:
    seen: dict[str, int] = {}
    since = time.monotonic()
    while True:
        heard = services.bell.rings()
        with services.database.reading() as connection:
            unfinished = count_unfinished(connection, batch_ids=(batch_id,))
            done = count_done(connection, batch_id)
        if not unfinished:
            return follow_batch(services, batch_id)
        now = {**unfinished, "done": done}
        on_progress(now)
        if now != seen:
            seen, since = now, time.monotonic()
        is_stuck = time.monotonic() - since > _PATIENCE_SECONDS
        if is_stuck and set(unfinished) == {"waiting"}:
            return follow_batch(services, batch_id)
        services.bell.wait(heard, seconds=_LOOK_SECONDS)


def digest_of_files(files: Sequence[Path]) -> str:
    """Return one digest for the contents of files in their order."""
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()
