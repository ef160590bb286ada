"""Thai search for any Wagtail site (R61). The wheel installs this folder under the name `pr_search`."""
