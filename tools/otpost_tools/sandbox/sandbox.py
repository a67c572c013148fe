"""A running sandbox: its parts, and what can be done with it."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field

from otpost_tools.sandbox import feedback, rules, signature, tables
from otpost_tools.sandbox.backend_client import BackendClient
from otpost_tools.sandbox.backends import Backends
from otpost_tools.sandbox.clock import Clock
from otpost_tools.sandbox.endpoints import Endpoints
from otpost_tools.sandbox.invocation import Answered
from otpost_tools.sandbox.logs import Logs, timestamp
from otpost_tools.sandbox.mail import Mail, Mailbox
from otpost_tools.sandbox.metrics import Metrics
from otpost_tools.sandbox.news import Caller
from otpost_tools.sandbox.paths import EMPTY
from otpost_tools.sandbox.pool import Pool
from otpost_tools.sandbox.pump import Pump
from otpost_tools.sandbox.stack import Stack
from otpost_tools.sandbox.stream import Stream

BACKENDS = "(backends)"  # stands where a function's name does in the log
_IN_FLIGHT_SECONDS = 5.0


@dataclass(slots=True, kw_only=True)
class Sandbox:
    """Everything that runs. *gone* is set if the backends end by themselves."""

    url: str
    clock: Clock
    logs: Logs
    metrics: Metrics
    mailbox: Mailbox
    stream: Stream
    stack: Stack
    backends: Backends
    endpoints: Endpoints
    client: BackendClient
    pools: Mapping[str, Pool]
    pumps: tuple[Pump, ...]
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def caller(self) -> Caller | None:
        """Who may call the routes that ask for a signature, if there are any."""
        return signature.SANDBOX_CALLER if any(route.signed for route in self.stack.routes) else None

    async def follow(self) -> None:
        """Hear what happens on the backends, until they end."""
        async for event in self.backends.events():
            match event["event"]:
                case "queued":
                    self._wake(event["queue_url"])
                case "mail":
                    self._catch(event["id"], event["request"])
        self.gone.set()

    def advance(self, seconds: float) -> None:
        """Move the time that everything sees."""
        self.clock.advance(seconds)
        for pump in self.pumps:
            pump.wake()  # messages may have become visible
        self.stream.tell("clock", self.time())

    async def reset(self) -> None:
        """Empty tables, queues, mailbox, logs and metrics, and go back to real time. Warm processes stay."""
        async with AsyncExitStack() as paused:
            for pump in self.pumps:
                await paused.enter_async_context(pump.paused(_IN_FLIGHT_SECONDS))
            await self.client.post(EMPTY)
            if self.endpoints.separate:
                await tables.empty(self.client)
            self.clock.reset()
            self.mailbox.clear()
            self.logs.clear()
            self.metrics.clear()
        self.stream.tell("reset", self.time())

    def listeners(self, mail: Mail, kind: str) -> list[str]:
        """The functions whose rule matches feedback of *kind* on *mail*."""
        event = feedback.event(mail, kind, self.clock.now())
        matching = [rule for rule in self.stack.rules if rules.matches(rule.pattern, event)]
        return [function for rule in matching for function in rule.functions]

    async def feed_back(self, mail: Mail, kind: str) -> dict[str, bool]:
        """Report *kind* on *mail* to its listeners. By function, whether it took it."""
        payload = feedback.payload(mail, kind, self.clock.now())
        names = self.listeners(mail, kind)
        outcomes = await asyncio.gather(*(self.pools[name].invoke(payload) for name in names))
        return {name: isinstance(outcome, Answered) for name, outcome in zip(names, outcomes, strict=True)}

    def time(self) -> dict[str, object]:
        """The sandbox's time."""
        return {"now": timestamp(self.clock.now()), "offset_seconds": self.clock.offset}

    def state(self) -> dict[str, object]:
        """What runs, for a person or a tool."""
        functions = [
            {
                "logical_id": function.logical_id,
                "name": function.name,
                "handler": function.handler,
                "timeout": function.timeout,
                "memory": function.memory,
                **asdict(self.pools[function.logical_id].state()),
            }
            for function in self.stack.functions
        ]
        return {
            **self.time(),
            "url": self.url,
            "backends_url": self.endpoints.backends,
            "dynamodb": {"engine": self.endpoints.engine, "url": self.endpoints.dynamodb},
            "routes": [asdict(route) for route in self.stack.routes],
            "functions": functions,
            "not_emulated": dict(self.stack.not_emulated),
            "caller": None if self.caller is None else asdict(self.caller),
        }

    def _wake(self, queue_url: str) -> None:
        name = queue_url.rsplit("/", 1)[-1]
        for pump in self.pumps:
            if pump.source.queue_url.endswith(f"/{name}"):
                pump.wake()

    def _catch(self, message_id: str, request: dict[str, object]) -> None:
        try:
            mail = self.mailbox.catch(message_id, request)
        except (KeyError, LookupError, ValueError) as error:
            self.logs.write(BACKENDS, "", f"The mail {message_id} cannot be read: {error!r}")
        else:
            self.stream.tell("message", mail.public())
