"""The object with the state of the root that a release applies."""


class State:
    """As the bucket has it now: its bytes, past Terraform."""

    def __init__(self, world):
        self.s3 = world.aws.client("s3")
        self.there = {"Bucket": world.backend["bucket"], "Key": world.backend["keys"]["release"]}

    def read(self):
        return self.s3.get_object(**self.there)["Body"].read()

    def write(self, body):
        self.s3.put_object(**self.there, Body=body)
