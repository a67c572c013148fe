"""Waiting: on the product's own clock where the adapter has one, else in real time and not for long."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from otpost_tools.torture.errors import CannotMeasureError
from otpost_tools.torture.product import Product

LONGEST_SECONDS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """Waits for *product*. *sleep* is replaced by tests of this class only."""

    product: Product
    sleep: Callable[[float], None] = time.sleep

    @property
    def are_free(self) -> bool:
        """True if waiting costs no time."""
        return self.product.adapter.clock is not None

    def wait(self, seconds: int) -> None:
        """Wait; CannotMeasureError if that would take longer than anybody wants to watch."""
        if seconds <= 0:
            return
        if (clock := self.product.adapter.clock) is not None:
            self.product.advance(clock, seconds)
        elif seconds <= LONGEST_SECONDS:
            self.sleep(seconds)
        else:
            raise CannotMeasureError(f"the product asks for a pause of {seconds} s")
