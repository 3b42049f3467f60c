"""What hypothesis draws for the law: schedules, faults, and whole applications to try them on.

Rule: hypothesis is imported in this room and nowhere else in the package, so an application never needs it.
"""

from duality.proof.strategies.faults import faults, faults_of
from duality.proof.strategies.schedules import schedules
from duality.proof.strategies.spec import Spec
from duality.proof.strategies.specs import spec_of, specs

__all__ = ["Spec", "faults", "faults_of", "schedules", "spec_of", "specs"]
