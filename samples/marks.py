"""Put ink on a drawn page: seals, stamps, signatures, QR codes, the frame of a certificate."""

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp
from PIL import Image, ImageDraw

from samples.fonts import load_font
from samples.pages import BLUE_INK, Colour, Frame, Mark, QrCode, Seal, Signature, Stamp
from samples.raster import RasterSurface

Mask = npt.NDArray[np.float32]
"""(height, width) of ink, 0 none to 1 full."""

_SEAL_RADIUS_MM = 17.5
_OVER = 3


def put_marks(surface: RasterSurface, marks: list[Mark]) -> None:
    """Draw the marks over the page in their order; a frame lies under everything."""
    for mark in sorted(marks, key=lambda mark: not isinstance(mark, Frame)):
        match mark:
            case Seal():
                _put_seal(surface, mark)
            case Stamp():
                _put_stamp(surface, mark)
            case Signature():
                _put_signature(surface, mark)
            case QrCode():
                _put_code(surface, mark)
            case Frame():
                _put_frame(surface, mark)


def _multiply(surface: RasterSurface, corner: tuple[int, int], mask: Mask, colour: Colour) -> None:
    """Lay transparent ink over what is there, as ink does on paper."""
    box = (*corner, corner[0] + mask.shape[1], corner[1] + mask.shape[0])
    under = np.asarray(surface.image.crop(box), np.float32)
    ink = 1 - np.asarray(colour, np.float32) / 255
    mixed = under * (1 - mask[..., None] * ink)
    surface.image.paste(Image.fromarray(mixed.astype(np.uint8)), corner)


