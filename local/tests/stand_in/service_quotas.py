"""The rates of AWS IoT Core, by Service Quotas."""

import unittest

from botocore.exceptions import ClientError
from running import StandInTest, statement


class ServiceQuotas(StandInTest):
    def test_the_rates_of_aws_iot_are_told_in_pages(self):
        quotas = self.stand_in.client("service-quotas")
        for operation in ("list_service_quotas", "list_aws_default_service_quotas"):
            pages = quotas.get_paginator(operation).paginate(ServiceCode="iotcore", PaginationConfig={"PageSize": 7})
            told = {quota["QuotaName"]: quota for page in pages for quota in page["Quotas"]}
            self.assertEqual(told["Fleet Provisioning RegisterThing MQTT API TPS"]["Value"], 10)
            self.assertEqual(told["DescribeThing API TPS"]["Value"], 350)
            self.assertTrue(told["DescribeThing API TPS"]["Adjustable"])
            self.assertEqual(len({quota["QuotaCode"] for quota in told.values()}), len(told))
        one = quotas.get_service_quota(ServiceCode="iotcore", QuotaCode="L-77B523DC")["Quota"]
        self.assertEqual((one["QuotaName"], one["Value"]), ("UpdateCertificate API TPS", 10))

    def test_what_is_not_there_and_who_may_not_look_is_refused(self):
        permitted = self.stand_in.user(statement("servicequotas:ListServiceQuotas", "*"))
        quotas = self.stand_in.client("service-quotas", permitted)
        quotas.list_service_quotas(ServiceCode="iotcore")
        for call, request, code in (
            (quotas.list_service_quotas, {"ServiceCode": "no-such-service"}, "NoSuchResourceException"),
            (quotas.list_aws_default_service_quotas, {"ServiceCode": "iotcore"}, "AccessDeniedException"),
        ):
            with self.assertRaises(ClientError) as caught:
                call(**request)
            self.assertEqual(caught.exception.response["Error"]["Code"], code)


if __name__ == "__main__":
    unittest.main()
