"""(L4) At every rest, the record among events holds what is alive on the thread's stack, by name and value, no more.

The judge is ``duality/proof/rests.py``; what it would notice is tested in ``tests/proof/test_rests.py``.
"""

import pytest

from duality.proof import Schedule
from duality.proof.rests import Rests, unlike
from duality.proof.trial import trial
from tests.corpus import CORPUS
from tests.virtual import VirtualIO


@pytest.mark.parametrize("spec", CORPUS)
def test_at_every_rest_the_record_holds_what_is_alive_on_the_stack_and_no_more(spec):
    for seed, crossing in ((11, "direct"), (12, "direct"), (13, "queued")):
        seen = []
        for on in ("threads", "events"):
            rests = Rests(on, whole=True)
            trial(CORPUS[spec], on, Schedule.seeded(seed), VirtualIO(), crossing=crossing, watchers=[rests])
            seen.append(rests)
        assert str(unlike(*seen)) == "None", f"{spec}, Schedule.seeded({seed}), crossing {crossing}"
