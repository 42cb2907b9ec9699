"""aws_cloudfront_function."""

from ..aws import Refused
from .request import found, once_made


class Function:
    """moto has no UpdateFunction, in whose place a function is deleted and made, and no PublishFunction: what is published
    is an SSM parameter of moto's, under `_LIVE`."""

    _LIVE = "/terraform-stand-in/cloudfront/function/"

    @staticmethod
    def imported(id_):
        """Its name (function.go, resourceFunction, whose importer passes it through)."""
        return {"id": id_, "name": id_}

    def create(self, aws, plan):
        aws.client("cloudfront").create_function(**self._asked(plan))
        known = {"id": plan["name"]}
        with once_made(known):
            self._publish(aws, plan)
        return known

    def read(self, aws, state):
        client = aws.client("cloudfront")
        function = found(client.describe_function, "NoSuchFunctionExists", Name=state["id"], Stage="DEVELOPMENT")
        if function is None:
            return None
        summary = function["FunctionSummary"]
        live = self.live(aws, state["id"])
        return {
            "arn": summary["FunctionMetadata"]["FunctionARN"],
            "code": client.get_function(Name=state["id"], Stage="DEVELOPMENT")["FunctionCode"].read().decode(),
            "comment": summary["FunctionConfig"].get("Comment"),
            "etag": function["ETag"],
            "id": state["id"],
            "key_value_store_associations": None,
            "live_stage_etag": live or "",
            "name": summary["Name"],
            "runtime": summary["FunctionConfig"]["Runtime"],
            "status": "UNASSOCIATED" if live else summary["Status"],
        }

    def update(self, aws, prior, plan, changed):
        client = aws.client("cloudfront")
        if changed & {"code", "comment", "runtime"}:
            client.delete_function(Name=plan["name"], IfMatch=prior["etag"])
            client.create_function(**self._asked(plan))
        self._publish(aws, plan)

    def delete(self, aws, state):
        client = aws.client("cloudfront")
        client.delete_function(Name=state["name"], IfMatch=state["etag"])
        if self.live(aws, state["name"]):
            aws.client("ssm").delete_parameter(Name=self._LIVE + state["name"])

    @classmethod
    def live(cls, aws, name):
        """The tag of what is published of the function; None where nothing is."""
        answer = found(aws.client("ssm").get_parameter, "ParameterNotFound", Name=cls._LIVE + name)
        return answer and answer["Parameter"]["Value"]

    def _publish(self, aws, plan):
        if plan.get("publish"):
            etag = aws.client("cloudfront").describe_function(Name=plan["name"], Stage="DEVELOPMENT")["ETag"]
            aws.client("ssm").put_parameter(Name=self._LIVE + plan["name"], Value=etag, Type="String", Overwrite=True)

    @staticmethod
    def _asked(plan):
        code = plan["code"].encode()
        if len(code) > 10_240:
            raise Refused("FunctionSizeLimitExceeded: The function exceeds 10 KB")
        if plan.get("key_value_store_associations"):
            raise Refused("NotImplemented: the stand-in has no key value stores")
        return {
            "Name": plan["name"],
            "FunctionConfig": {"Comment": plan.get("comment") or "", "Runtime": plan["runtime"]},
            "FunctionCode": code,
        }
