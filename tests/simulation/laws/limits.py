"""How much mail an address, a source and a stack may cause, counted by whoever asked and by the rules of the API."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta

from tests.simulation.laws.law import Change, Known, Law


class Limits(Law):
    """The windows hold for every alias of an address, and nothing is taken from them without a mail being asked for."""

    def __init__(self, known: Known) -> None:
        super().__init__(known)
        self._asked: defaultdict[tuple[str, str], list[datetime]] = defaultdict(list)
        self._sources: Counter[tuple[str, str, int]] = Counter()
        self._days: Counter[tuple[str, str]] = Counter()

    def changed(self, change: Change) -> None:
        """Count a mail that was asked for."""
        before = change.old.mails_asked if change.old else 0
        if change.new.mails_asked == before:
            return
        self.require(change.new.mails_asked == before + 1, "one request asked for several mails")
        now, windows = change.by.began, self.known.policy.windows
        asked = self._asked[change.region, folded(change.new.email)]
        asked.append(now)
        for limit, most, span in (
            ("in the pause between two mails", 1, windows.address_interval),
            ("in an hour", windows.address_hour, timedelta(hours=1)),
            ("in a day", windows.address_day, timedelta(days=1)),
        ):
            recent = sum(now - span < one for one in asked)
            self.require(recent <= most, f"{recent} mails {limit} were asked for at one address, {most} are allowed")
        post = change.by.post
        assert post is not None
        self._sources[change.region, post.source_ip.rpartition(".")[0], int(now.timestamp() // 3600)] += 1
        self._days[change.region, f"{now:%Y-%m-%d}"] += 1
        self.require(max(self._sources.values()) <= windows.source_hour, "too many mails in an hour for one source")
        self.require(max(self._days.values()) <= windows.stack_day, "too many mails in a day for the stack")

    def stepped(self, region: str) -> None:
        """What is taken from the windows is what was asked for, not one more: a refusal takes nothing."""
        taken = sum(self.known.regions[region].challenges.windows.shards.values())
        asked = sum(number for (name, _), number in self._days.items() if name == region)
        self.require(taken == asked, f"{taken} mails were taken from the windows, {asked} were asked for")


def folded(email: str) -> str:
    """Return the mailbox behind an address: no letter case, no tag, and at Gmail no dots."""
    local, _, domain = email.lower().rpartition("@")
    local = local.split("+")[0] or local
    if domain in {"gmail.com", "googlemail.com"}:
        return local.replace(".", "") + "@gmail.com"
    return f"{local}@{domain}"
