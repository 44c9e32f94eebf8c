"""Do tendencies foretell the loss of many small models? Trained, quantized, run and tabulated."""
