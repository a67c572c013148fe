"""One execution environment: a process of AWS's runtime client, its Runtime API and its output."""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from otpost_tools.sandbox import platform_log
from otpost_tools.sandbox.invocation import Answered, Failed, Failure, Invocation, Outcome, error_document
from otpost_tools.sandbox.output import Output
from otpost_tools.sandbox.recipe import Recipe
from otpost_tools.sandbox.runtime_api import RuntimeApi

_BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
# Lambda grants an init 10 s on a processor of its own; here a dozen of them may share two.
_INIT_SECONDS = 60.0
_NEVER_STARTED = 127


class State(StrEnum):
    """Where a worker is in its life."""

    STARTING = "starting"
    IDLE = "idle"
    BUSY = "busy"
    RETURNING = "returning"  # has answered, and will ask for the next event in a moment
    ENDED = "ended"


class Worker:
    """Runs one invocation at a time. *changed* is called when it becomes idle, and when it has ended."""

    def __init__(self, recipe: Recipe, changed: Callable[["Worker"], None]) -> None:
        self._recipe = recipe
        self._changed = changed
        self._api = RuntimeApi(self)
        self._output = Output(self._log)
        self._process: asyncio.subprocess.Process | None = None
        self._killed = False
        self._current: Invocation | None = None
        self._given: asyncio.Future[Invocation] | None = None
        self._timer = asyncio.get_running_loop().call_later(_INIT_SECONDS, self.kill)
        self._since = time.monotonic()
        self._init_milliseconds: float | None = None
        self.init_error: bytes | None = None
        self.state = State.STARTING

    @property
    def pid(self) -> int | None:
        """The process id, once there is a process."""
        return None if self._process is None else self._process.pid

    async def run(self) -> None:
        """Start the process and see it through to its end."""
        address = await self._api.open()
        try:
            await self._start(address)
        except OSError as error:
            self.init_error = error_document("Runtime.InvalidEntrypoint", str(error))
        self._output.started()
        self._end(_NEVER_STARTED if self._process is None else await self._process.wait())
        await self._api.close()

    async def _start(self, address: str) -> None:
        arguments = (self._recipe.function.handler, str(self._recipe.clock.path), str(os.getpid()))
        self._process = await asyncio.create_subprocess_exec(
            self._recipe.python,
            # Neither the folder of the script (-P) nor the user's own packages (-s) are on the search path.
            *("-P", "-s", str(_BOOTSTRAP), *arguments),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=self._output.writer,
            stderr=self._output.writer,
            cwd=self._recipe.task_root,
            env={**self._recipe.environment, "AWS_LAMBDA_RUNTIME_API": address},
            start_new_session=True,  # Ctrl-C is the sandbox's to handle; and kill() reaches children, too
        )
        if self._killed:
            self.kill()

    def kill(self) -> None:
        """End the process, whatever it does."""
        self._killed = True
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):  # ended, and not yet waited for (macOS says the second)
                os.killpg(self._process.pid, signal.SIGKILL)

    def give(self, invocation: Invocation) -> None:
        """Run *invocation*. Only for an idle worker."""
        assert self._given is not None
        self.state = State.BUSY
        self._current = invocation
        self._since = time.monotonic()
        self._timer = asyncio.get_running_loop().call_later(self._recipe.function.timeout, self._time_out)
        self._log(platform_log.start(invocation.request_id))
        self._given.set_result(invocation)

    # What the runtime asks of its API:

    async def next_invocation(self) -> Invocation:
        """Become idle, and wait for an event."""
        if self.state is State.STARTING:
            self._timer.cancel()
            self._init_milliseconds = (time.monotonic() - self._since) * 1000
        self._output.drain()
        self.state = State.IDLE
        self._given = asyncio.get_running_loop().create_future()
        self._changed(self)
        return await self._given

    def answer(self, request_id: str, payload: bytes | None) -> bool:
        """Finish the run with what the handler returned."""
        if payload is None:
            error = error_document("Function.ResponseSizeTooLarge", "Response payload size exceeded maximum allowed")
            return self._finish(request_id, Failed(failure=Failure.TOO_LARGE, error=error))
        return self._finish(request_id, Answered(payload=payload))

    def fail(self, request_id: str, error: bytes) -> bool:
        """Finish the run with what the handler raised."""
        return self._finish(request_id, Failed(failure=Failure.HANDLER, error=error))

    def fail_init(self, error: bytes) -> None:
        """Remember why the handler cannot run; the process ends by itself."""
        self.init_error = error

    def headers(self, invocation: Invocation) -> dict[str, str]:
        """What the runtime is told beside the event. The deadline is on the sandbox's clock, as the function is."""
        deadline = self._recipe.clock.timestamp() + self._recipe.function.timeout
        return {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
            "Lambda-Runtime-Deadline-Ms": str(int(deadline * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": self._recipe.function.arn,
            "Lambda-Runtime-Trace-Id": invocation.trace_id,
        }

    def _finish(self, request_id: str, outcome: Outcome) -> bool:
        current = self._current
        if current is None or current.request_id != request_id:
            return False
        self._timer.cancel()
        self._output.drain()
        self._log(platform_log.end(request_id))
        self._log(
            platform_log.report(
                request_id,
                milliseconds=(time.monotonic() - self._since) * 1000,
                memory=self._recipe.function.memory,
                used=platform_log.memory_used(self.pid or 0),
                init_milliseconds=self._init_milliseconds,
            )
        )
        self._init_milliseconds = None
        self._current = None
        if self.state is State.BUSY and not self._killed:
            self.state = State.RETURNING
        current.finish(outcome)
        return True

    def _time_out(self) -> None:
        assert self._current is not None
        self.kill()
        self._output.drain()
        line = platform_log.timed_out(self._current.request_id, self._recipe.function.timeout)
        self._log(line)
        error = error_document("Sandbox.Timedout", line)
        self._finish(self._current.request_id, Failed(failure=Failure.TIMEOUT, error=error))

    def _end(self, status: int) -> None:
        was_starting = self.state is State.STARTING
        self.state = State.ENDED
        self._timer.cancel()
        if self._given is not None:
            self._given.cancel()  # nobody waits for an event any more
        self._output.close()
        message = f"Runtime exited with {f'signal {-status}' if status < 0 else f'exit status {status}'}"
        error = error_document("Runtime.ExitError", message)
        if was_starting and self.init_error is None:
            self.init_error = error
        if self._current is not None:
            self._finish(self._current.request_id, Failed(failure=Failure.CRASH, error=error))
        self._changed(self)

    def _log(self, line: str) -> None:
        request_id = self._current.request_id if self._current is not None else ""
        self._recipe.logs.write(self._recipe.function.logical_id, request_id, line)
