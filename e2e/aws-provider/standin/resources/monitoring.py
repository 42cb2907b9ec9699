"""Log groups, alarms, dashboards, and the topic that alarms speak to."""

import json

from ..aws import PARTITION, Refused
from .request import found, given, once_made, retag, tags_of


class LogGroup:
    @staticmethod
    def imported(id_):
        """Its name (group.go, resourceGroup, whose importer passes it through)."""
        return {"id": id_, "name": id_}

    def create(self, aws, plan):
        client = self._client(aws, plan)
        if self._find(client, plan["name"]):
            raise Refused("ResourceAlreadyExistsException: The specified log group already exists")
        client.create_log_group(
            logGroupName=plan["name"],
            **given(tags=plan.get("tags_all") or None, kmsKeyId=plan.get("kms_key_id")),
        )
        known = {"id": plan["name"]}
        with once_made(known):
            if plan["retention_in_days"]:
                self._retain(client, plan)
        return known

    def read(self, aws, state):
        client = self._client(aws, state)
        group = self._find(client, state["id"])
        if group is None:
            return None
        arn = group["arn"].removesuffix(":*")
        tags = client.list_tags_for_resource(resourceArn=arn)["tags"]
        return {
            "arn": arn,
            "deletion_protection_enabled": False,
            "id": group["logGroupName"],
            "log_group_class": group.get("logGroupClass") or "STANDARD",
            "name": group["logGroupName"],
            "name_prefix": "",
            "retention_in_days": group.get("retentionInDays", 0),
            # Not AWS's to say; false after an import (group.go, resourceGroupRead).
            "skip_destroy": bool(state.get("skip_destroy")),
            **tags_of(tags, state),
        }

    def update(self, aws, prior, plan, changed):
        client = self._client(aws, plan)
        if "retention_in_days" in changed:
            self._retain(client, plan)
        if "tags_all" in changed:
            retag(
                prior,
                plan,
                lambda tags: client.tag_resource(resourceArn=prior["arn"], tags=tags),
                lambda names: client.untag_resource(resourceArn=prior["arn"], tagKeys=names),
            )

    def delete(self, aws, state):
        self._client(aws, state).delete_log_group(logGroupName=state["name"])

    @staticmethod
    def _client(aws, state):
        return aws.client("logs", state.get("region"))

    @staticmethod
    def _find(client, name):
        groups = client.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
        return next((g for g in groups if g["logGroupName"] == name), None)

    @staticmethod
    def _retain(client, plan):
        if plan["retention_in_days"]:
            client.put_retention_policy(logGroupName=plan["name"], retentionInDays=int(plan["retention_in_days"]))
        else:
            client.delete_retention_policy(logGroupName=plan["name"])


class MetricFilter:
    def create(self, aws, plan):
        self._put(aws, plan)
        return {"id": plan["name"]}

    def read(self, aws, state):
        client = aws.client("logs", state.get("region"))
        arguments = {"filterNamePrefix": state["id"], "logGroupName": state["log_group_name"]}
        filters = client.describe_metric_filters(**arguments)["metricFilters"]
        answer = next((f for f in filters if f["filterName"] == state["id"]), None)
        if answer is None:
            return None
        (transformation,) = answer["metricTransformations"]
        default = transformation.get("defaultValue")
        return {
            "apply_on_transformed_logs": False,
            "id": answer["filterName"],
            "log_group_name": answer["logGroupName"],
            "metric_transformation": [
                {
                    "default_value": None if default is None else f"{default:g}",
                    "dimensions": transformation.get("dimensions"),
                    "name": transformation["metricName"],
                    "namespace": transformation["metricNamespace"],
                    "unit": transformation.get("unit", "None"),
                    "value": transformation["metricValue"],
                }
            ],
            "name": answer["filterName"],
            "pattern": answer["filterPattern"],
        }

    def update(self, aws, prior, plan, changed):
        # A put of a filter that is there changes it on AWS, and nothing in moto.
        self.delete(aws, prior)
        self._put(aws, plan)

    def delete(self, aws, state):
        arguments = {"filterName": state["id"], "logGroupName": state["log_group_name"]}
        found(aws.client("logs", state.get("region")).delete_metric_filter, "ResourceNotFoundException", **arguments)

    @staticmethod
    def _put(aws, plan):
        client = aws.client("logs", plan.get("region"))
        if LogGroup._find(client, plan["log_group_name"]) is None:
            raise Refused("ResourceNotFoundException: The specified log group does not exist")
        (transformation,) = plan["metric_transformation"]
        default = transformation.get("default_value")
        client.put_metric_filter(
            logGroupName=plan["log_group_name"],
            filterName=plan["name"],
            filterPattern=plan["pattern"].strip(),
            metricTransformations=[
                given(
                    metricName=transformation["name"],
                    metricNamespace=transformation["namespace"],
                    metricValue=transformation["value"],
                    unit=transformation.get("unit"),
                    dimensions=transformation.get("dimensions") or None,
                    defaultValue=float(default) if default else None,
                )
            ],
        )


