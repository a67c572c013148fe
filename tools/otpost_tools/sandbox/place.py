"""Where the sandbox says it is. No request ever leaves the machine."""

REGION = "eu-central-1"
ACCOUNT = "123456789012"
PARTITION = "aws"
URL_SUFFIX = "amazonaws.com"
API_ID = "sandboxapi"