def _uneven(mask: Mask, random: np.random.Generator, *, strength: float) -> Mask:
    """Take ink away in soft spots, as a dry pad does."""
    height, width = mask.shape
    spots = random.random((max(2, height // 9), max(2, width // 9))).astype(np.float32)
    soft = cv2.resize(spots, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(mask * np.clip(1.05 - strength * soft, 0, 1), np.float32)


def _rubber(picture: Image.Image, turn: float, random: np.random.Generator) -> Mask:
    turned = picture.rotate(turn, Image.Resampling.BICUBIC, expand=True)
    small = turned.resize((turned.width // _OVER, turned.height // _OVER), Image.Resampling.LANCZOS)
    return _uneven(np.asarray(small, np.float32) / np.float32(255), random, strength=0.5)


def _put_seal(surface: RasterSurface, seal: Seal) -> None:
    radius = surface.px(_SEAL_RADIUS_MM) * _OVER
    side = radius * 2 + 8 * _OVER
    picture = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(picture)
    middle = side / 2
    for share, width in ((1.0, 0.030), (0.94, 0.012), (0.60, 0.014)):
        reach = radius * share
        box = (middle - reach, middle - reach, middle + reach, middle + reach)
        draw.ellipse(box, outline=255, width=max(1, round(radius * width)))
    _around(picture, seal.upper, radius, from_top=True)
    _around(picture, seal.lower, radius, from_top=False)
    _seal_middle(draw, seal.middle, middle, radius)
    mask = _rubber(picture, float(surface.random.normal(0, 6)), surface.random)
    corner = tuple(
        surface.px(at) - size // 2 for at, size in zip(seal.place, mask.shape[::-1], strict=True)
    )
    _multiply(surface, (corner[0], corner[1]), mask, (214, 36, 52))


def _seal_middle(
    draw: ImageDraw.ImageDraw, texts: tuple[str, ...], middle: float, radius: float
) -> None:
    """A star, or up to three words: never the state's emblem."""
    if not texts:
        angles = np.arange(10) * np.pi / 5 - np.pi / 2
        reach = np.where(np.arange(10) % 2 == 0, radius * 0.45, radius * 0.18)
        points = np.stack([middle + reach * np.cos(angles), middle + reach * np.sin(angles)], 1)
        draw.polygon([(float(x), float(y)) for x, y in points], fill=255)
        return
    font = load_font("sans_bold", round(radius * 0.2))
    for number, text in enumerate(texts):
        y = middle + (number - (len(texts) - 1) / 2) * radius * 0.26
        draw.text((middle, y), text, font=font, fill=255, anchor="mm")


def _around(picture: Image.Image, text: str, radius: float, *, from_top: bool) -> None:
    """Letters along the rim, upright at the top or at the bottom."""
    reach = radius * 0.77
    widest = np.pi * (1.4 if from_top else 0.5)
    font = load_font("sans_bold", round(radius * 0.19))
    fitting = min(1.0, widest * reach / font.getlength(text) / 1.06)
    font = load_font("sans_bold", round(font.size * fitting))
    spread = min(1.15, widest / (font.getlength(text) / reach))
    angle = -spread * font.getlength(text) / reach / 2
    middle = picture.width / 2
    for letter in text:
        step = spread * font.getlength(letter) / reach
        at = angle + step / 2
        angle += step
        tile = Image.new("L", (round(radius * 0.4),) * 2, 0)
        centre = tile.width / 2
        ImageDraw.Draw(tile).text((centre, centre), letter, font=font, fill=255, anchor="mm")
        turn = -np.degrees(at) if from_top else np.degrees(at)
        turned = tile.rotate(float(turn), Image.Resampling.BICUBIC)
        side = 1 if from_top else -1
        x, y = middle + reach * np.sin(at), middle - side * reach * np.cos(at)
        picture.paste(255, (round(x - centre), round(y - centre)), turned)


def _put_stamp(surface: RasterSurface, stamp: Stamp) -> None:
    width = surface.px(stamp.width) * _OVER
    size = round(width / 9.5)
    picture = Image.new("L", (width, round(size * (1.45 * len(stamp.lines) + 0.6))), 0)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, picture.width - 1, picture.height - 1), outline=255, width=size // 8)
    for number, line in enumerate(stamp.lines):
        font = load_font(
            "sans_bold" if number == 0 else "sans", round(size * (1 if number == 0 else 0.85))
        )
        y = size * (1.45 * number + 1.0)
        draw.text((width / 2, y), line, font=font, fill=255, anchor="mm")
    mask = _rubber(picture, float(surface.random.normal(0, 2)), surface.random)
    corner = (surface.px(stamp.place[0]), surface.px(stamp.place[1]))
    _multiply(surface, corner, mask, stamp.colour)


def _put_signature(surface: RasterSurface, signature: Signature) -> None:
    """A pen stroke through random turns, thinner where it is fast."""
    random = surface.random
    width = surface.px(signature.width) * _OVER
    height = round(width * 0.5)
    turns = 9
    xs = np.sort(random.uniform(0.05, 0.9, turns)) + random.normal(0, 0.06, turns)
    heights = np.where(np.arange(turns) % 2 == 0, 0.66, 0.3) + random.normal(0, 0.09, turns)
    ends = np.array([[0.02, 0.6], [1.0, 0.42]])
    points = np.concatenate([ends[:1], np.stack([xs, heights], 1), ends[1:]]).clip(0.02, 0.98)
    path = _smooth(points * (width, height))
    canvas = np.zeros((height, width), np.uint8)
    speed = np.linalg.norm(np.diff(path, axis=0), axis=1)
    thick = surface.dpi / 200 * _OVER * np.clip(3.4 - speed / speed.mean(), 1.6, 3.0)
    for start, end, thickness in zip(path[:-1], path[1:], thick, strict=True):
        first, second = tuple(map(int, start)), tuple(map(int, end))
        cv2.line(canvas, first, second, 255, max(1, round(thickness)), cv2.LINE_AA)
    cv2.line(
        canvas,
        (int(width * 0.15), int(height * 0.82)),
        (int(width * 0.85), int(height * 0.72)),
        230,
        _OVER * 2,
        cv2.LINE_AA,
    )
    small = cv2.resize(canvas, (width // _OVER, height // _OVER), interpolation=cv2.INTER_AREA)
    mask = _uneven(small.astype(np.float32) / np.float32(255), random, strength=0.3)
    corner = (surface.px(signature.place[0]), surface.px(signature.place[1]))
    _multiply(surface, corner, mask, BLUE_INK)


def _smooth(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Catmull-Rom curve through (n, 2) points, 40 steps between each two."""
    padded = np.concatenate([points[:1], points, points[-1:]])
    t = np.linspace(0, 1, 40, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        pieces.append(
            0.5
            * (
                2 * b
                + (c - a) * t
                + (2 * a - 5 * b + 4 * c - d) * t**2
                + (3 * b - a - 3 * c + d) * t**3
            )
        )
    return np.concatenate(pieces)


def _put_code(surface: RasterSurface, code: QrCode) -> None:
    barcode = zxingcpp.create_barcode(code.content, zxingcpp.BarcodeFormat.QRCode)
    modules = Image.fromarray(np.asarray(barcode.to_image(scale=1, add_quiet_zones=True)))
    side = surface.px(code.size)
    picture = modules.convert("RGB").resize((side, side), Image.Resampling.NEAREST)
    surface.image.paste(picture, (surface.px(code.place[0]), surface.px(code.place[1])))


def _put_frame(surface: RasterSurface, frame: Frame) -> None:
    """Interlaced waves along the edges and pale waves on the ground."""
    width, height = surface.image.size
    lines = np.zeros((height, width), np.uint8)
    unit = surface.dpi / 25.4
    t = np.arange(0, max(width, height), 2)
    inset, depth = 11 * unit, 3.2 * unit
    for phase in np.linspace(0, 2 * np.pi, 6, endpoint=False):
        wave = depth * np.sin(t / (2.1 * unit) + phase)
        for edge in (inset, height - inset):
            _curve(lines, t, edge + wave, (inset, width - inset))
        for edge in (inset, width - inset):
            _curve(lines.T, t, edge + wave, (inset, height - inset))
    for offset in (6.5, 15.5):
        box = round(offset * unit)
        cv2.rectangle(lines, (box, box), (width - box, height - box), 255, max(1, round(unit / 3)))
    _multiply(surface, (0, 0), lines.astype(np.float32) / np.float32(255 / 0.75), frame.colour)
    ground = np.zeros((height, width), np.uint8)
    for row in np.arange(20 * unit, height - 20 * unit, 7 * unit):
        _curve(ground, t, row + 3 * unit * np.sin(t / (9 * unit)), (18 * unit, width - 18 * unit))
    _multiply(surface, (0, 0), ground.astype(np.float32) / np.float32(255 / 0.16), frame.colour)


def _curve(
    canvas: npt.NDArray[np.uint8],
    along: npt.NDArray[np.int64],
    across: npt.NDArray[np.float64],
    between: tuple[float, float],
) -> None:
    """Draw a curve into (across, along) pixels, from one end of the edge to the other."""
    inside = (along >= between[0]) & (along <= between[1])
    points = np.stack([along[inside], across[inside]], 1).astype(np.int32)
    tile = np.ascontiguousarray(canvas)
    cv2.polylines(tile, [points], isClosed=False, color=255, thickness=1, lineType=cv2.LINE_AA)
    canvas[:] = tile
