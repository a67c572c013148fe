"""The template's numbers that decide what can overlap; test_numbers.py holds them to template.yaml."""

from datetime import timedelta

TIMEOUTS = {
    "issue": timedelta(seconds=25),
    "verify": timedelta(seconds=25),
    "status": timedelta(seconds=15),
    "deliver": timedelta(seconds=15),
}
VISIBILITY = timedelta(seconds=90)
RETENTION = timedelta(days=2)
MAX_RECEIVES = 5
BATCH_SIZE = 5
