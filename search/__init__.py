"""Thai search for any Wagtail site (R61). Installed as `search` in this repository and as `pr_search` from the wheel."""
