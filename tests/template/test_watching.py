"""Logs and alarms."""

from tests.template import watching
from tests.template.stacks import Node, Stack, built


def test_every_log_is_kept_for_a_stated_time(stack: Stack) -> None:
    """Practice 7."""
    assert watching.unkept_logs(stack) == []


def test_every_alarm_tells_somebody_what_to_do(stack: Stack) -> None:
    """Practice 19."""
    assert watching.mute_alarms(stack) == []


def test_alarms_and_logs_get_past_the_encryption(stack: Stack) -> None:
    """Practice 19: an alarm that cannot publish is none."""
    assert watching.unheard_topic(stack) == []


def test_errors_and_throttles_of_every_function_raise_an_alarm(stack: Stack) -> None:
    """Practice 19."""
    assert watching.unwatched_functions(stack) == []


def test_an_alarm_looks_at_what_a_function_emits(stack: Stack) -> None:
    """Practice 19, A60."""
    assert watching.alarms_on_nothing(stack) == []


def test_the_mail_path_is_watched_end_to_end(stack: Stack) -> None:
    """Practice 19: the API's own errors, the age of the queue, what was given up."""
    watched = {metric["MetricName"] for metric in watching.watched_metrics(stack)}
    assert watched >= {"5xx", "ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"}


def test_bands_are_drawn_for_the_issue_rate_and_the_share_of_wrong_codes(stack: Stack) -> None:
    """A5, practice 19."""
    assert watching.bands(stack) == {("Challenges", "issued"), ("Attempts", "wrong_code"), ("Attempts", "accepted")}


def test_an_operator_who_gives_an_address_is_subscribed(source: Node, stack: Stack) -> None:
    """Practice 19."""
    (subscription,) = built(source, AlarmEmail="ops@example.com").of_type("AWS::SNS::Subscription").values()
    assert subscription == {"TopicArn": "AlarmTopic", "Protocol": "email", "Endpoint": "ops@example.com"}
    assert stack.of_type("AWS::SNS::Subscription") == {}
