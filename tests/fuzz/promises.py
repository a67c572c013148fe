"""What docs/api.md promises of every single answer, checked without the product's own code."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
API: dict[str, Any] = yaml.safe_load((REPOSITORY / "docs" / "openapi.yaml").read_text(encoding="utf-8"))
_PUBLIC = {"GET /.well-known/jwks.json", "GET /openapi.json"}
_SHORTEST_ECHO = 8  # shorter values stand in the fixed texts by chance
_OWN_WORDS = "\n".join(path.read_text(encoding="utf-8") for path in (REPOSITORY / "layers/core/otpost").rglob("*.py"))


def documented() -> dict[str, set[int]]:
    """Return the documented statuses of every route."""
    return {
        f"{method.upper()} {path}": {int(status) for status in operation["responses"]}
        for path, item in API["paths"].items()
        for method, operation in item.items()
    }


def objections(route: str, status: int, headers: Mapping[str, str], body: bytes, sent: object) -> list[str]:
    """Return what is wrong with the answer of a documented *route* to the body *sent*; *headers* in lower case."""
    if status >= 500:
        return [f"a server error: {status}"]
    if status == 403 or (status == 413 and b'"message"' in body):
        return [] if set(json.loads(body)) == {"message"} else ["API Gateway's own answer has more than a message"]
    kept = "public, max-age=300" if route in _PUBLIC and status == 200 else "no-store"
    found = [f"cache-control is not {kept}"] * (headers.get("cache-control") != kept)
    found += ["x-content-type-options is not nosniff"] * (headers.get("x-content-type-options") != "nosniff")
    if status not in documented()[route]:
        found.append(f"{status} is not documented")
    return found + (list(_of_problem(status, headers, body, sent)) if status >= 400 else [])


def _of_problem(status: int, headers: Mapping[str, str], body: bytes, sent: object) -> Iterator[str]:
    if headers.get("content-type") != "application/problem+json":
        yield "an error is not application/problem+json"
        return
    problem = json.loads(body)
    if problem.get("status") != status or not problem.get("code"):
        yield "an error without its status and code"
    if status == 401 and headers.get("www-authenticate") != "OTPost":
        yield "401 without WWW-Authenticate"
    if status == 429 and not headers.get("retry-after", "").isdigit():
        yield "429 without Retry-After"
    yield from (f"an error repeats what was sent: {value!r}" for value in _values(sent) if value in _text_of(problem))


def _text_of(problem: dict[str, Any]) -> str:
    """Return the texts of a problem; pointers name members, so those may come back, as docs/api.md says."""
    details = [flaw.get("detail", "") for flaw in problem.get("errors", [])]
    return "\n".join([str(value) for name, value in problem.items() if name != "errors"] + details)


def _values(sent: object) -> Iterator[str]:
    """Yield every value of a body that is long enough to be recognised and is no word of our own."""
    match sent:
        case dict():
            for value in sent.values():
                yield from _values(value)
        case list():
            for value in sent:
                yield from _values(value)
        case str() if len(sent) >= _SHORTEST_ECHO and sent not in _OWN_WORDS:
            yield sent
        case int() | float() if len(str(sent)) >= _SHORTEST_ECHO:
            yield str(sent)
