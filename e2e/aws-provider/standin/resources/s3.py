"""A bucket, the resources that each hold one of its settings, and an object."""

import json
from urllib.parse import urlencode

from ..aws import PARTITION, Refused
from ..value import same_json
from .request import first, found, given, once_made, tags_of

_GONE = ("404", "NoSuchBucket")


def _client(aws, state):
    return aws.client("s3", state.get("region"))


class Bucket:
    def create(self, aws, plan):
        client, region = _client(aws, plan), plan.get("region") or aws.region
        if found(client.head_bucket, *_GONE, Bucket=plan["bucket"]):
            raise Refused("BucketAlreadyOwnedByYou: the bucket that you tried to create already exists")
        place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        client.create_bucket(Bucket=plan["bucket"], **place)
        known = {"id": plan["bucket"]}
        with once_made(known):
            self._tag(client, plan)
        return known

    def read(self, aws, state):
        client, name = _client(aws, state), state["id"]
        if found(client.head_bucket, *_GONE, Bucket=name) is None:
            return None
        region = state.get("region") or aws.region
        tags = found(client.get_bucket_tagging, "NoSuchTagSet", Bucket=name) or {"TagSet": []}
        reported = {t["Key"]: t["Value"] for t in tags["TagSet"]}
        own = state.get("tags") or {}
        inherited = {k for k in state.get("tags_all") or {} if k not in own}
        return {
            "arn": f"arn:{PARTITION}:s3:::{name}",
            "bucket": name,
            "bucket_domain_name": f"{name}.s3.amazonaws.com",
            "bucket_namespace": "global",
            "bucket_prefix": "",
            "bucket_region": region,
            "bucket_regional_domain_name": f"{name}.s3.{region}.amazonaws.com",
            "hosted_zone_id": "Z3AQBSTGFYJSTF",
            "id": name,
            "acceleration_status": "",
            "object_lock_enabled": False,
            "policy": state.get("policy") or "",
            "request_payer": "BucketOwner",
            "tags": {k: v for k, v in reported.items() if k not in inherited} or None,
            "tags_all": reported,
        }

    def update(self, aws, prior, plan, changed):
        if "tags_all" in changed:
            self._tag(_client(aws, plan), plan)

    def delete(self, aws, state):
        client = _client(aws, state)
        if state.get("force_destroy"):
            for page in client.get_paginator("list_object_versions").paginate(Bucket=state["id"]):
                for item in page.get("Versions", []) + page.get("DeleteMarkers", []):
                    client.delete_object(Bucket=state["id"], Key=item["Key"], VersionId=item["VersionId"])
        client.delete_bucket(Bucket=state["id"])

    @staticmethod
    def _tag(client, plan):
        tags = [{"Key": k, "Value": v} for k, v in (plan.get("tags_all") or {}).items()]
        if tags:
            client.put_bucket_tagging(Bucket=plan["bucket"], Tagging={"TagSet": tags})


class _Setting:
    """One setting of a bucket: put, got and removed by calls of its own."""

    def create(self, aws, plan):
        self._put(_client(aws, plan), plan)
        return {"id": plan["bucket"]}

    def read(self, aws, state):
        client = _client(aws, state)
        if found(client.head_bucket, *_GONE, Bucket=state["bucket"]) is None:
            return None
        observed = self._get(client, state)
        return None if observed is None else {"id": state["bucket"], "bucket": state["bucket"], **observed}

    def update(self, aws, prior, plan, changed):
        self._put(_client(aws, plan), plan)

    def delete(self, aws, state):
        self._remove(_client(aws, state), state["bucket"])


class Versioning(_Setting):
    def _put(self, client, plan):
        status = first(plan["versioning_configuration"])["status"]
        client.put_bucket_versioning(Bucket=plan["bucket"], VersioningConfiguration={"Status": status})

    def _get(self, client, state):
        status = client.get_bucket_versioning(Bucket=state["bucket"]).get("Status")
        return {"versioning_configuration": [{"status": status, "mfa_delete": ""}]} if status else None

    def _remove(self, client, bucket):
        # As on AWS, versioning can only be suspended.
        client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})