class MetricAlarm:
    def create(self, aws, plan):
        self._put(aws, plan, Tags=[{"Key": k, "Value": v} for k, v in (plan.get("tags_all") or {}).items()])
        return {"id": plan["alarm_name"]}

    def read(self, aws, state):
        client = self._client(aws, state)
        alarms = client.describe_alarms(AlarmNames=[state["id"]])["MetricAlarms"]
        if not alarms:
            return None
        alarm = alarms[0]
        tags = client.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
        return {
            "actions_enabled": alarm["ActionsEnabled"],
            "alarm_actions": alarm.get("AlarmActions", []),
            "alarm_description": alarm.get("AlarmDescription"),
            "alarm_name": alarm["AlarmName"],
            "arn": alarm["AlarmArn"],
            "comparison_operator": alarm["ComparisonOperator"],
            "dimensions": {d["Name"]: d["Value"] for d in alarm.get("Dimensions", [])},
            "evaluate_low_sample_count_percentiles": alarm.get("EvaluateLowSampleCountPercentile", ""),
            "evaluation_periods": alarm["EvaluationPeriods"],
            "extended_statistic": alarm.get("ExtendedStatistic"),
            "id": alarm["AlarmName"],
            "metric_name": alarm.get("MetricName"),
            "namespace": alarm.get("Namespace"),
            "ok_actions": alarm.get("OKActions", []),
            "period": alarm.get("Period"),
            "statistic": alarm.get("Statistic"),
            "threshold": alarm["Threshold"],
            "treat_missing_data": alarm.get("TreatMissingData") or "missing",
            **tags_of({t["Key"]: t["Value"] for t in tags}, state),
        }

    def update(self, aws, prior, plan, changed):
        client, arn = self._client(aws, plan), prior["arn"]
        if changed - {"tags", "tags_all"}:
            self._put(aws, plan)
        # AWS ignores the tags of a PutMetricAlarm for an alarm that is there (CloudWatch API Reference).
        if "tags_all" in changed:
            retag(
                prior,
                plan,
                lambda tags: client.tag_resource(ResourceARN=arn, Tags=[{"Key": k, "Value": v} for k, v in tags.items()]),
                lambda names: client.untag_resource(ResourceARN=arn, TagKeys=names),
            )

    def delete(self, aws, state):
        self._client(aws, state).delete_alarms(AlarmNames=[state["id"]])

    @staticmethod
    def _client(aws, state):
        return aws.client("cloudwatch", state.get("region"))

    def _put(self, aws, plan, **tags):
        if bool(plan.get("statistic")) == bool(plan.get("extended_statistic")):
            raise Refused("ValidationError: exactly one of statistic and extended_statistic must be given for a metric")
        for arn in plan.get("alarm_actions") or []:
            if ":sns:" in arn and arn.split(":")[3] != (plan.get("region") or aws.region):
                raise Refused(f"ValidationError: Invalid region {arn.split(':')[3]} specified. The alarm's topic must be in its region")
        self._client(aws, plan).put_metric_alarm(
            AlarmName=plan["alarm_name"],
            ActionsEnabled=plan["actions_enabled"],
            ComparisonOperator=plan["comparison_operator"],
            EvaluationPeriods=int(plan["evaluation_periods"]),
            Threshold=plan["threshold"],
            TreatMissingData=plan["treat_missing_data"],
            AlarmActions=plan.get("alarm_actions") or [],
            OKActions=plan.get("ok_actions") or [],
            Dimensions=[{"Name": k, "Value": v} for k, v in (plan.get("dimensions") or {}).items()],
            **tags,
            **given(
                AlarmDescription=plan.get("alarm_description"),
                DatapointsToAlarm=plan.get("datapoints_to_alarm"),
                ExtendedStatistic=plan.get("extended_statistic"),
                MetricName=plan.get("metric_name"),
                Namespace=plan.get("namespace"),
                Period=int(plan["period"]) if plan.get("period") else None,
                Statistic=plan.get("statistic"),
                Unit=plan.get("unit"),
            ),
        )


