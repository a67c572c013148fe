"""Plays the receiving side: bounces, complaints, deliveries and delays, as SES reports them on the event bus."""

import json
import uuid
from datetime import datetime
from typing import Any

from otpost_tools.sandbox import place
from otpost_tools.sandbox.logs import timestamp
from otpost_tools.sandbox.mail import Mail

DETAIL_TYPES = {
    "bounce": "Email Bounced",
    "complaint": "Email Complaint Received",
    "delivery": "Email Delivered",
    "delay": "Email Delivery Delayed",
}
_EVENT_TYPES = {"bounce": "Bounce", "complaint": "Complaint", "delivery": "Delivery", "delay": "DeliveryDelay"}


def event(mail: Mail, kind: str, now: datetime) -> dict[str, Any]:
    """The EventBridge event of *kind* for *mail*."""
    moment = timestamp(now)
    member, details = _details(mail, kind, moment)
    detail = {"eventType": _EVENT_TYPES[kind], "mail": _mail(mail), member: details}
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": DETAIL_TYPES[kind],
        "source": "aws.ses",
        "account": place.ACCOUNT,
        "time": now.isoformat(timespec="seconds").removesuffix("+00:00") + "Z",
        "region": place.REGION,
        "resources": [_configuration_arn(mail)] if mail.configuration_set else [],
        "detail": detail,
    }


def payload(mail: Mail, kind: str, now: datetime) -> bytes:
    """The same event as JSON."""
    return json.dumps(event(mail, kind, now)).encode()


def _configuration_arn(mail: Mail) -> str:
    return f"arn:{place.PARTITION}:ses:{place.REGION}:{place.ACCOUNT}:configuration-set/{mail.configuration_set}"


def _mail(mail: Mail) -> dict[str, Any]:
    tags = {name: [value] for name, value in mail.tags.items()}
    if mail.configuration_set:
        tags["ses:configuration-set"] = [mail.configuration_set]
    common = {"from": [mail.headers.get("From", mail.sender)], "to": list(mail.to), "subject": mail.subject}
    return {
        "timestamp": timestamp(mail.received_at),
        "source": mail.sender,
        "sourceArn": f"arn:{place.PARTITION}:ses:{place.REGION}:{place.ACCOUNT}:identity/{mail.sender}",
        "sendingAccountId": place.ACCOUNT,
        "messageId": mail.id,
        "destination": list(mail.to),
        "headersTruncated": False,
        "headers": [{"name": name, "value": value} for name, value in mail.headers.items()],
        "commonHeaders": {**common, "messageId": mail.id},
        "tags": {"ses:source-ip": ["127.0.0.1"], **tags},
    }


def _details(mail: Mail, kind: str, moment: str) -> tuple[str, dict[str, Any]]:
    recipients = [{"emailAddress": address} for address in mail.to]
    match kind:
        case "bounce":
            failed = {"action": "failed", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 user unknown"}
            bounced = [{**recipient, **failed} for recipient in recipients]
            kinds = {"bounceType": "Permanent", "bounceSubType": "General", "feedbackId": str(uuid.uuid4())}
            return "bounce", {**kinds, "bouncedRecipients": bounced, "timestamp": moment}
        case "complaint":
            complained = {"complainedRecipients": recipients, "complaintFeedbackType": "abuse"}
            return "complaint", {**complained, "feedbackId": str(uuid.uuid4()), "timestamp": moment}
        case "delivery":
            accepted = {"recipients": list(mail.to), "smtpResponse": "250 2.6.0 Message received"}
            return "delivery", {**accepted, "processingTimeMillis": 100, "timestamp": moment}
        case _:
            delayed = [{**recipient, "status": "4.4.1", "action": "delayed"} for recipient in recipients]
            return "deliveryDelay", {"delayType": "MailboxFull", "delayedRecipients": delayed, "timestamp": moment}
