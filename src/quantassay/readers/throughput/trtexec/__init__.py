"""What trtexec exported or printed of a TensorRT engine."""
