"""Networks as people type them, and visitors' addresses in them."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, connection

from mediaexchange.core.networks import is_within, networks_in


def test_networks_are_read_from_lines_and_commas_each_once_in_their_canonical_text():
    typed = " 203.0.113.7\n198.51.100.0/24, 2001:DB8:0::/32 ;203.0.113.7/32\r\n"
    assert networks_in(typed) == ["203.0.113.7/32", "198.51.100.0/24", "2001:db8::/32"]
    assert networks_in(" \n ") == []


def test_each_that_is_none_is_named_and_bits_behind_the_length_are_not_guessed_away():
    with pytest.raises(ValidationError) as caught:
        networks_in("203.0.113.7/24 198.51.100.0/24 localhost 1.2.3.4/33")
    messages = caught.value.messages
    assert [message.split("”")[0] for message in messages] == ["“203.0.113.7/24", "“localhost", "“1.2.3.4/33"]


@pytest.mark.parametrize(
    ("address", "is_inside"),
    [
        ("203.0.113.255", True),
        ("203.0.114.0", False),
        ("::ffff:203.0.113.1", True),
        ("2001:db8:1::1", True),
        ("2001:db9::1", False),
        ("", False),
        ("unix:", False),
    ],
)
def test_an_address_lies_in_a_network_of_its_own_family(address, is_inside):
    assert is_within(address, ["203.0.113.0/24", "2001:db8::/32"]) is is_inside


@pytest.mark.django_db
def test_the_database_takes_no_other():
    with connection.cursor() as cursor, pytest.raises(DataError):
        cursor.execute("UPDATE core_apikey SET networks = ARRAY[%s]::cidr[]", ["203.0.113.7/24"])
