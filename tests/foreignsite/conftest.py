"""The files under ``site`` are another project; its checks run in a process of their own."""

collect_ignore = ["site"]
