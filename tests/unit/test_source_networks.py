"""The network that one source controls."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpost.window import source_network


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("192.0.2.0", "192.0.2.0/24"),
        ("192.0.2.255", "192.0.2.0/24"),
        ("0.0.0.0", "0.0.0.0/24"),
        ("255.255.255.255", "255.255.255.0/24"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:DB8:0:0:ffff:ffff:ffff:ffff", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("::1", "::/64"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("::FFFF:C000:0207", "192.0.2.0/24"),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)
def test_a_source_is_a_24_or_a_64(ip: str, network: str) -> None:
    """A42."""
    assert source_network(ip) == network


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "localhost",
        "192.0.2",
        "192.0.2.256",
        "192.0.2.01",
        "192.0.2.1 ",
        " 192.0.2.1",
        "192.0.2.1\n",
        "192.0.2.1:443",
        "192.0.2.1/24",
        "192.0.2.1, 198.51.100.1",
        "0x7f000001",
        "2130706433",
        "[2001:db8::1]",
        "2001:db8:::1",
        "2001:db8::g",
        "1::2::3",
        "１９２.0.2.1",
        "\u0661.0.2.1",
        "\0",
        "\ud800",
    ],
)
def test_what_is_no_ip_address_has_no_network(text: str) -> None:
    """A41."""
    assert source_network(text) is None


@given(st.ip_addresses(v=6), st.integers(0, 2**64 - 1))
def test_a_whole_64_is_one_source(address: ipaddress.IPv6Address, host: int) -> None:
    """A42: whoever rotates addresses in its own network gains nothing."""
    other = ipaddress.IPv6Address(int(address) >> 64 << 64 | host)

    assert source_network(str(address)) == source_network(str(other)) or address.ipv4_mapped or other.ipv4_mapped


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_counts_the_same_however_it_is_written(address: ipaddress.IPv4Address) -> None:
    assert (
        source_network(str(address))
        == source_network(f"::ffff:{address}")
        == f"{address}".rpartition(".")[0] + (".0/24")
    )


@given(st.text(max_size=60))
def test_any_text_is_a_network_or_none(text: str) -> None:
    network = source_network(text)

    assert network is None or ipaddress.ip_network(network)
