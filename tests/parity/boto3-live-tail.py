"""Prints the events of a live tail as boto3 gets them, one JSON object a line: endpoint, ARN of the group, pattern."""

import json
import sys

import boto3
from botocore.config import Config

endpoint, group, pattern = sys.argv[1:]
client = boto3.client(
    "logs",
    endpoint_url=endpoint,
    region_name="us-east-1",
    config=Config(retries={"total_max_attempts": 1}, inject_host_prefix=False),
)
response = client.start_live_tail(logGroupIdentifiers=[group], logEventFilterPattern=pattern)
for event in response["responseStream"]:
    print(json.dumps(event, default=str), flush=True)
