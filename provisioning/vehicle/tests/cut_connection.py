"""Cuts the live connection of a client by the AWS API: usage: cut_connection.py ENDPOINT CLIENT_ID."""

import os
import sys

import boto3

endpoint, client_id = sys.argv[1:]
boto3.client("iot-data", endpoint_url=endpoint, region_name=os.environ["AWS_REGION"]).delete_connection(clientId=client_id)
