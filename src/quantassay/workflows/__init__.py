"""One file a verb, and the wiring that the verbs share."""
