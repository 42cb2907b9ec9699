"""aws_cloudfront_distribution, for an API as the only kind of origin, with its cache policy and function."""

import json
import uuid

from ..aws import PARTITION, Refused
from .cdn_function import Function
from .request import first, found, given

# Route 53 knows every distribution under this zone.
_ZONE = "Z2FDTNDATAQYW2"


def _items(values):
    values = sorted(values or [])
    return {"Quantity": len(values), "Items": values} if values else {"Quantity": 0}


class CachePolicy:
    """moto has no cache policies: each is kept as an SSM parameter of moto's, under `_KEPT`."""

    _KEPT = "/terraform-stand-in/cloudfront/cache-policy/"

    @staticmethod
    def imported(id_):
        """Its id (cache_policy.go, ResourceCachePolicy, whose importer passes it through)."""
        return {"id": id_}

    def create(self, aws, plan):
        client = aws.client("ssm")
        configuration = self._configuration(plan)
        for page in client.get_paginator("get_parameters_by_path").paginate(Path=self._KEPT):
            if any(json.loads(p["Value"])["Name"] == plan["name"] for p in page["Parameters"]):
                raise Refused("CachePolicyAlreadyExists: A cache policy with this name already exists")
        id_ = str(uuid.uuid4())
        client.put_parameter(Name=self._KEPT + id_, Value=json.dumps(configuration), Type="String")
        return {"id": id_}

    def read(self, aws, state):
        answer = found(aws.client("ssm").get_parameter, "ParameterNotFound", Name=self._KEPT + state["id"])
        if answer is None:
            return None
        configuration = json.loads(answer["Parameter"]["Value"])
        return {
            "arn": f"arn:{PARTITION}:cloudfront::{aws.account}:cache-policy/{state['id']}",
            "comment": configuration.get("Comment"),
            "default_ttl": configuration["DefaultTTL"],
            "etag": f"E{answer['Parameter']['Version']}",
            "id": state["id"],
            "max_ttl": configuration["MaxTTL"],
            "min_ttl": configuration["MinTTL"],
            "name": configuration["Name"],
            "parameters_in_cache_key_and_forwarded_to_origin": [self._parameters(configuration)],
        }

    def update(self, aws, prior, plan, changed):
        value = json.dumps(self._configuration(plan))
        aws.client("ssm").put_parameter(Name=self._KEPT + plan["id"], Value=value, Type="String", Overwrite=True)

    def delete(self, aws, state):
        aws.client("ssm").delete_parameter(Name=self._KEPT + state["id"])

    @staticmethod
    def _parameters(configuration):
        key = configuration["ParametersInCacheKeyAndForwardedToOrigin"]
        headers = key["HeadersConfig"]
        names = headers.get("Headers", {}).get("Items")
        return {
            "enable_accept_encoding_gzip": key["EnableAcceptEncodingGzip"],
            "enable_accept_encoding_brotli": key["EnableAcceptEncodingBrotli"],
            "cookies_config": [{"cookie_behavior": key["CookiesConfig"]["CookieBehavior"]}],
            "headers_config": [{"header_behavior": headers["HeaderBehavior"], "headers": [{"items": names}] if names else []}],
            "query_strings_config": [{"query_string_behavior": key["QueryStringsConfig"]["QueryStringBehavior"]}],
        }

    @staticmethod
    def _configuration(plan):
        key = first(plan["parameters_in_cache_key_and_forwarded_to_origin"])
        cookies, headers = first(key["cookies_config"]), first(key["headers_config"])
        queries = first(key["query_strings_config"])
        names = first(headers.get("headers")).get("items") or []
        if {n.lower() for n in names} & {"accept-encoding", "cookie"}:
            raise Refused("InvalidArgument: The parameter Headers contains Accept-Encoding or Cookie, which are keyed otherwise")
        parameters = {
            "EnableAcceptEncodingGzip": bool(key.get("enable_accept_encoding_gzip")),
            "EnableAcceptEncodingBrotli": bool(key.get("enable_accept_encoding_brotli")),
            "CookiesConfig": {"CookieBehavior": cookies["cookie_behavior"]},
            "HeadersConfig": given(
                HeaderBehavior=headers["header_behavior"],
                Headers=_items(names) if names else None,
            ),
            "QueryStringsConfig": {"QueryStringBehavior": queries["query_string_behavior"]},
        }
        return given(
            Name=plan["name"],
            Comment=plan.get("comment"),
            MinTTL=int(plan.get("min_ttl") or 0),
            MaxTTL=int(plan["max_ttl"]),
            DefaultTTL=int(plan["default_ttl"]),
            ParametersInCacheKeyAndForwardedToOrigin=parameters,
        )


