"""How long each function takes from an empty process to a loaded handler, against boto3 and one client alone.

Run it by `make bench`. Medians of wall time over several processes, printed as ratios: the machine's speed drops out.
Lambda adds the sandbox's own start and the download of the layer; nothing here measures those.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
RUNTIME = ROOT / ".venv-runtime" / "bin" / "python"
RUNS = 9
LIFE = {"life": 300, "maximum": 600}
POLICY = {
    "purposes": {"sign_in": LIFE},
    "digits": 6,
    "attempts": 5,
    "streak": {"step_up": 20, "refuse": 60},
    "windows": {"address_interval": 30, "address_hour": 5, "address_day": 10, "source_hour": 300, "stack_day": 100000},
}
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "PYTHONPATH": f"{ROOT}:{ROOT / 'layers' / 'core'}",
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "POWERTOOLS_SERVICE_NAME": "bench",
    "POWERTOOLS_METRICS_NAMESPACE": "OTPost",
    "CALLER_MODE": "browser",
    "IDENTITY_CASE": "ascii_lower",
    "POLICY": json.dumps(POLICY),
    "FUNCTION_TIMEOUT_SECONDS": "15",
    "SENDER_ADDRESS": "no-reply@otpost.example",
} | dict.fromkeys(
    (
        "CHALLENGE_TABLE",
        "IDENTITY_TABLE",
        "MAIL_QUEUE_URL",
        "IDENTITY_KEY_ARN",
        "CODE_KEY_ARN",
        "SIGNING_KEY_ARN",
        "CONFIGURATION_SET",
        "BRAND_NAME",
        "SITE_ORIGIN",
        "SUPPORT_ADDRESS",
        "RECEIPT_ISSUER",
        "RECEIPT_AUDIENCE",
    ),
    "bench",
)
BASELINE = "boto3 and one client"
PROGRAMS = {
    "an empty interpreter": "pass",
    BASELINE: "import boto3; boto3.client('dynamodb')",
} | {
    f"the {name} function": f"import functions.{name}.app" for name in ("issue", "verify", "status", "deliver", "keys")
}


def seconds(program: str) -> float:
    """Return the wall time of one process that runs *program*."""
    started = time.perf_counter()
    subprocess.run([RUNTIME, "-c", program], env=ENVIRONMENT, cwd=ROOT, check=True)
    return time.perf_counter() - started


def main() -> None:
    """Measure all programs in turns, so that a slow moment of the machine hits each alike."""
    times: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(RUNS):
        for name, program in PROGRAMS.items():
            times[name].append(seconds(program))
    baseline = statistics.median(times[BASELINE])
    sys.stdout.write(f"Cold start as a multiple of {BASELINE} ({baseline * 1000:.0f} ms here), median of {RUNS}:\n")
    for name, measured in times.items():
        sys.stdout.write(f"  {statistics.median(measured) / baseline:5.2f}  {name}\n")


if __name__ == "__main__":
    main()
