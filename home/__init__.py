"""The public site of an agency: its pages, its accounts, its pictures and files."""
