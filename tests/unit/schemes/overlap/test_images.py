"""Images drawn here from smooth noise: each like a photograph in that neighbours are alike."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from quantassay.schemes.overlap.images import Pictures, pictured

SIZE = 32


def photos(n, size=SIZE, seed=0):
    """Coarse noise made larger, faintly coloured (n, size, size, 3)."""
    rng = np.random.default_rng(seed)
    grey, colour = rng.integers(20, 200, (n, 8, 8, 1)), rng.integers(0, 50, (n, 8, 8, 3))
    coarse = (grey + colour).astype(np.uint8)
    images = (Image.fromarray(one).resize((size, size), Image.Resampling.BICUBIC) for one in coarse)
    return np.stack([np.asarray(one) for one in images])


def feeds(images):
    """As a model is fed: channels first, between 0 and 1."""
    return {"": (np.asarray(images, np.float32) / 255).transpose(0, 3, 1, 2)}


def encoded(image):
    buffer = BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=75)
    return np.asarray(Image.open(buffer))


def resized(image, box=None):
    size = image.shape[1], image.shape[0]
    small = Image.fromarray(image).resize(
        (size[0] * 4 // 5, size[1] * 4 // 5), Image.Resampling.BILINEAR, box=box
    )
    return np.asarray(small.resize(size, Image.Resampling.BILINEAR))


def brighter(image):
    return np.clip(image.astype(int) + 25, 0, 255).astype(np.uint8)


def cropped(image):
    return np.asarray(Image.fromarray(image).crop((2, 0, SIZE, SIZE)).resize((SIZE, SIZE)))


def framed(image):
    box = (1, 1, SIZE - 1, SIZE - 1)
    return np.asarray(Image.fromarray(image).crop(box).resize((SIZE, SIZE)))


@pytest.mark.parametrize("change", [encoded, resized, brighter, cropped, framed])
@pytest.mark.parametrize("side", ["calibration", "test"])
def test_a_changed_copy_is_close(change, side):
    images = photos(30)
    changed = np.stack([change(image) for image in images])
    known, test = (changed, images) if side == "calibration" else (images, changed)
    found = [Pictures(feeds(known[[i]])).close(feeds(test[[i]]))[0] for i in range(30)]
    assert all(found)


def test_distinct_images_are_not():
    assert not Pictures(feeds(photos(100))).close(feeds(photos(300, seed=1))).any()


def test_images_of_one_colour_are_close_to_nothing():
    flat = {"": np.full((3, 1, 20, 20), 0.7, np.float32)}
    assert not Pictures(flat).close(flat).any()
    assert not Pictures(flat).close(feeds(photos(3))).any()


@pytest.mark.parametrize("size", [16, 45, 200])
def test_images_of_any_size(size):
    images = photos(12, size)
    nearness = Pictures(feeds(images[:4]))
    assert nearness.close(feeds(images)).tolist() == [True] * 4 + [False] * 8


def test_layouts_say_the_same():
    images = photos(6).astype(np.float32)
    last = {"": images}
    first = {"": images.transpose(0, 3, 1, 2)}
    grey = {"": images.mean(axis=3)}
    for one in (last, first, grey):
        assert Pictures(one).close({"": next(iter(one.values()))[:2] * 0.5}).tolist() == [True] * 2


@pytest.mark.parametrize(
    ("shape", "image"),
    [
        ((2, 3, 16, 16), True),
        ((2, 16, 16, 3), True),
        ((2, 16, 16), True),
        ((2, 1, 8, 8), False),
        ((2, 64), False),
        ((2, 7, 20, 20), False),
    ],
)
def test_what_counts_as_an_image(shape, image):
    assert pictured({"": np.zeros(shape, np.float32)}) is image
    assert not pictured({"a": np.zeros(shape, np.float32), "b": np.zeros(2)})


def test_batches_are_compared_as_the_whole_is():
    known, test = feeds(photos(40)), photos(70, seed=2)
    test[10] = brighter(photos(40)[7])
    whole = Pictures(known).close(feeds(test))
    parts = [Pictures(known).close(feeds(test[at : at + 9])) for at in range(0, 70, 9)]
    assert np.concatenate(parts).tolist() == whole.tolist()
    assert np.flatnonzero(whole).tolist() == [10]