class Encryption(_Setting):
    def _put(self, client, plan):
        rules = []
        for rule in plan["rule"]:
            default = first(rule.get("apply_server_side_encryption_by_default"))
            algorithm = given(
                SSEAlgorithm=default["sse_algorithm"], KMSMasterKeyID=default.get("kms_master_key_id") or None
            )
            rules.append(
                {
                    "ApplyServerSideEncryptionByDefault": algorithm,
                    "BucketKeyEnabled": bool(rule.get("bucket_key_enabled")),
                }
            )
        client.put_bucket_encryption(Bucket=plan["bucket"], ServerSideEncryptionConfiguration={"Rules": rules})

    def _get(self, client, state):
        code = "ServerSideEncryptionConfigurationNotFoundError"
        answer = found(client.get_bucket_encryption, code, Bucket=state["bucket"])
        if answer is None:
            return None
        rules = []
        for rule in answer["ServerSideEncryptionConfiguration"]["Rules"]:
            default = rule["ApplyServerSideEncryptionByDefault"]
            rules.append(
                {
                    "apply_server_side_encryption_by_default": [
                        {
                            "sse_algorithm": default["SSEAlgorithm"],
                            "kms_master_key_id": default.get("KMSMasterKeyID", ""),
                        }
                    ],
                    "bucket_key_enabled": rule.get("BucketKeyEnabled", False),
                    "blocked_encryption_types": [],
                }
            )
        return {"rule": rules}

    def _remove(self, client, bucket):
        client.delete_bucket_encryption(Bucket=bucket)


class PublicAccessBlock(_Setting):
    _NAMES = {
        "block_public_acls": "BlockPublicAcls",
        "block_public_policy": "BlockPublicPolicy",
        "ignore_public_acls": "IgnorePublicAcls",
        "restrict_public_buckets": "RestrictPublicBuckets",
    }

    def _put(self, client, plan):
        configuration = {theirs: bool(plan.get(ours)) for ours, theirs in self._NAMES.items()}
        client.put_public_access_block(Bucket=plan["bucket"], PublicAccessBlockConfiguration=configuration)

    def _get(self, client, state):
        answer = found(client.get_public_access_block, "NoSuchPublicAccessBlockConfiguration", Bucket=state["bucket"])
        if answer is None:
            return None
        configuration = answer["PublicAccessBlockConfiguration"]
        return {ours: configuration[theirs] for ours, theirs in self._NAMES.items()}

    def _remove(self, client, bucket):
        client.delete_public_access_block(Bucket=bucket)


class OwnershipControls(_Setting):
    def _put(self, client, plan):
        rules = [{"ObjectOwnership": rule["object_ownership"]} for rule in plan["rule"]]
        client.put_bucket_ownership_controls(Bucket=plan["bucket"], OwnershipControls={"Rules": rules})

    def _get(self, client, state):
        code = "OwnershipControlsNotFoundError"
        answer = found(client.get_bucket_ownership_controls, code, Bucket=state["bucket"])
        if answer is None:
            return None
        return {"rule": [{"object_ownership": r["ObjectOwnership"]} for r in answer["OwnershipControls"]["Rules"]]}

    def _remove(self, client, bucket):
        client.delete_bucket_ownership_controls(Bucket=bucket)


class Policy(_Setting):
    """moto reads a statement and not its condition, so "deny without TLS" would deny everything: it
    gets the statements without conditions. A policy whose every statement has one is put as an empty list.
    """

    def _put(self, client, plan):
        client.put_bucket_policy(Bucket=plan["bucket"], Policy=self._for_moto(plan["policy"]))

    def _get(self, client, state):
        answer = found(client.get_bucket_policy, "NoSuchBucketPolicy", Bucket=state["bucket"])
        if answer is None:
            return None
        same = same_json(answer["Policy"], self._for_moto(state["policy"]))
        return {"policy": state["policy"] if same else answer["Policy"]}

    def _remove(self, client, bucket):
        client.delete_bucket_policy(Bucket=bucket)

    @staticmethod
    def _for_moto(text):
        policy = json.loads(text)
        return json.dumps({**policy, "Statement": [s for s in policy["Statement"] if "Condition" not in s]})