class Distribution:
    @staticmethod
    def imported(id_):
        """Its id, and what no API knows (distribution.go, ResourceDistribution)."""
        return {"id": id_, "retain_on_delete": False, "wait_for_deployment": True}

    def create(self, aws, plan):
        self._check_functions(aws, plan)
        answer = aws.client("cloudfront").create_distribution_with_tags(
            DistributionConfigWithTags={
                "DistributionConfig": self._configuration(plan, reference="coldpress-stand-in"),
                "Tags": {"Items": [{"Key": k, "Value": v} for k, v in (plan.get("tags_all") or {}).items()]},
            }
        )
        return {"id": answer["Distribution"]["Id"]}

    def read(self, aws, state):
        client = aws.client("cloudfront")
        answer = found(client.get_distribution, "NoSuchDistribution", Id=state["id"])
        if answer is None:
            return None
        distribution = answer["Distribution"]
        configuration = distribution["DistributionConfig"]
        behavior = configuration["DefaultCacheBehavior"]
        arn = f"arn:{PARTITION}:cloudfront::{aws.account}:distribution/{state['id']}"
        tags = {t["Key"]: t["Value"] for t in client.list_tags_for_resource(Resource=arn)["Tags"].get("Items", [])}
        own = state.get("tags") or {}
        inherited = {k for k in state.get("tags_all") or {} if k not in own}
        return {
            "aliases": configuration.get("Aliases", {}).get("Items", []),
            "arn": arn,
            "caller_reference": configuration["CallerReference"],
            "comment": configuration.get("Comment"),
            "continuous_deployment_policy_id": "",
            "default_cache_behavior": [
                {
                    "default_ttl": 0,
                    "max_ttl": 0,
                    "target_origin_id": self._target(state, behavior["TargetOriginId"]),
                    "trusted_key_groups": [],
                    "trusted_signers": [],
                    "viewer_protocol_policy": behavior["ViewerProtocolPolicy"],
                }
            ],
            "domain_name": distribution["DomainName"],
            "enabled": configuration["Enabled"],
            "etag": answer.get("ETag", ""),
            "hosted_zone_id": _ZONE,
            "id": distribution["Id"],
            "in_progress_validation_batches": 0,
            "last_modified_time": str(distribution.get("LastModifiedTime", "")),
            "logging_v1_enabled": False,
            "price_class": configuration.get("PriceClass") or state.get("price_class"),
            "restrictions": [{"geo_restriction": [{"restriction_type": "none", "locations": []}]}],
            # moto keeps none: a continuous deployment's distribution is not what the stand-in makes.
            "staging": False,
            "status": state.get("status") or distribution["Status"],
            "tags": {k: v for k, v in tags.items() if k not in inherited} or None,
            "tags_all": tags,
            "trusted_key_groups": [{"enabled": False, "items": []}],
            "trusted_signers": [{"enabled": False, "items": []}],
        }

    def update(self, aws, prior, plan, changed):
        self._check_functions(aws, plan)
        client = aws.client("cloudfront")
        etag = client.get_distribution(Id=plan["id"])["ETag"]
        configuration = self._configuration(plan, reference=prior["caller_reference"])
        client.update_distribution(Id=plan["id"], IfMatch=etag, DistributionConfig=configuration)

    def delete(self, aws, state):
        client = aws.client("cloudfront")
        current = client.get_distribution(Id=state["id"])
        configuration = current["Distribution"]["DistributionConfig"]
        # As on AWS: disabled first, then deleted.
        if configuration["Enabled"]:
            configuration["Enabled"] = False
            current = client.update_distribution(
                Id=state["id"], IfMatch=current["ETag"], DistributionConfig=configuration
            )
        client.delete_distribution(Id=state["id"], IfMatch=current["ETag"])

    @staticmethod
    def _check_functions(aws, plan):
        """moto keeps no associations, and so knows no function that is not there."""
        associations = first(plan["default_cache_behavior"]).get("function_association") or []
        for association in associations:
            if Function.live(aws, association["function_arn"].rpartition("/")[2]) is None:
                raise Refused("InvalidFunctionAssociation: The function is not published")
        if len({association["event_type"] for association in associations}) < len(associations):
            raise Refused("InvalidFunctionAssociation: There is more than one function for an event")

    def _configuration(self, plan, reference):
        behavior = first(plan["default_cache_behavior"])
        certificate = first(plan["viewer_certificate"])
        ids = {o["origin_id"] for o in plan["origin"]} | {g["origin_id"] for g in plan.get("origin_group") or []}
        if behavior["target_origin_id"] not in ids:
            raise Refused("NoSuchOrigin: One or more of your origins or origin groups do not exist")
        if plan.get("aliases") and certificate.get("cloudfront_default_certificate"):
            raise Refused("InvalidViewerCertificate: an alias needs a certificate that covers it")
        arn = certificate.get("acm_certificate_arn")
        if arn and arn.split(":")[3] != "us-east-1":
            raise Refused("InvalidViewerCertificate: the certificate must be in us-east-1")
        geo = first(first(plan["restrictions"])["geo_restriction"])
        return given(
            CallerReference=reference,
            Aliases=_items(plan.get("aliases")),
            Comment=plan.get("comment") or "",
            Enabled=plan["enabled"],
            HttpVersion=plan["http_version"],
            IsIPV6Enabled=plan.get("is_ipv6_enabled"),
            PriceClass=plan["price_class"],
            Origins=self._origins(plan),
            DefaultCacheBehavior=given(
                TargetOriginId=self._origin(plan, behavior["target_origin_id"]),
                ViewerProtocolPolicy=behavior["viewer_protocol_policy"],
                AllowedMethods={
                    **_items(behavior["allowed_methods"]),
                    "CachedMethods": _items(behavior["cached_methods"]),
                },
                CachePolicyId=behavior.get("cache_policy_id"),
                OriginRequestPolicyId=behavior.get("origin_request_policy_id"),
                ResponseHeadersPolicyId=behavior.get("response_headers_policy_id"),
                Compress=behavior.get("compress"),
            ),
            Restrictions={"GeoRestriction": {"RestrictionType": geo["restriction_type"], "Quantity": 0}},
            ViewerCertificate=given(
                CloudFrontDefaultCertificate=certificate.get("cloudfront_default_certificate"),
                ACMCertificateArn=arn,
                SSLSupportMethod=certificate.get("ssl_support_method"),
                MinimumProtocolVersion=certificate.get("minimum_protocol_version"),
            ),
        )

    @staticmethod
    def _origin(plan, target):
        """moto has no origin groups: it gets a group's first member in the group's place."""
        for group in plan.get("origin_group") or []:
            if group["origin_id"] == target:
                return group["member"][0]["origin_id"]
        return target

    def _target(self, state, origin):
        """The reverse: the group that the state names, as long as moto still has its first member."""
        named = first(state.get("default_cache_behavior")).get("target_origin_id")
        return named if named and self._origin(state, named) == origin else origin

    @staticmethod
    def _origins(plan):
        origins = []
        for origin in sorted(plan["origin"], key=lambda o: o["origin_id"]):
            custom = first(origin["custom_origin_config"])
            origins.append(
                {
                    "Id": origin["origin_id"],
                    "DomainName": origin["domain_name"],
                    "OriginPath": origin.get("origin_path") or "",
                    "CustomHeaders": {"Quantity": 0},
                    "ConnectionAttempts": int(origin["connection_attempts"]),
                    "ConnectionTimeout": int(origin["connection_timeout"]),
                    "CustomOriginConfig": {
                        "HTTPPort": int(custom["http_port"]),
                        "HTTPSPort": int(custom["https_port"]),
                        "OriginProtocolPolicy": custom["origin_protocol_policy"],
                        "OriginSslProtocols": _items(custom["origin_ssl_protocols"]),
                        "OriginReadTimeout": int(custom["origin_read_timeout"]),
                        "OriginKeepaliveTimeout": int(custom["origin_keepalive_timeout"]),
                    },
                }
            )
        return {"Quantity": len(origins), "Items": origins}


RESOURCES = {
    "aws_cloudfront_cache_policy": CachePolicy(),
    "aws_cloudfront_distribution": Distribution(),
    "aws_cloudfront_function": Function(),
}
