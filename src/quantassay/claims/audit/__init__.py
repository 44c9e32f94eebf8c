"""What a document discloses, item by item, and what does not follow from its figures."""
