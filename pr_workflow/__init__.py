"""Prakat: the publishing steps of a Thai public agency, from the yearly plan to the archive."""
