"""Which IP addresses lie inside: of this machine, its network, or of no use to anybody outside.

The tables are IANA's registries of special-purpose addresses and the metadata services of clouds.
https://www.iana.org/assignments/iana-ipv4-special-registry
https://www.iana.org/assignments/iana-ipv6-special-registry
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

_INSIDE_V4: Final = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # behind a provider's NAT; also Alibaba's metadata
        "127.0.0.0/8",  # this machine
        "168.63.129.16/32",  # Azure's host
        "169.254.0.0/16",  # link-local; also the metadata of most clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; also Oracle's metadata
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
_OUTSIDE_V6: Final = IPv6Network("2000::/3")
"""Everything public that IANA has handed out; whatever is not in it is inside."""
_INSIDE_V6: Final = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address in other clothes
        "3fff::/20",  # documentation
    )
)
_WITH_V4_INSIDE: Final = (
    IPv6Network("::ffff:0:0/96"),  # IPv4-mapped
    IPv6Network("64:ff9b::/96"),  # NAT64
)
_V4_BITS: Final = 0xFFFF_FFFF


def is_inside(address: str) -> bool:
    """Whether a request to the address must not be made. Raises `ValueError` for no address."""
    ip = ip_address(address)
    if isinstance(ip, IPv4Address):
        return any(ip in network for network in _INSIDE_V4)
    return _is_inside_v6(ip)


def _is_inside_v6(ip: IPv6Address) -> bool:
    if any(ip in network for network in _WITH_V4_INSIDE):
        return is_inside(str(IPv4Address(int(ip) & _V4_BITS)))
    return ip not in _OUTSIDE_V6 or any(ip in network for network in _INSIDE_V6)
