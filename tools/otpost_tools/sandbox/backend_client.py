"""Calls the local backends. It knows only addresses on this machine: no call can reach AWS."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import aiohttp

from otpost_tools.sandbox import place
from otpost_tools.sandbox.endpoints import Endpoints
from otpost_tools.sandbox.errors import BackendError

_BAD = 400


class BackendClient:
    """Speaks AWS's protocols to the backends: JSON targets, REST with JSON, and form posts."""

    def __init__(self, endpoints: Endpoints) -> None:
        self._endpoints = endpoints
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

    async def close(self) -> None:
        """Close every connection."""
        await self._session.close()

    async def target(self, service: str, target: str, version: str, **body: object) -> dict[str, Any]:
        """One call of a service that speaks AWS JSON, such as DynamoDB, SQS and KMS."""
        headers = {"X-Amz-Target": target, "Content-Type": f"application/x-amz-json-{version}"}
        return await self._call(service, "/", json.dumps(body), headers)

    async def dynamodb(self, operation: str, **body: object) -> dict[str, Any]:
        """One call of DynamoDB."""
        return await self.target("dynamodb", f"DynamoDB_20120810.{operation}", "1.0", **body)

    async def sqs(self, operation: str, **body: object) -> dict[str, Any]:
        """One call of SQS."""
        return await self.target("sqs", f"AmazonSQS.{operation}", "1.0", **body)

    async def kms(self, operation: str, **body: object) -> dict[str, Any]:
        """One call of KMS."""
        return await self.target("kms", f"TrentService.{operation}", "1.1", **body)

    async def ses(self, path: str, **body: object) -> dict[str, Any]:
        """One POST to SES v2, below /v2/email/."""
        return await self._call("ses", f"/v2/email/{path}", json.dumps(body), {"Content-Type": "application/json"})

    async def sns(self, operation: str, **parameters: str) -> None:
        """One call of SNS."""
        form = urlencode({"Action": operation, "Version": "2010-03-31", **parameters})
        await self._call("sns", "/", form, {"Content-Type": "application/x-www-form-urlencoded"})

    async def post(self, path: str) -> None:
        """One call to the sandbox's own route of the backends' process."""
        await self._call("sandbox", path, "", {})

    async def _call(self, service: str, path: str, body: str, headers: Mapping[str, str]) -> dict[str, Any]:
        # The backends route by the scope of the credential, and check no signature.
        scope = f"sandbox/20260101/{place.REGION}/{service}/aws4_request"
        signed = {**headers, "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"}
        url = self._endpoints.dynamodb if service == "dynamodb" else self._endpoints.backends
        async with self._session.post(url + path, data=body, headers=signed) as response:
            answer = await response.text()
        if response.status >= _BAD:
            raise BackendError(f"{service} {headers.get('X-Amz-Target', path)} answered {response.status}: {answer}")
        return json.loads(answer) if answer.startswith("{") else {}
