"""TFLite models in LiteRT."""
