"""Runs a sandbox until it is told to stop, and says on the way what it does."""

import asyncio
import json
import signal
import time
from collections.abc import Callable

from otpost_tools.sandbox import bridge, engine, handover
from otpost_tools.sandbox.errors import SandboxError
from otpost_tools.sandbox.news import News, Progress, Refused, Started, Stopped
from otpost_tools.sandbox.options import SandboxOptions
from otpost_tools.sandbox.paths import PREFIX
from otpost_tools.sandbox.sandbox import Sandbox

type Announce = Callable[[News], None]


def run(options: SandboxOptions, announce: Announce) -> int:
    """Run until Ctrl-C or SIGTERM. Returns the exit status: 0, or 1 if it could not start or go on.

    *announce* hears Progress while it starts, then Started, and Stopped when everything is gone; or Refused, with the
    reason.
    """
    return asyncio.run(_run(options, announce))


async def _run(options: SandboxOptions, announce: Announce) -> int:
    serving = asyncio.create_task(_serve(options, announce))

    def stop() -> None:
        if not serving.cancelling():  # a second Ctrl-C does not disturb the first
            serving.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    try:
        await serving
    except asyncio.CancelledError:
        announce(Stopped())
        return 0
    except SandboxError as error:
        announce(Refused(text=str(error)))
        return 1
    announce(Refused(text="The backends ended by themselves, and what they held is lost. Start the sandbox again."))
    return 1


async def _serve(options: SandboxOptions, announce: Announce) -> None:
    began = time.monotonic()
    async with (
        engine.running(options, lambda text: announce(Progress(text=text))) as sandbox,
        bridge.opened(options.bridge, sandbox.endpoints) as reachable,
    ):
        handover.write_env_vars(options.state_folder, sandbox.stack.functions, reachable)
        announce(_started(sandbox, options, time.monotonic() - began))
        await sandbox.gone.wait()


def _started(sandbox: Sandbox, options: SandboxOptions, seconds: float) -> Started:
    functions = sandbox.stack.functions
    errors = {function.logical_id: sandbox.pools[function.logical_id].state().init_error for function in functions}
    return Started(
        url=sandbox.url,
        inbox_url=f"{sandbox.url}{PREFIX}/",
        backends_url=sandbox.endpoints.backends,
        dynamodb=sandbox.endpoints.engine,
        seconds=seconds,
        functions=functions,
        routes=sandbox.stack.routes,
        not_emulated=dict(sandbox.stack.not_emulated),
        init_errors={name: _message(error) for name, error in errors.items() if error is not None},
        caller=sandbox.caller,
        env_vars_file=str(handover.env_vars_file(options.state_folder)),
        build_command=handover.build_command(),
        invoke_command=handover.invoke_command(options.state_folder),
    )


def _message(error: str) -> str:
    """What Lambda's error document says."""
    return str(json.loads(error).get("errorMessage", error))
