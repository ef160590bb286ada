"""``make bench``, or ``python -m benchmarks``: measures the public reading side, due news, or a calendar year."""

import argparse
import json

from benchmarks import api_read, calendar_read, publishing


def main() -> None:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("what", nargs="?", choices=["reading", "publishing", "calendar"], default="reading")
    parser.add_argument("--articles", type=int, default=10_000, help="Size of the generated corpus.")
    parser.add_argument("--due", type=int, default=500, help="publishing: items due at one minute.")
    parser.add_argument("--requests", type=int, default=300, help="reading: answers per kind of request, at most.")
    parser.add_argument("--threads", type=int, default=4, help="reading: readers at a time.")
    parser.add_argument("--seconds", type=float, default=20, help="reading: time per kind of request, at most.")
    parser.add_argument("--workers", type=int, default=2, help="reading: web server processes.")
    parser.add_argument("--entries", type=int, default=2_000, help="calendar: entries of the full year, by hundreds.")
    parser.add_argument("--rounds", type=int, default=30, help="calendar: answers of each kind.")
    parser.add_argument("--json", metavar="FILE", help="Also write every number to FILE.")
    options = vars(parser.parse_args())
    target, what, due = options.pop("json"), options.pop("what"), options.pop("due")
    year = {name: options.pop(name) for name in ("entries", "rounds")}
    if what == "publishing":
        result = publishing.benchmark(articles=options["articles"], due=due)
        print(publishing.table(result))  # noqa: T201
    elif what == "calendar":
        result = calendar_read.benchmark(**year)
        print(calendar_read.table(result))  # noqa: T201
    else:
        result = api_read.benchmark(**options)
        print(api_read.table(result))  # noqa: T201
    if target:
        with open(target, "w", encoding="utf-8") as file:
            json.dump(result, file, default=lambda each: {**vars(each), "rate": each.rate}, ensure_ascii=False)


if __name__ == "__main__":
    main()
