"""The yardstick: tesserocr alone, one process, each page as it was delivered, text only."""

import sys
from pathlib import Path

import tesserocr
from PIL import Image

from ocr.tesseract import find_tessdata


def main() -> None:
    """Print the text of the pages that are named as arguments."""
    with tesserocr.PyTessBaseAPI(
        path=str(find_tessdata()),
        lang="vie",
        psm=tesserocr.PSM.AUTO,
        oem=tesserocr.OEM.LSTM_ONLY,
    ) as api:
        for file in sys.argv[1:]:
            with Image.open(Path(file)) as page:
                api.SetImage(page)
            print(api.GetUTF8Text())


if __name__ == "__main__":
    main()
