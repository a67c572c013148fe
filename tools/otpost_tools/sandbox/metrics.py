"""CloudWatch's embedded metric format: metrics are log lines, and here they are added up."""

import json
from dataclasses import dataclass
from typing import Any

type _Key = tuple[str, str, tuple[tuple[str, str], ...]]


@dataclass(slots=True, kw_only=True)
class Total:
    """What one metric with one set of dimensions came to."""

    unit: str
    sum: float = 0.0
    count: int = 0


class Metrics:
    """The sum and the number of every metric's values since the start, or the last reset."""

    def __init__(self) -> None:
        self._totals: dict[_Key, Total] = {}

    def read(self, line: str) -> None:
        """Add what *line* reports; a line that is no metric changes nothing."""
        if not line.startswith("{") or '"_aws"' not in line:
            return
        try:
            document = json.loads(line)
        except ValueError:
            return
        if not isinstance(document, dict) or not isinstance(document.get("_aws"), dict):
            return
        for directive in document["_aws"].get("CloudWatchMetrics", []):
            self._add(directive, document)

    def _add(self, directive: dict[str, Any], document: dict[str, Any]) -> None:
        for names in directive.get("Dimensions", [[]]):
            dimensions = tuple(sorted((name, str(document.get(name))) for name in names))
            for metric in directive.get("Metrics", []):
                key = (str(directive["Namespace"]), str(metric["Name"]), dimensions)
                total = self._totals.setdefault(key, Total(unit=str(metric.get("Unit", "None"))))
                given = document.get(metric["Name"], [])
                values = given if isinstance(given, list) else [given]
                total.sum += sum(values)
                total.count += len(values)

    def totals(self) -> list[dict[str, object]]:
        """Every total: namespace, metric, dimensions, unit, sum and count."""
        return [
            {
                "namespace": namespace,
                "metric": metric,
                "dimensions": dict(dimensions),
                "unit": total.unit,
                "sum": total.sum,
                "count": total.count,
            }
            for (namespace, metric, dimensions), total in sorted(self._totals.items())
        ]

    def clear(self) -> None:
        """Start over from zero."""
        self._totals.clear()
