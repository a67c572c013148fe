"""Starts a sandbox, part by part, and stops what it started in the other order."""

import asyncio
import socket
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from otpost_tools.sandbox import assembly, blueprint, dynamodb_local, provisioning, recipe, site
from otpost_tools.sandbox.backend_client import BackendClient
from otpost_tools.sandbox.backends import Backends
from otpost_tools.sandbox.blueprint import Blueprint
from otpost_tools.sandbox.clock import Clock
from otpost_tools.sandbox.dynamodb_local import DynamoDBLocal
from otpost_tools.sandbox.endpoints import Endpoints
from otpost_tools.sandbox.errors import RuntimeMissingError
from otpost_tools.sandbox.gateway import Gateway
from otpost_tools.sandbox.logs import Logs
from otpost_tools.sandbox.mail import Mailbox
from otpost_tools.sandbox.metrics import Metrics
from otpost_tools.sandbox.options import SandboxOptions
from otpost_tools.sandbox.pool import Pool
from otpost_tools.sandbox.pump import Pump
from otpost_tools.sandbox.recipe import Recipe
from otpost_tools.sandbox.routes import Routes
from otpost_tools.sandbox.sandbox import BACKENDS, Sandbox
from otpost_tools.sandbox.stack import Stack
from otpost_tools.sandbox.stream import Stream

type Step = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Base:
    """What every other part stands on."""

    options: SandboxOptions
    folder: Path
    clock: Clock
    logs: Logs
    metrics: Metrics


@asynccontextmanager
async def running(options: SandboxOptions, step: Step = lambda _text: None) -> AsyncIterator[Sandbox]:
    """A sandbox that accepts requests; on leaving, everything is gone. Raises SandboxError if it cannot start.

    *step* hears what is being done. The functions' first processes are ready, or their init has failed
    (`Sandbox.state` says so).
    """
    if not options.runtime_python.exists():
        raise RuntimeMissingError(
            f"{options.runtime_python} is not there. `make setup` makes the environment that runs the functions; "
            "OTPOST_RUNTIME_PYTHON names another one."
        )
    async with AsyncExitStack() as resources:
        listener = resources.enter_context(site.bind(options.port))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        base = _base(options, resources)
        step("Starting the backends and reading the template")
        local = dynamodb_local.chosen(options.dynamodb)
        if local is not None:
            resources.callback(local.close)
        backends, plan = await _backends_and_plan(base, resources, url)
        endpoints = await _endpoints(backends, local)
        client = BackendClient(endpoints)
        resources.push_async_callback(client.close)
        step("Creating tables, queues, keys and identities")
        await provisioning.create(plan, client)
        stack = assembly.assemble(plan)
        pools = _pools(base, resources, stack, endpoints)
        sandbox = _sandbox(
            base, url=url, stack=stack, backends=backends, endpoints=endpoints, client=client, pools=pools
        )
        if local is not None:
            resources.push_async_callback(_ended, asyncio.create_task(_watch(local, sandbox)))
        await _open(sandbox, resources, listener, options.patience)
        step(f"Starting {len(pools)} functions")
        await asyncio.gather(*(pool.warm() for pool in pools.values()))
        yield sandbox


def _base(options: SandboxOptions, resources: AsyncExitStack) -> _Base:
    folder = Path(resources.enter_context(tempfile.TemporaryDirectory(prefix="otpost-sandbox-")))
    clock = resources.enter_context(Clock(folder / "clock"))
    metrics = Metrics()
    logs = Logs(clock, metrics.read)
    return _Base(options=options, folder=folder, clock=clock, logs=logs, metrics=metrics)


async def _backends_and_plan(base: _Base, resources: AsyncExitStack, url: str) -> tuple[Backends, Blueprint]:
    """Both take about a second, on a processor each."""
    reading = asyncio.create_task(asyncio.to_thread(blueprint.read, base.options, api_url=url))
    try:
        backends = await Backends.start(base.clock.path, lambda line: base.logs.write(BACKENDS, "", line))
    except BaseException:
        await asyncio.gather(reading, return_exceptions=True)
        raise
    resources.push_async_callback(backends.close)
    plan = await reading
    plan.physical.backends_url = backends.url
    return backends, plan


async def _endpoints(backends: Backends, local: DynamoDBLocal | None) -> Endpoints:
    if local is None:
        return Endpoints(backends=backends.url, dynamodb=backends.url, engine="moto, one request at a time")
    await asyncio.to_thread(local.wait_until_ready)
    return Endpoints(backends=backends.url, dynamodb=local.url, engine=local.name)


async def _watch(local: DynamoDBLocal, sandbox: Sandbox) -> None:
    await asyncio.to_thread(local.wait)
    sandbox.gone.set()


def _pools(base: _Base, resources: AsyncExitStack, stack: Stack, endpoints: Endpoints) -> dict[str, Pool]:
    pools: dict[str, Pool] = {}
    for function in stack.functions:
        root = recipe.task_root(function, base.folder / "code")
        made = Recipe(
            function=function,
            python=base.options.runtime_python,
            task_root=root,
            environment=recipe.environment(function, root=root, endpoints=endpoints),
            clock=base.clock,
            logs=base.logs,
        )
        pools[function.logical_id] = Pool(made, base.options.workers_per_function)
        resources.push_async_callback(pools[function.logical_id].close)
    return pools


def _sandbox(
    base: _Base,
    *,
    url: str,
    stack: Stack,
    backends: Backends,
    endpoints: Endpoints,
    client: BackendClient,
    pools: dict[str, Pool],
) -> Sandbox:
    def log(line: str) -> None:
        base.logs.write(BACKENDS, "", line)

    return Sandbox(
        url=url,
        clock=base.clock,
        logs=base.logs,
        metrics=base.metrics,
        mailbox=Mailbox(base.clock),
        stream=Stream(),
        stack=stack,
        backends=backends,
        endpoints=endpoints,
        client=client,
        pools=pools,
        pumps=tuple(Pump(source, client, pools[source.function], log) for source in stack.sources),
    )


async def _open(sandbox: Sandbox, resources: AsyncExitStack, listener: socket.socket, patience: float) -> None:
    following = asyncio.create_task(sandbox.follow())
    resources.push_async_callback(_ended, following)
    for pump in sandbox.pumps:
        pump.start()
        resources.push_async_callback(pump.close)
    gateway = Gateway(sandbox.stack, sandbox.pools, sandbox.clock, patience)
    await resources.enter_async_context(site.opened(listener, gateway, Routes(sandbox)))
    resources.callback(sandbox.stream.close)  # first of all: open pages would keep the site from closing


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