class Lifecycle(_Setting):
    # Of the new kind (plugin framework): an update that fails leaves the state as it was.
    keeps_prior = True

    def _put(self, client, plan):
        rules = []
        for rule in plan["rule"]:
            abort = first(rule.get("abort_incomplete_multipart_upload"))
            noncurrent = first(rule.get("noncurrent_version_expiration"))
            expiration = first(rule.get("expiration"))
            if not (abort or noncurrent or expiration):
                raise Refused(f"InvalidRequest: lifecycle rule {rule['id']} has no action")
            rules.append(
                given(
                    ID=rule["id"],
                    Status=rule["status"],
                    Filter={"Prefix": first(rule.get("filter")).get("prefix") or ""},
                    AbortIncompleteMultipartUpload={"DaysAfterInitiation": int(abort["days_after_initiation"])}
                    if abort
                    else None,
                    Expiration={"Days": int(expiration["days"])} if expiration else None,
                    NoncurrentVersionExpiration=given(
                        NoncurrentDays=int(noncurrent["noncurrent_days"]),
                        NewerNoncurrentVersions=_whole(noncurrent.get("newer_noncurrent_versions")),
                    )
                    if noncurrent
                    else None,
                )
            )
        client.put_bucket_lifecycle_configuration(Bucket=plan["bucket"], LifecycleConfiguration={"Rules": rules})

    def _get(self, client, state):
        code = "NoSuchLifecycleConfiguration"
        answer = found(client.get_bucket_lifecycle_configuration, code, Bucket=state["bucket"])
        if answer is None:
            return None
        rules = []
        for rule in answer["Rules"]:
            abort = rule.get("AbortIncompleteMultipartUpload")
            noncurrent = rule.get("NoncurrentVersionExpiration")
            expiration = rule.get("Expiration")
            rules.append(
                {
                    "id": rule["ID"],
                    "status": rule["Status"],
                    "prefix": "",
                    "abort_incomplete_multipart_upload": [{"days_after_initiation": abort["DaysAfterInitiation"]}]
                    if abort
                    else [],
                    "expiration": [{"days": expiration["Days"]}] if expiration else [],
                    "filter": [{"prefix": rule.get("Filter", {}).get("Prefix", "")}],
                    "noncurrent_version_expiration": [
                        given(
                            noncurrent_days=noncurrent["NoncurrentDays"],
                            newer_noncurrent_versions=noncurrent.get("NewerNoncurrentVersions"),
                        )
                    ]
                    if noncurrent
                    else [],
                }
            )
        return {"rule": rules}

    def _remove(self, client, bucket):
        client.delete_bucket_lifecycle(Bucket=bucket)


class Object:
    """An object with its content in the configuration, as the provider's internal/service/s3/object.go has it."""

    def create(self, aws, plan):
        self._put(aws, plan)
        return {"id": f"{plan['bucket']}/{plan['key']}"}

    def read(self, aws, state):
        client, there = _client(aws, state), {"Bucket": state["bucket"], "Key": state["key"]}
        head = found(client.head_object, *_GONE, "NoSuchKey", **there)
        if head is None:
            return None
        tags = {t["Key"]: t["Value"] for t in client.get_object_tagging(**there)["TagSet"]}
        return {
            "arn": f"arn:{PARTITION}:s3:::{state['bucket']}/{state['key']}",
            "bucket_key_enabled": head.get("BucketKeyEnabled", False),
            "content_type": head["ContentType"],
            "etag": head["ETag"].strip('"'),
            "id": f"{state['bucket']}/{state['key']}",
            "server_side_encryption": head.get("ServerSideEncryption", "AES256"),
            "storage_class": head.get("StorageClass", "STANDARD"),
            "version_id": head.get("VersionId", ""),
            **tags_of(tags, state),
        }

    def update(self, aws, prior, plan, changed):
        if changed - {"tags", "tags_all"}:
            self._put(aws, plan)
            return
        tags = [{"Key": k, "Value": v} for k, v in (plan.get("tags_all") or {}).items()]
        _client(aws, plan).put_object_tagging(Bucket=plan["bucket"], Key=plan["key"], Tagging={"TagSet": tags})

    def delete(self, aws, state):
        # With all its versions, where the bucket keeps them.
        client = _client(aws, state)
        for page in client.get_paginator("list_object_versions").paginate(Bucket=state["bucket"], Prefix=state["key"]):
            for item in page.get("Versions", []) + page.get("DeleteMarkers", []):
                if item["Key"] == state["key"]:
                    client.delete_object(Bucket=state["bucket"], Key=item["Key"], VersionId=item["VersionId"])

    @staticmethod
    def _put(aws, plan):
        _client(aws, plan).put_object(
            Bucket=plan["bucket"],
            Key=plan["key"],
            Body=plan["content"].encode(),
            **given(ContentType=plan.get("content_type"), Tagging=urlencode(plan.get("tags_all") or {}) or None),
        )


def _whole(number):
    return None if number is None else int(number)


RESOURCES = {
    "aws_s3_bucket": Bucket(),
    "aws_s3_bucket_lifecycle_configuration": Lifecycle(),
    "aws_s3_bucket_ownership_controls": OwnershipControls(),
    "aws_s3_bucket_policy": Policy(),
    "aws_s3_bucket_public_access_block": PublicAccessBlock(),
    "aws_s3_bucket_server_side_encryption_configuration": Encryption(),
    "aws_s3_bucket_versioning": Versioning(),
    "aws_s3_object": Object(),
}
