"""What must hold after every step, each theme by itself, none knowing how the code decides."""

from tests.simulation.laws.answers import Answers
from tests.simulation.laws.knowledge import Knowledge
from tests.simulation.laws.limits import Limits
from tests.simulation.laws.mails import Mails
from tests.simulation.laws.promises import Promises
from tests.simulation.laws.repeats import Repeats
from tests.simulation.laws.spending import Spending
from tests.simulation.laws.streaks import Streaks

ALL = (Answers, Knowledge, Limits, Mails, Promises, Repeats, Spending, Streaks)
