"""`otpost sandbox`: the whole stack on this machine, and what to do with it."""


def sandbox() -> None:
    """Run the whole stack on this machine."""
