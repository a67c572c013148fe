"""Mail goes into a table instead of out, so that every worker's mail is in one inbox."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.http import HttpRequest, JsonResponse

from peer.inbox.models import Mail


class TableBackend(BaseEmailBackend):
    """A mail backend that keeps what it is asked to send."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep every mail once per recipient; return how many mails that was."""
        for message in email_messages:
            for recipient in message.recipients():
                Mail.objects.create(recipient=recipient, subject=message.subject, body=message.body)
        return len(email_messages)


def read(request: HttpRequest) -> JsonResponse:
    """Answer GET /inbox?to=ADDRESS with that address's mail, newest first: `[{"to", "subject", "text"}]`."""
    mails = Mail.objects.filter(recipient=request.GET.get("to", "")).order_by("-id")
    shown = [{"to": mail.recipient, "subject": mail.subject, "text": mail.body} for mail in mails]
    return JsonResponse(shown, safe=False)
