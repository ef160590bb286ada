"""Festivals, important days and office holidays: what the year asks of the agency."""
