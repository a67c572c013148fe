"""The mail that was caught."""

from django.db import models


class Mail(models.Model):
    """One mail to one recipient, as handed to Django's mail backend."""

    recipient = models.TextField(db_index=True)
    subject = models.TextField()
    body = models.TextField()
