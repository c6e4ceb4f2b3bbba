"""Sets the status of a certificate by the AWS API: usage: set_certificate_status.py ENDPOINT CERTIFICATE_ID STATUS."""

import os
import sys

import boto3

endpoint, certificate_id, status = sys.argv[1:]
iot = boto3.client("iot", endpoint_url=endpoint, region_name=os.environ["AWS_REGION"])
iot.update_certificate(certificateId=certificate_id, newStatus=status)
