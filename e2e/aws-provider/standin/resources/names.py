"""Certificates and DNS: aws_acm_certificate, aws_acm_certificate_validation, aws_route53_record."""

import re
import time

from ..aws import Refused
from .request import first, found, given, tags_of

_GONE = "ResourceNotFoundException"


class Certificate:
    @staticmethod
    def imported(id_):
        """Its ARN (certificate.go, resourceCertificate, whose importer passes it through)."""
        return {"id": id_}

    def create(self, aws, plan):
        answer = aws.client("acm", plan.get("region")).request_certificate(
            DomainName=plan["domain_name"],
            ValidationMethod=plan["validation_method"],
            **given(
                SubjectAlternativeNames=plan.get("subject_alternative_names") or None,
                Tags=[{"Key": k, "Value": v} for k, v in (plan.get("tags_all") or {}).items()] or None,
            ),
        )
        return {"id": answer["CertificateArn"]}

    def read(self, aws, state):
        client = aws.client("acm", state.get("region"))
        answer = found(client.describe_certificate, _GONE, CertificateArn=state["id"])
        if answer is None:
            return None
        certificate = answer["Certificate"]
        tags = client.list_tags_for_certificate(CertificateArn=state["id"])["Tags"]
        options = []
        for option in certificate.get("DomainValidationOptions", []):
            record = option.get("ResourceRecord", {})
            options.append(
                {
                    "domain_name": option["DomainName"],
                    "resource_record_name": record.get("Name"),
                    "resource_record_type": record.get("Type"),
                    "resource_record_value": record.get("Value"),
                }
            )
        observed = {
            "arn": state["id"],
            "id": state["id"],
            "domain_name": certificate["DomainName"],
            "domain_validation_options": options,
            "key_algorithm": "RSA_2048",
            "pending_renewal": False,
            "renewal_eligibility": certificate.get("RenewalEligibility", "INELIGIBLE"),
            "renewal_summary": [],
            "subject_alternative_names": certificate.get("SubjectAlternativeNames", []),
            "type": certificate["Type"],
            "validation_emails": [],
            "validation_method": state.get("validation_method") or "DNS",
            **tags_of({t["Key"]: t["Value"] for t in tags}, state),
        }
        for name in ("not_after", "not_before", "status"):
            # A certificate is issued between two reads; the attributes follow at the next refresh.
            key = {"not_after": "NotAfter", "not_before": "NotBefore", "status": "Status"}[name]
            value = certificate.get(key)
            observed[name] = value.strftime("%Y-%m-%dT%H:%M:%SZ") if hasattr(value, "strftime") else (value or "")
        return observed

    def update(self, aws, prior, plan, changed):
        raise Refused("no argument of a certificate that Coldpress uses can be updated")

    def delete(self, aws, state):
        aws.client("acm", state.get("region")).delete_certificate(CertificateArn=state["id"])


class CertificateValidation:
    """Waits until the certificate is issued; makes nothing."""

    def create(self, aws, plan):
        client = aws.client("acm", plan.get("region"))
        known = None
        # moto issues a certificate after a minute (or as its state manager is told), AWS after some.
        for _ in range(90):
            certificate = client.describe_certificate(CertificateArn=plan["certificate_arn"])["Certificate"]
            known = known or certificate
            status = certificate["Status"]
            if known["Type"] != "AMAZON_ISSUED":
                raise Refused(f"ACM Certificate ({plan['certificate_arn']}) has type {known['Type']}, no validation necessary")
            if status == "ISSUED":
                # When it was issued, as known before the wait; else Go's first moment.
                issued = known.get("IssuedAt")
                return {"id": issued.strftime("%Y-%m-%d %H:%M:%S +0000 UTC") if issued else "0001-01-01 00:00:00 +0000 UTC"}
            time.sleep(1)
        raise Refused(f"timeout while waiting for the certificate to be issued (last state: {status})")

    def read(self, aws, state):
        client = aws.client("acm", state.get("region"))
        answer = found(client.describe_certificate, _GONE, CertificateArn=state["certificate_arn"])
        issued = answer is not None and answer["Certificate"]["Status"] == "ISSUED"
        return {"id": state.get("id")} if issued else None

    def update(self, aws, prior, plan, changed):
        raise Refused("no argument of a certificate validation can be updated")

    def delete(self, aws, state):
        pass


