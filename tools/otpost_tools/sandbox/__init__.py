"""The whole stack on one machine: the same template, no AWS account, no Docker (docs: DESIGN of the sandbox in README).

`server.run(SandboxOptions())` starts it and waits; `background.running(SandboxOptions())` starts it beside a test.
"""
