"""One run of an exploration, played by hand: what each of its steps has touched, in words."""

from duality.core.io.simulated import SimulatedIO
from duality.proof.fields import Reasons
from duality.proof.footprints import Footprints
from duality.proof.outside import Outside
from duality.proof.playing import Player
from duality.spec.module import modules_below


class Hand:
    """Stands where a search does: the tasks that are named go first, and then whoever is offered first.

    steps: of each the task, what it touched, and the steps that it is known to come after.   rests: the first step
    after nothing was ready.   offered: of each step.
    """

    replayed = 0

    def __init__(self, seen, names=()):
        self.seen, self.names = seen, names
        self.steps, self.rests, self.offered = [], [], []

    def choose(self, step, offered):
        self.offered.append(offered)
        return self.names[step] if step < len(self.names) else offered[0]

    def stepped(self, step, task, footprint, enablers):
        assert step == len(self.steps)
        self.steps.append((task, set(self.seen.told(footprint)), enablers))

    def at_rest(self, step):
        self.rests.append(step)

    def word(self):
        return [offered.index(task) for offered, (task, *_) in zip(self.offered, self.steps, strict=True)]


def player(app, names=(), reasons=None, **params):
    """Who plays it; its ``search`` is a Hand."""
    seen = Footprints()
    modules = [type(instance) for _, instance in modules_below(app.build(**params))]
    return Player(Hand(seen, names), seen, reasons or Reasons(), Outside(dict.fromkeys(modules)))


def play(app, on, names=(), reasons=None, crossing="direct", io=None, **params):
    """Play it; gives how it ended, and the Hand."""
    mine = player(app, names, reasons, **params)
    ended = mine.play(lambda: app.build(**params), on, io or SimulatedIO(), crossing)
    return ended, mine.search


def touched(app, on, names=(), **params):
    """Of every step of a run: the task, and what it touched, but for itself."""
    _, hand = play(app, on, names, **params)
    return [(task, told - {f"reads task {task}"}) for task, told, _ in hand.steps]
