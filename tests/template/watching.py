"""Rules on logs and alarms. Each returns what is wrong, nothing if all is well."""

from collections.abc import Iterator

from tests.template.policies import principals_by_key_policy, statements
from tests.template.stacks import FUNCTIONS, Node, Stack

# What the functions emit: namespace OTPost, dimensions service and reason.
METRICS = {"Challenges", "Resends", "Cancellations", "Attempts", "Mails"}


def unkept_logs(stack: Stack) -> list[str]:
    """Functions, and the API, whose log has no retention of its own."""
    groups = {name: p for name, p in stack.of_type("AWS::Logs::LogGroup").items() if p.get("RetentionInDays")}
    used = {f: stack.properties(f).get("LoggingConfig", {}).get("LogGroup") for f in FUNCTIONS}
    stage = stack.properties("HttpApiApiGatewayDefaultStage")
    used["HttpApi"] = stage.get("AccessLogSettings", {}).get("DestinationArn", "").removesuffix(".Arn")
    return [name for name, group in used.items() if group not in groups]


def mute_alarms(stack: Stack) -> list[str]:
    """Alarms that tell nobody that it began or ended, what to do, or what silence means."""
    wrong: list[str] = []
    for name, alarm in stack.of_type("AWS::CloudWatch::Alarm").items():
        heard = alarm.get("AlarmActions") == alarm.get("OKActions") == ["AlarmTopic"]
        if not heard or len(alarm.get("AlarmDescription", "")) < 60 or "TreatMissingData" not in alarm:
            wrong.append(name)
    return wrong


def unheard_topic(stack: Stack) -> list[str]:
    """What keeps CloudWatch from publishing to the encrypted topic, and Logs from writing under the key."""
    allowed = [s for s in statements(stack) if s.where == "AlarmTopicPolicy" and s.permits("sns:Publish")]
    wrong = [] if any("cloudwatch.amazonaws.com" in s.principals for s in allowed) else ["AlarmTopicPolicy"]
    for service in ("cloudwatch.amazonaws.com", "logs.eu-central-1.amazonaws.com"):
        needed = ("kms:GenerateDataKey", "kms:Decrypt")
        denied = [a for a in needed if service not in principals_by_key_policy(stack, a, "DataKey")]
        wrong += [f"DataKey: {service} {action}" for action in denied]
    return wrong


def unwatched_functions(stack: Stack) -> list[str]:
    """Functions whose errors or throttles raise no alarm."""
    alarms = stack.of_type("AWS::CloudWatch::Alarm").values()
    watched = {(_dimensions(a).get("FunctionName"), a.get("MetricName")) for a in alarms}
    return [f"{f} {m}" for f in FUNCTIONS for m in ("Errors", "Throttles") if (f, m) not in watched]


def alarms_on_nothing(stack: Stack) -> list[str]:
    """Metrics of ours that an alarm looks at and no function emits."""
    for_us = [metric for metric in watched_metrics(stack) if metric["Namespace"] == "OTPost"]
    known = {"service", "reason"}
    return [m["MetricName"] for m in for_us if m["MetricName"] not in METRICS or set(_dimensions(m)) != known]


def watched_metrics(stack: Stack) -> Iterator[Node]:
    """Yield every metric that an alarm looks at."""
    for alarm in stack.of_type("AWS::CloudWatch::Alarm").values():
        if "MetricName" in alarm:
            yield alarm
        yield from (m["MetricStat"]["Metric"] for m in alarm.get("Metrics", []) if "MetricStat" in m)


def bands(stack: Stack) -> set[tuple[str, str]]:
    """Return what anomaly bands are drawn for, as (metric, reason)."""
    found: set[tuple[str, str]] = set()
    for alarm in stack.of_type("AWS::CloudWatch::Alarm").values():
        expressions = {m["Id"]: m.get("Expression", "") for m in alarm.get("Metrics", [])}
        if expressions.get(alarm.get("ThresholdMetricId"), "").startswith("ANOMALY_DETECTION_BAND("):
            metrics = [m["MetricStat"]["Metric"] for m in alarm["Metrics"] if "MetricStat" in m]
            found |= {(metric["MetricName"], _dimensions(metric)["reason"]) for metric in metrics}
    return found


def _dimensions(metric: Node) -> dict[str, str]:
    return {each["Name"]: each["Value"] for each in metric.get("Dimensions", [])}
