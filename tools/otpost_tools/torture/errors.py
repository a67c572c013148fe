"""Why the kit stops, or leaves a property out."""


class TortureError(Exception):
    """The run cannot begin, or go on."""


class RefusedTargetError(TortureError):
    """The kit does not point itself at this: not the operator's own, or out of bounds."""


class CannotMeasureError(TortureError):
    """A property cannot be measured; the text says why. The others can."""
