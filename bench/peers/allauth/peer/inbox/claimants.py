"""allauth sends login codes to registered accounts only; a torture makes up its addresses as it goes."""

import json
from collections.abc import Callable

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse


class RegisterClaimant:
    """Middleware: before a login code is asked for, the address has an account with a verified address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Register whom a request for a code names, then let allauth handle it as it came."""
        if request.method == "POST":
            match request.path.rsplit("/", 4)[1:]:
                case ["v1", "auth", "code", "request"]:
                    self._register(json.loads(request.body)["email"])
                case ["accounts", "login", "code", ""]:
                    self._register(request.POST["email"])
        return self.get_response(request)

    def _register(self, email: str) -> None:
        user, _ = get_user_model().objects.get_or_create(username=email, defaults={"email": email})
        EmailAddress.objects.get_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
