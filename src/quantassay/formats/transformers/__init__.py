"""Folders of transformers models."""
