"""Paths that more than one part of the sandbox knows."""

PREFIX = "/_sandbox"  # the sandbox's own routes, beside those of the stack

# On the backends' port:
EMPTY = "/_sandbox/empty"
SEND_EMAIL = "/v2/email/outbound-emails"
