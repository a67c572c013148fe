"""What can keep the sandbox from running. Every message is written for the person at the terminal."""


class SandboxError(Exception):
    """The sandbox cannot do what was asked; the message says what to change."""


class TemplateError(SandboxError):
    """The template, or a parameter given to it, cannot be run."""


class PortInUseError(SandboxError):
    """Something else listens on the sandbox's port."""


class RuntimeMissingError(SandboxError):
    """The Python environment that runs the functions is not there."""


class EngineError(SandboxError):
    """The engine that was asked for does not exist, is not installed, or did not start."""


class BridgeError(SandboxError):
    """Containers cannot be served on the address that was asked for."""


class BackendError(SandboxError):
    """The local backends did not start, or refused to create a resource."""
