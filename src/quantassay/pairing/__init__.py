"""Two variants on one test set: joined by id, cut into strata, compared answer by answer."""
