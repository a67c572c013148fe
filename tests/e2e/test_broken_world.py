"""A57: what the stack says when a part of it is gone, and that a retry with the same key completes the job once."""

import time
from concurrent.futures import ThreadPoolExecutor

import boto3

from otpost_tools.client import Answer
from tests.e2e.processes import stopped
from tests.e2e.stories import Story, fresh_address, fresh_key
from tests.sandboxes import Sandbox


def assert_unavailable(answer: Answer) -> None:
    assert (answer.status, answer.text("code")) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0


def test_without_dynamodb_an_issue_is_refused_and_its_retry_makes_one_challenge(story: Story, sandbox: Sandbox) -> None:
    email, key = fresh_address(), fresh_key()
    with stopped(sandbox.backends()):
        refused = story.issue(email, key=key)
    retried = [story.issue(email, key=key) for _ in range(2)]

    assert_unavailable(refused)
    assert [answer.status for answer in retried] == [202, 202]
    assert len({answer.text("challenge_id") for answer in retried}) == 1
    assert len(story.mails(email)) == 1


def test_without_dynamodb_a_right_code_is_not_accepted_and_its_retry_is(story: Story, sandbox: Sandbox) -> None:
    email, key = fresh_address(), fresh_key()
    challenge_id = story.issued(email)
    code = story.code(email)
    with stopped(sandbox.backends()):
        refused = story.verify(challenge_id, code, key=key)
    retried = story.verify(challenge_id, code, key=key)

    assert_unavailable(refused)
    assert retried.status == 200


def test_without_the_queue_an_issue_is_refused_and_its_retry_sends_the_one_mail(story: Story, sandbox: Sandbox) -> None:
    email, key = fresh_address(), fresh_key()
    sqs = boto3.client(
        "sqs",
        endpoint_url=str(sandbox.client.send("GET", "/_sandbox/state").members["backends_url"]),
        region_name="eu-central-1",
        aws_access_key_id="none",
        aws_secret_access_key="none",
    )
    url = next(url for url in sqs.list_queues()["QueueUrls"] if url.endswith("-mail"))
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    settable = ("VisibilityTimeout", "MessageRetentionPeriod", "RedrivePolicy")
    sqs.delete_queue(QueueUrl=url)
    refused = story.issue(email, key=key)
    sqs.create_queue(
        QueueName=url.rpartition("/")[2], Attributes={name: attributes[name] for name in settable if name in attributes}
    )
    retried = story.issue(email, key=key)

    assert_unavailable(refused)
    assert retried.status == 202
    assert len(story.mails(email)) == 1


def test_a_function_that_crashes_gives_the_gateways_error_and_the_retry_is_accepted(
    story: Story, sandbox: Sandbox
) -> None:
    email, key = fresh_address(), fresh_key()
    challenge_id = story.issued(email)
    code = story.code(email)
    with ThreadPoolExecutor(1) as thread:
        with stopped(sandbox.backends()):
            crashed = thread.submit(story.verify, challenge_id, code, key=key)
            time.sleep(0.5)
            for worker in sandbox.workers("verify"):
                worker.kill()
            answer = crashed.result(timeout=40)
        retried = story.verify(challenge_id, code, key=key)

    assert (answer.status, answer.members) == (500, {"message": "Internal Server Error"})
    assert retried.status == 200
