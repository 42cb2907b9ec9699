"""A bucket at the stand-in for S3."""

import hashlib
import itertools
import json

from builder import REGION

# What makes names differ.
NUMBERS = itertools.count(1)


class Bucket:
    """A bucket of its own for a test, seen past the builder and the proxy."""

    def __init__(self, s3, name):
        self.s3, self.name = s3, name
        make_bucket(s3, name)

    def keys(self):
        return sorted(o["Key"] for o in self.s3.list_objects_v2(Bucket=self.name).get("Contents", []))

    def get(self, key):
        return self.s3.get_object(Bucket=self.name, Key=key)["Body"].read()

    def put(self, key, body):
        self.s3.put_object(Bucket=self.name, Key=key, Body=body)

    def time(self, key):
        """When it was written, to the second."""
        return self.s3.head_object(Bucket=self.name, Key=key)["LastModified"]

    def unfinished_uploads(self):
        return len(self.s3.list_multipart_uploads(Bucket=self.name).get("Uploads", []))

    def assert_no_half_release(self):
        """Whatever is visible is whole: a record's id is its digest, and what it names is there."""
        for key in self.keys():
            bytes_ = self.get(key)
            prefix, name = key.split("/")
            stem = name.split(".")[0]
            assert hashlib.sha256(bytes_).hexdigest().startswith(stem), key
            if prefix == "releases":
                record = json.loads(bytes_)
                for named in (f"db/{record['database']['sha256']}.db", f"readers/{record['reader']['sha256']}.zip"):
                    assert named in self.keys(), named


def make_bucket(s3, name):
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
