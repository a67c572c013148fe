"""Who uses the stack: each a script that sends requests, hears answers or nothing, and waits."""

from tests.simulation.actors.attackers import besieger, guesser, hoarder, rival, stranger
from tests.simulation.actors.claimant import claimant
from tests.simulation.actors.meddler import meddler
from tests.simulation.actors.patient import forgetful, patient

ALL = (claimant, claimant, patient, patient, forgetful, guesser, besieger, hoarder, rival, stranger, meddler)
"""Claimants more often than the others."""
