"""The HTTP API."""

from tests.template import api
from tests.template.stacks import Node, Stack, built

DOMAIN = {
    "DomainName": "codes.example.com",
    "CertificateArn": "arn:aws:acm:eu-central-1:000000000000:certificate/0-1",
}


def test_the_routes_are_those_of_the_contract(stack: Stack, backend: Stack) -> None:
    """A44."""
    assert api.routes(stack) == api.ROUTES
    assert api.routes(backend) == api.ROUTES


def test_no_route_takes_more_than_one_method_and_path(stack: Stack) -> None:
    """A44: unknown routes are API Gateway's own 404."""
    assert api.catch_all_routes(stack) == []


def test_backend_mode_asks_for_a_signature_on_exactly_five_routes(backend: Stack) -> None:
    """A41: only a signed body may name a client."""
    assert api.signed_routes(backend) == api.FOR_BACKENDS
    assert len(api.FOR_BACKENDS) == 5


def test_browser_mode_asks_for_no_signature(stack: Stack) -> None:
    """A page has no AWS credentials."""
    assert api.signed_routes(stack) == set()


def test_browser_mode_lets_exactly_the_named_origins_read(stack: Stack) -> None:
    """A28."""
    assert api.body(stack)["x-amazon-apigateway-cors"]["allowOrigins"] == ["https://app.example.com"]
    assert api.open_cors(stack) == []


def test_backend_mode_lets_no_page_read(backend: Stack) -> None:
    """A28."""
    assert "x-amazon-apigateway-cors" not in api.body(backend)


def test_a_route_may_invoke_its_own_function_and_no_other(stack: Stack) -> None:
    """A44."""
    assert api.permissions(stack) == set(api.ROUTES.items())


def test_every_route_is_throttled(stack: Stack) -> None:
    """A7 and practice 6."""
    assert api.unthrottled_routes(stack) == []


def test_the_access_log_tells_nothing_of_caller_or_content(stack: Stack) -> None:
    """A15."""
    assert api.talkative_access_log(stack) == []


def test_a_custom_domain_speaks_tls_1_2_and_closes_the_default_endpoint(source: Node) -> None:
    """Practice 1."""
    stack = built(source, **DOMAIN)
    (domain,) = stack.of_type("AWS::ApiGatewayV2::DomainName").values()
    assert [each["SecurityPolicy"] for each in domain["DomainNameConfigurations"]] == ["TLS_1_2"]
    assert api.default_endpoint_is_closed(stack)
    assert len(stack.of_type("AWS::ApiGatewayV2::ApiMapping")) == 1


def test_without_a_custom_domain_the_default_endpoint_stays(stack: Stack) -> None:
    """Otherwise there would be none."""
    assert stack.of_type("AWS::ApiGatewayV2::DomainName") == {}
    assert not api.default_endpoint_is_closed(stack)
