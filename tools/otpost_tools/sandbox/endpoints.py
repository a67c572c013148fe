"""Where the stand-ins for AWS listen: DynamoDB, and everything else."""

from dataclasses import dataclass

from otpost_tools.sandbox import place


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """Base URLs on this machine; the two are one while moto keeps the tables too. *engine* names what keeps them."""

    backends: str
    dynamodb: str
    engine: str

    @property
    def separate(self) -> bool:
        """Whether an engine of their own keeps the tables."""
        return self.dynamodb != self.backends

    def environment(self) -> dict[str, str]:
        """What makes every AWS SDK talk to these, and to nothing else, whatever the user's own setup says."""
        return {
            "AWS_ACCESS_KEY_ID": "sandbox",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_DEFAULT_REGION": place.REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": self.backends,
            "AWS_ENDPOINT_URL_DYNAMODB": self.dynamodb,
            "AWS_REGION": place.REGION,
            "AWS_SECRET_ACCESS_KEY": "sandbox",
            "AWS_SESSION_TOKEN": "sandbox",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        }
