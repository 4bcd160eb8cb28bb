"""Nonsense from one seed at every route by every role: refused, not found or ignored, never a fault of the server's."""

from __future__ import annotations

from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.fuzzing import Storm, furnish
from tests.world import World

REQUESTS = 400


def test_no_nonsense_is_a_fault_of_the_server(client: CheckingClient, world: World, cast: Cast) -> None:
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    storm = Storm(client, cast, furnish(world, cast), seed=20261123)
    seen = set()
    for method, address, sent, answer in storm.blow(REQUESTS):
        assert answer.status_code < 500, (method, address, sent)
        seen.add(answer.status_code)
    assert {200, 302, 403, 404, 422} <= seen
