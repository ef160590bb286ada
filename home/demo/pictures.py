"""Draws a picture for a news item: simple scenes, so that the demo looks like a site and needs no photographs."""

import io
import random
from collections.abc import Callable

from django.core.files.images import ImageFile
from PIL import Image, ImageDraw, ImageFilter

SIZE = (1200, 800)
#: Drawn larger and scaled down, which smooths every edge.
SCALE = 2

Colour = tuple[int, int, int]

#: Sky above, sky below, ground, and three accents, by agency.
PALETTES: dict[str, tuple[Colour, ...]] = {
    "kpr": ((214, 238, 233), (247, 250, 244), (96, 150, 132), (22, 101, 92), (233, 146, 84), (250, 224, 168)),
    "spp": ((211, 229, 246), (252, 247, 238), (128, 158, 120), (38, 78, 128), (214, 93, 74), (248, 206, 110)),
}
SKIN: tuple[Colour, ...] = ((214, 168, 132), (190, 141, 104), (232, 192, 160))


def picture_file(name: str, *, agency_code: str, people: bool, festival: bool = False) -> ImageFile:
    """A JPEG that is the same at every load.

    `people`: a group of figures in front, as the item's caption says. `festival`: krathongs on the water.
    """
    dice = random.Random(name)  # noqa: S311  decoration, not a secret
    palette = PALETTES[agency_code]
    width, height = SIZE[0] * SCALE, SIZE[1] * SCALE
    picture = _sky(palette, width, height)
    draw = ImageDraw.Draw(picture)
    behind = _hills if festival else dice.choice(BEHIND_PEOPLE if people else BEHIND_THINGS)
    behind(draw, dice, palette, width, height)
    picture = picture.filter(ImageFilter.BoxBlur(2 * SCALE))
    draw = ImageDraw.Draw(picture)
    front = _krathongs if festival else _figures if people else dice.choice(STILL_LIFES)
    front(draw, dice, palette, width, height)
    buffer = io.BytesIO()
    picture.resize(SIZE, Image.Resampling.BOX).save(buffer, "JPEG", quality=84)
    buffer.seek(0)
    return ImageFile(buffer, name=f"{name}.jpg")


