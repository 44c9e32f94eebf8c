from __future__ import annotations

from quantassay.claims.audit.contradictions.samples import samples


def test_two_numbers_of_samples_of_one_dataset(read) -> None:
    text = (
        "INT8 is evaluated on 5,000 images of CIFAR-10.\n\n"
        "The accuracy on CIFAR-10 is measured on 10,000 images."
    )
    (found,) = samples(*read(text))
    assert found.finding == (
        "The scores on CIFAR-10 are of 5,000 samples in one place, and of 10,000 in another."
    )


def test_parts_and_other_datasets_may_differ(read) -> None:
    for text in (
        "Evaluated on 5,000 images of CIFAR-10.\n\nThe accuracy on SST-2 is of 872 sentences.",
        "Evaluated on 5,000 images of CIFAR-10.\n\nThe accuracy of another class of CIFAR-10 is of "
        "1,000 images.",
        "Evaluated on 5,000 images of CIFAR-10.\n\nCalibrated on 500 images of CIFAR-10.",
    ):
        assert samples(*read(text)) == []
