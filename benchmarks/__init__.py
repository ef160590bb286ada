"""Measurements of the public reading side."""