def portrait_file(name: str, *, agency_code: str) -> ImageFile:
    """A drawn head and shoulders, the same at every load; it resembles nobody."""
    dice = random.Random(name)  # noqa: S311  decoration, not a secret
    palette, skin = PALETTES[agency_code], dice.choice(SKIN)
    width, height = 640 * SCALE, 800 * SCALE
    picture = _sky(palette, width, height)
    draw = ImageDraw.Draw(picture)
    hair = (52 + dice.randrange(24), 44, 42)
    draw.ellipse([width * 0.28, height * 0.14, width * 0.72, height * 0.6], fill=hair)
    draw.rounded_rectangle([width * 0.12, height * 0.68, width * 0.88, height * 1.2], width // 4, fill=palette[3])
    draw.rectangle([width * 0.43, height * 0.55, width * 0.57, height * 0.72], fill=skin)
    draw.ellipse([width * 0.32, height * 0.2, width * 0.68, height * 0.62], fill=skin)
    draw.chord([width * 0.3, height * 0.16, width * 0.7, height * 0.46], 180, 360, fill=hair)
    buffer = io.BytesIO()
    picture.resize((640, 800), Image.Resampling.BOX).save(buffer, "JPEG", quality=84)
    buffer.seek(0)
    return ImageFile(buffer, name=f"portrait-{name}.jpg")


def _sky(palette, width: int, height: int) -> Image.Image:
    mask = Image.linear_gradient("L").resize((width, height))
    return Image.composite(Image.new("RGB", (width, height), palette[1]), Image.new("RGB", mask.size, palette[0]), mask)


def _hills(draw, dice, palette, width: int, height: int) -> None:
    draw.ellipse([width * 0.7, height * 0.1, width * 0.82, height * 0.28], fill=palette[5])
    for step in range(4):
        top = height * (0.42 + 0.1 * step)
        centre = width * dice.uniform(0.1, 0.9)
        draw.ellipse(
            [centre - width * 0.6, top, centre + width * 0.6, top + height], fill=_mix(palette[0], palette[2], step / 3)
        )


def _building(draw, dice, palette, width: int, height: int) -> None:
    left, right, top = width * dice.uniform(0.08, 0.2), width * dice.uniform(0.8, 0.92), height * 0.3
    draw.rectangle([0, height * 0.76, width, height], fill=palette[2])
    draw.polygon([(left - 60, top), ((left + right) / 2, top - height * 0.16), (right + 60, top)], fill=palette[4])
    draw.rectangle([left, top, right, height * 0.8], fill=_mix(palette[1], (255, 255, 255), 0.6))
    columns = dice.randint(6, 9)
    for column in range(columns):
        x = left + (right - left) * (column + 0.25) / columns
        for row in range(2):
            y = top + height * (0.06 + 0.2 * row)
            draw.rectangle(
                [x, y, x + (right - left) / columns * 0.5, y + height * 0.12], fill=_mix(palette[0], palette[3], 0.3)
            )


def _hall(draw, dice, palette, width: int, height: int) -> None:
    draw.rectangle([0, 0, width, height * 0.72], fill=_mix(palette[1], palette[0], 0.5))
    draw.rectangle([0, height * 0.72, width, height], fill=_mix(palette[2], (70, 60, 50), 0.4))
    draw.rectangle([width * 0.2, height * 0.1, width * 0.8, height * 0.52], fill=palette[3])
    draw.rectangle(
        [width * 0.22, height * 0.13, width * 0.78, height * 0.49], fill=_mix(palette[3], (255, 255, 255), 0.85)
    )
    for row, share in enumerate(dice.choices([0.3, 0.4, 0.46, 0.36], k=4)):
        y = height * (0.18 + row * 0.075)
        draw.rounded_rectangle(
            [width * 0.26, y, width * (0.26 + share), y + height * 0.035], 20, fill=palette[4 if row == 0 else 0]
        )


def _counter(draw, dice, palette, width: int, height: int) -> None:
    draw.rectangle([0, height * 0.68, width, height], fill=_mix(palette[5], (150, 110, 70), 0.35))
    for number in range(3):
        left = width * (0.06 + 0.33 * number)
        draw.rectangle([left, 0, left + width * 0.24, height * 0.56], fill=_mix(palette[0], palette[3], 0.18))


def _figures(draw, dice, palette, width: int, height: int) -> None:
    count = dice.randint(5, 8)
    order = sorted(range(count), key=lambda _: dice.random())
    for number in order:
        x = width * (0.1 + 0.8 * (number + 0.5) / count) + dice.uniform(-30, 30)
        size = height * dice.uniform(0.11, 0.13)
        top = height * dice.uniform(0.44, 0.52)
        shirt = _mix(dice.choice(palette[3:6]), (255, 255, 255), dice.uniform(0, 0.35))
        draw.rounded_rectangle([x - size, top + size * 1.15, x + size, height + size], int(size * 0.8), fill=shirt)
        draw.ellipse([x - size * 0.52, top - size * 0.1, x + size * 0.52, top + size * 1.05], fill=(46, 38, 36))
        draw.ellipse([x - size * 0.45, top + size * 0.1, x + size * 0.45, top + size * 1.12], fill=dice.choice(SKIN))


def _papers(draw, dice, palette, width: int, height: int) -> None:
    draw.rectangle([0, height * 0.6, width, height], fill=_mix(palette[5], (120, 84, 52), 0.55))
    for number in range(3):
        x, y = width * (0.2 + 0.2 * number), height * dice.uniform(0.4, 0.5)
        w, h = width * 0.2, height * 0.4
        draw.rounded_rectangle([x + 14, y + 18, x + w + 14, y + h + 18], 16, fill=_mix(palette[3], (0, 0, 0), 0.4))
        draw.rounded_rectangle([x, y, x + w, y + h], 16, fill=(252, 252, 250))
        draw.rectangle([x + w * 0.12, y + h * 0.1, x + w * 0.88, y + h * 0.3], fill=palette[3 + number % 3])
        for row in range(5):
            line = y + h * (0.4 + 0.1 * row)
            draw.rectangle(
                [x + w * 0.12, line, x + w * dice.uniform(0.6, 0.88), line + h * 0.035], fill=(196, 200, 204)
            )


def _chart(draw, dice, palette, width: int, height: int) -> None:
    draw.rounded_rectangle([width * 0.16, height * 0.2, width * 0.84, height * 0.86], 40, fill=(253, 253, 251))
    for number in range(6):
        x = width * (0.24 + 0.09 * number)
        top = height * dice.uniform(0.34, 0.66)
        draw.rounded_rectangle([x, top, x + width * 0.055, height * 0.78], 14, fill=palette[3 + number % 3])
    draw.rectangle([width * 0.22, height * 0.78, width * 0.78, height * 0.786], fill=(150, 156, 160))


def _krathongs(draw, dice, palette, width: int, height: int) -> None:
    draw.rectangle([0, height * 0.58, width, height], fill=_mix(palette[3], palette[0], 0.45))
    for number in range(3):
        x, y = width * (0.24 + 0.26 * number), height * dice.uniform(0.66, 0.8)
        size = height * dice.uniform(0.09, 0.13)
        draw.ellipse(
            [x - size * 1.9, y + size * 0.1, x + size * 1.9, y + size * 0.9], fill=_mix(palette[2], (20, 60, 40), 0.3)
        )
        for step, share in enumerate((-1.1, -0.55, 0, 0.55, 1.1)):
            draw.ellipse(
                [
                    x + size * (share - 0.42),
                    y - size * (1.2 - abs(share) * 0.55),
                    x + size * (share + 0.42),
                    y + size * 0.6,
                ],
                fill=_mix(palette[4], (255, 255, 255), 0.25 + 0.12 * (step % 2)),
            )
        draw.ellipse([x - size * 0.1, y - size * 1.7, x + size * 0.1, y - size * 1.25], fill=palette[5])


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    """`share` of `other` in `one`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


BEHIND_PEOPLE: tuple[Callable, ...] = (_hills, _building, _hall)
BEHIND_THINGS: tuple[Callable, ...] = (_hills, _counter)
STILL_LIFES: tuple[Callable, ...] = (_papers, _chart)
