"""Tools that never ship to Lambda: the `otpost` command and the sandbox."""