class Dashboard:
    def create(self, aws, plan):
        self._put(aws, plan)
        return {"id": plan["dashboard_name"]}

    def read(self, aws, state):
        client = aws.client("cloudwatch", state.get("region"))
        answer = found(client.get_dashboard, "ResourceNotFound", DashboardName=state["id"])
        if answer is None:
            return None
        name = answer["DashboardName"]
        return {
            "dashboard_arn": f"arn:{PARTITION}:cloudwatch::{aws.account}:dashboard/{name}",
            "dashboard_body": answer["DashboardBody"],
            "dashboard_name": name,
            "id": name,
        }

    def update(self, aws, prior, plan, changed):
        self._put(aws, plan)

    def delete(self, aws, state):
        aws.client("cloudwatch", state.get("region")).delete_dashboards(DashboardNames=[state["id"]])

    @staticmethod
    def _put(aws, plan):
        """AWS checks each widget; moto takes any text."""
        for widget in json.loads(plan["dashboard_body"])["widgets"]:
            if widget["type"] not in ("alarm", "explorer", "log", "metric", "text"):
                raise Refused(f"InvalidParameterInput: dashboard: there is no widget {widget['type']}")
            if widget["type"] in ("metric", "log") and "region" not in widget["properties"]:
                raise Refused("InvalidParameterInput: dashboard: a metric or log widget needs `region`")
        aws.client("cloudwatch", plan.get("region")).put_dashboard(
            DashboardName=plan["dashboard_name"], DashboardBody=plan["dashboard_body"]
        )


class Topic:
    _ATTRIBUTES = {"display_name": "DisplayName", "kms_master_key_id": "KmsMasterKeyId"}

    def _set(self, client, arn, plan, names):
        for name in names:
            value = plan.get(name) or ""
            client.set_topic_attributes(TopicArn=arn, AttributeName=self._ATTRIBUTES[name], AttributeValue=value)

    def create(self, aws, plan):
        client = aws.client("sns", plan.get("region"))
        answer = client.create_topic(
            Name=plan["name"],
            Tags=[{"Key": k, "Value": v} for k, v in (plan.get("tags_all") or {}).items()],
        )
        known = {"id": answer["TopicArn"]}
        with once_made(known):
            self._set(client, known["id"], plan, [name for name in self._ATTRIBUTES if plan.get(name)])
        return known

    def read(self, aws, state):
        client = aws.client("sns", state.get("region"))
        answer = found(client.get_topic_attributes, "NotFound", "NotFoundException", TopicArn=state["id"])
        if answer is None:
            return None
        attributes = answer["Attributes"]
        tags = client.list_tags_for_resource(ResourceArn=state["id"])["Tags"]
        return {
            "arn": state["id"],
            "beginning_archive_time": "",
            "fifo_throughput_scope": "",
            "id": state["id"],
            "name": state["id"].rsplit(":", 1)[1],
            "name_prefix": "",
            "owner": attributes["Owner"],
            "policy": attributes["Policy"],
            "signature_version": 0,
            "tracing_config": "",
            **tags_of({t["Key"]: t["Value"] for t in tags}, state),
        }

    def update(self, aws, prior, plan, changed):
        self._set(aws.client("sns", plan.get("region")), plan["id"], plan, changed & self._ATTRIBUTES.keys())

    def delete(self, aws, state):
        aws.client("sns", state.get("region")).delete_topic(TopicArn=state["id"])


class TopicSubscription:
    def create(self, aws, plan):
        answer = aws.client("sns", plan.get("region")).subscribe(
            TopicArn=plan["topic_arn"],
            Protocol=plan["protocol"],
            Endpoint=plan["endpoint"],
            ReturnSubscriptionArn=True,
        )
        return {"id": answer["SubscriptionArn"]}

    def read(self, aws, state):
        client = aws.client("sns", state.get("region"))
        arguments = {"SubscriptionArn": state["id"]}
        answer = found(client.get_subscription_attributes, "NotFound", "NotFoundException", **arguments)
        if answer is None:
            return None
        attributes = answer["Attributes"]
        return {
            "arn": state["id"],
            "confirmation_was_authenticated": attributes.get("ConfirmationWasAuthenticated") == "true",
            "endpoint": attributes["Endpoint"],
            "filter_policy_scope": "",
            "id": state["id"],
            "owner_id": attributes["Owner"],
            "pending_confirmation": attributes.get("PendingConfirmation") == "true",
            "protocol": attributes["Protocol"],
            "topic_arn": attributes["TopicArn"],
        }

    def update(self, aws, prior, plan, changed):
        raise Refused("no argument of a subscription that Coldpress uses can be updated")

    def delete(self, aws, state):
        aws.client("sns", state.get("region")).unsubscribe(SubscriptionArn=state["id"])


RESOURCES = {
    "aws_cloudwatch_dashboard": Dashboard(),
    "aws_cloudwatch_log_group": LogGroup(),
    "aws_cloudwatch_log_metric_filter": MetricFilter(),
    "aws_cloudwatch_metric_alarm": MetricAlarm(),
    "aws_sns_topic": Topic(),
    "aws_sns_topic_subscription": TopicSubscription(),
}
