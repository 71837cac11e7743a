"""Make the bundled sample batches anew: three invented dossiers and the truth about them.

`python samples/make_samples.py` writes `samples/batches/` and `samples/truth.json`. With `--check`
nothing is written: the committed truth and files are compared with what would be made.
"""

import argparse
import sys
from pathlib import Path

from samples.batches import batch_truth, write_batch
from samples.dossiers import all_dossiers
from samples.truth import BatchTruth, truth_as_json

SAMPLES = Path(__file__).parent
BATCHES = SAMPLES / "batches"
TRUTH = SAMPLES / "truth.json"


def all_truth() -> tuple[BatchTruth, ...]:
    """Return the truth about all batches, in the order of their folders."""
    return tuple(batch_truth(dossier) for dossier in all_dossiers())


def differences() -> list[str]:
    """Return what of the committed samples is not as it would be made; empty if all is well."""
    truth = all_truth()
    found = []
    if not TRUTH.is_file() or TRUTH.read_text("utf-8") != truth_as_json(truth):
        found.append(f"{TRUTH.name} is not what the program makes")
    for batch in truth:
        folder = BATCHES / batch.folder
        present = {file.name for file in folder.iterdir()} if folder.is_dir() else set()
        if present != set(batch.files):
            found.append(f"{batch.folder} does not hold exactly its {len(batch.files)} files")
    return found


def make_all() -> None:
    """Write all batches and their truth, and print what was made."""
    for dossier in all_dossiers():
        folder = BATCHES / dossier.folder
        write_batch(dossier, folder)
        size = sum(file.stat().st_size for file in folder.iterdir())
        print(f"{dossier.folder}: {len(list(folder.iterdir()))} tệp/files, {size / 1e6:.2f} MB")
    TRUTH.write_text(truth_as_json(all_truth()), "utf-8")


def main(arguments: list[str]) -> int:
    """Run the command line; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only; write nothing")
    if not parser.parse_args(arguments).check:
        make_all()
        return 0
    found = differences()
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
