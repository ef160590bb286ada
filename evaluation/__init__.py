"""Prakat evaluation: the weekly report of the working group (S1 objective 2, S2 §3.8)."""
