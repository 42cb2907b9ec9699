"""Eight regions with a domain and a CDN, which is what docs/deploy.md says that the policies have room for: bootstrap, service and
a release, each applied in one go."""

import json
import os

import pytest
from builder import BUILDER, PUBLISHER, REGION
from client import Client
from shop import Shop
from world import World

REGIONS = [REGION, "us-east-1", "us-west-2", "eu-west-1", "ap-southeast-1", "ap-northeast-1", "sa-east-1", "ca-central-1"]


class Wide(World):
    """Its domain is in a zone that is there before bootstrap."""

    def serve_from(self, regions, **more):
        zone = self.aws.client("route53").create_hosted_zone(Name="example.org", CallerReference="1")["HostedZone"]["Id"]
        zone = zone.rpartition("/")[2]
        super().serve_from(regions, domain_zone_id=zone, cdn=True, **more)
        settings = {"domain": {"name": "data.example.org", "zone_id": zone}, "cdn": True}
        self.service.write(json.dumps(settings), "settings.auto.tfvars.json", head=False)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    directory = tmp_path_factory.mktemp("eight") / "a checkout"
    directory.mkdir()
    shop = Shop(directory, {"builder": BUILDER, "publisher": PUBLISHER, "bootstrap": os.environ["COLDPRESS_BOOTSTRAP"]})
    with Wide(shop, REGIONS) as world:
        shop.commit("The shop")
        yield world


def test_a_release_goes_live_in_all_of_them(world, bootstrap):
    id_, digest = world.publish(bootstrap)
    done = world.run("release", id_, "--terraform", "terraform").ok()
    assert (done.lines[-1]["outcome"], done.lines[-1]["live_version"]) == ("released", dict.fromkeys(REGIONS, 1))
    urls = world.service.outputs()["api_urls"]
    assert {region: Client(url).digest() for region, url in urls.items()} == dict.fromkeys(REGIONS, digest)
    (distribution,) = world.aws.client("cloudfront").list_distributions()["DistributionList"]["Items"]
    assert distribution["Aliases"]["Items"] == ["data.example.org"]
    world.root.assert_plan_empty()
    world.service.assert_plan_empty()
