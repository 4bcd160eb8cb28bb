"""A photo of a gathering comes with its record, is seen on its page, and stays with a correction that still names it."""

from __future__ import annotations

from tdteam.domain.periods import today
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.phone import Phone
from tests.web.photos import photo, send, sha


def test_a_gathering_shows_its_photos_to_who_sees_the_village(client: CheckingClient, cast: Cast) -> None:
    phone, body = Phone(client, cast.an), photo()
    held = {
        "village_id": cast.village.id,
        "team_id": cast.village.team.id,
        "held_on": today().isoformat(),
        "place": "culture_house",
        "topic": "VNeID",
        "attended": 12,
        "photos": [sha(body)],
    }
    first = phone.record("gathering", held)
    assert phone.states(first) == ["accepted"]
    address = f"/evidence/{sha(body)}.jpg"
    assert client.sign_in(cast.chi).get(address).status_code == 404  # named, not here yet
    send(client.sign_in(cast.an), body)
    page = client.sign_in(cast.chi).get(f"/gatherings/{first['id']}").get_data(as_text=True)
    assert address in page
    assert client.get(address).status_code == 200
    assert client.sign_in(cast.dung).get(address).status_code == 404
    second = phone.record("gathering", {**held, "attended": 15, "corrects": first["id"]}, base_version=1)
    assert phone.states(second) == ["accepted"]
    page = client.sign_in(cast.chi).get(f"/gatherings/{second['id']}").get_data(as_text=True)
    assert address in page


def test_a_household_keeps_no_photos_whatever_its_record_names(client: CheckingClient, cast: Cast) -> None:
    """A photo of somebody's home stands beside a visit or a gathering, never in the registry."""
    phone, body = Phone(client, cast.an), photo()
    home = {"village_id": cast.village.id, "head": "Giàng A Páo", "photos": [sha(body)]}
    assert phone.states(phone.record("household", home)) == ["accepted"]
    send(client.sign_in(cast.an), body)
    assert client.sign_in(cast.chi).get(f"/evidence/{sha(body)}.jpg").status_code == 404
