"""All that a random program imports."""

from tests.compiler.fuzz.protocols import *
from tests.compiler.fuzz.rooms import *
from tests.compiler.fuzz.values import *
