"""Who uses the stack: each a script that sends requests, hears answers or nothing, and waits."""

from tests.simulation.actors.attackers import besieger, guesser, rival, stranger
from tests.simulation.actors.claimant import claimant
from tests.simulation.actors.meddler import meddler

ALL = (claimant, claimant, claimant, guesser, besieger, rival, stranger, meddler)
"""The claimant more often than the others."""