class Record:
    @staticmethod
    def imported(id_):
        """ZONE_NAME_TYPE or ZONE_NAME_TYPE_SET (record.go, resourceRecord, recordParseResourceID)."""
        zone, _, rest = id_.partition("_")
        name, type_, set_ = re.fullmatch(r"(.+?)_([A-Z]+)(?:_(.+))?", rest).groups()
        return {"id": id_, "zone_id": zone, "name": name, "type": type_, "set_identifier": set_}

    def create(self, aws, plan):
        self._change(aws, "CREATE" if not plan.get("allow_overwrite") else "UPSERT", plan)
        return {"id": self._id(plan)}

    def read(self, aws, state):
        client = aws.client("route53")
        zone = client.get_hosted_zone(Id=state["zone_id"])["HostedZone"]["Name"].rstrip(".")
        name = state["name"].rstrip(".")
        full = name if name == zone or name.endswith("." + zone) else f"{name}.{zone}"
        records = client.list_resource_record_sets(HostedZoneId=state["zone_id"])["ResourceRecordSets"]
        for record in records:
            same_set = record.get("SetIdentifier") == (state.get("set_identifier") or None)
            if record["Name"].rstrip(".") == full and record["Type"] == state["type"] and same_set:
                break
        else:
            return None
        alias, latency = record.get("AliasTarget"), record.get("Region")
        return {
            "id": state["id"],
            "fqdn": full,
            "allow_overwrite": state.get("allow_overwrite"),
            "records": [r["Value"] for r in record.get("ResourceRecords", [])],
            "ttl": record.get("TTL", 0) or None,
            "alias": [
                {
                    "name": alias["DNSName"].rstrip("."),
                    "zone_id": alias["HostedZoneId"],
                    "evaluate_target_health": alias["EvaluateTargetHealth"],
                }
            ]
            if alias
            else [],
            "latency_routing_policy": [{"region": latency}] if latency else [],
        }

    def update(self, aws, prior, plan, changed):
        if changed & {"set_identifier", "type"}:
            # Another record for AWS, in one batch with the end of the old one.
            self._change(aws, "DELETE", prior, then=plan)
            return {"id": self._id(plan)}
        self._change(aws, "UPSERT", plan)

    def delete(self, aws, state):
        self._change(aws, "DELETE", state)

    @staticmethod
    def _id(plan):
        return "_".join(part for part in (plan["zone_id"], plan["name"], plan["type"], plan.get("set_identifier")) if part)

    def _change(self, aws, action, plan, then=None):
        changes = [{"Action": action, "ResourceRecordSet": self._set(plan)}]
        if then:
            changes.append({"Action": "CREATE", "ResourceRecordSet": self._set(then)})
        client = aws.client("route53")
        answer = client.change_resource_record_sets(HostedZoneId=plan["zone_id"], ChangeBatch={"Changes": changes})
        # The provider waits until the change is everywhere; moto says so at once.
        client.get_change(Id=answer["ChangeInfo"]["Id"])

    @staticmethod
    def _set(plan):
        alias, latency = first(plan.get("alias")), first(plan.get("latency_routing_policy"))
        return given(
            Name=plan["name"],
            Type=plan["type"],
            TTL=int(plan["ttl"]) if plan.get("ttl") else None,
            ResourceRecords=[{"Value": v} for v in plan.get("records") or []] or None,
            SetIdentifier=plan.get("set_identifier") or None,
            Region=latency.get("region"),
            AliasTarget={
                "HostedZoneId": alias["zone_id"],
                "DNSName": alias["name"],
                "EvaluateTargetHealth": alias["evaluate_target_health"],
            }
            if alias
            else None,
        )


RESOURCES = {
    "aws_acm_certificate": Certificate(),
    "aws_acm_certificate_validation": CertificateValidation(),
    "aws_route53_record": Record(),
}
