"""``make bench``, or ``python -m benchmarks``: measures the public reading side and prints it as ratios."""

import argparse
import json

from benchmarks.api_read import benchmark, table


def main() -> None:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000, help="Size of the generated corpus.")
    parser.add_argument("--requests", type=int, default=300, help="Answers per kind of request, at most.")
    parser.add_argument("--threads", type=int, default=4, help="Readers at a time.")
    parser.add_argument("--seconds", type=float, default=20, help="Time per kind of request, at most.")
    parser.add_argument("--workers", type=int, default=2, help="Web server processes.")
    parser.add_argument("--json", metavar="FILE", help="Also write every number to FILE.")
    options = vars(parser.parse_args())
    target = options.pop("json")
    result = benchmark(**options)
    print(table(result))  # noqa: T201
    if target:
        with open(target, "w", encoding="utf-8") as file:
            json.dump(result, file, default=lambda each: {**vars(each), "rate": each.rate}, ensure_ascii=False)


if __name__ == "__main__":
    main()
