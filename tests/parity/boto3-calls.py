"""Makes the calls that stand on standard input through boto3, one after the other, and prints what came of each."""

import io
import json
import socket
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.response import StreamingBody

ORDINARY = socket.getaddrinfo


def getaddrinfo(host, *rest, **named):
    """Not every resolver knows that all names below localhost are this machine."""
    return ORDINARY("127.0.0.1" if str(host).endswith(".localhost") else host, *rest, **named)


socket.getaddrinfo = getaddrinfo


def plain(value):
    """A response as JSON can say it."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, StreamingBody):
        return value.read().decode()
    if isinstance(value, bytes):
        return value.decode("latin1")
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


class Stream(io.BytesIO):
    """A body whose end is not known beforehand."""

    def seekable(self):
        return True


def make_client(endpoint, call):
    return boto3.client(
        call["service"],
        endpoint_url=call.get("endpoint", endpoint),
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key=call.get("secret", "test"),
        config=Config(
            retries={"total_max_attempts": 1},
            inject_host_prefix=False,
            parameter_validation=call.get("validated", True),
            **call.get("config", {}),
        ),
    )


def make_call(endpoint, call):
    client = make_client(endpoint, call)
    args = dict(call.get("args", {}))
    if "stream" in call:
        args["Body"] = Stream(call["stream"].encode())
    if call.get("presigned"):
        return {"url": client.generate_presigned_url(call["method"], Params=args)}
    sent = {}

    def remember(request, **_):
        sent["url"] = request.url
        sent["headers"] = {
            name.lower(): value.decode("latin1") if isinstance(value, bytes) else str(value)
            for name, value in request.headers.items()
        }

    client.meta.events.register("before-send.*.*", remember)
    try:
        return {"answer": plain(getattr(client, call["method"])(**args)), "sent": sent}
    except ClientError as error:
        return {"error": plain(error.response), "class": type(error).__name__, "sent": sent}


def main():
    told = json.load(sys.stdin)
    json.dump({call["name"]: make_call(told["endpoint"], call) for call in told["calls"]}, sys.stdout)


main()
