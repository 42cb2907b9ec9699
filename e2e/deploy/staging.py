"""A second account beside a world's, in which releases go live first: bootstrap applied there, as docs/deploy.md says it."""

import json
import shutil

from builder import REGION
from policy import policies
from terraform_directory import Terraform, provider
from world import NAME, PATH_STYLE, SUBJECTS

STAGING = "999988887777"


class Staging:
    """The account, set up. `outputs` is what bootstrap says of it, as a variable of the repository has it."""

    def __init__(self, world, directory):
        self.world = world
        # A checkout of its own: the state of bootstrap is beside its files.
        ignored = shutil.ignore_patterns(".terraform", "*.tfstate*", "*.tfvars*")
        for name in ("bootstrap", "modules"):
            shutil.copytree(world.shop.terraform / name, directory / name, ignore=ignored)
        key = f"{STAGING}.somebody"
        with provider(world.aws.url, key) as reattach:
            bootstrap = Terraform(directory / "bootstrap", world.aws.url, reattach, key)
            bootstrap.write(PATH_STYLE, "moto_override.tf", head=False).init()
            subjects = {**SUBJECTS, "deploy": [SUBJECTS["deploy"][0].replace(":production", ":staging")]}
            bootstrap.write(json.dumps({"regions": [REGION], "subjects": subjects}), "terraform.tfvars.json", head=False)
            bootstrap.apply().ok()
            self.outputs = json.dumps(json.loads(bootstrap.raw("output", "-json")))
        self.bucket = json.loads(self.outputs)["root_variables"]["value"]["artifact_buckets"][REGION]

    def client(self, service):
        return self.world.aws.client(service, account=STAGING)

    def policies(self):
        """By access key, each role's."""
        return {f"{STAGING}.coldpress-{role}": policy for role, policy in policies(self.client("iam")).items()}

    def live(self):
        """What is live there: the version's package, and the release that the channel names."""
        configuration = self.client("lambda").get_function_configuration(FunctionName=NAME, Qualifier="live")
        channel = self.client("s3").get_object(Bucket=self.bucket, Key="channels/live.json")["Body"].read()
        return configuration["CodeSha256"], json.loads(channel)["current"]

    def keys(self):
        return self.world.keys(self.bucket)

