"""aws_budgets_budget."""

from ..aws import PARTITION
from .request import found, once_made

_GONE = "NotFoundException"


class Budget:
    def create(self, aws, plan):
        client, account = aws.client("budgets"), aws.account
        budget = {
            "BudgetName": plan["name"],
            "BudgetType": plan["budget_type"],
            "BudgetLimit": {"Amount": plan["limit_amount"], "Unit": plan["limit_unit"]},
            "TimeUnit": plan["time_unit"],
        }
        client.create_budget(AccountId=account, Budget=budget)
        known = {"id": f"{account}:{plan['name']}"}
        with once_made(known):
            for notification in plan.get("notification") or []:
                client.create_notification(
                    AccountId=account,
                    BudgetName=plan["name"],
                    Notification=self._notification(notification),
                    Subscribers=[
                        {"SubscriptionType": "EMAIL", "Address": address}
                        for address in notification.get("subscriber_email_addresses") or []
                    ],
                )
        return known

    def read(self, aws, state):
        client = aws.client("budgets")
        account, name = state["id"].split(":", 1)
        answer = found(client.describe_budget, _GONE, AccountId=account, BudgetName=name)
        if answer is None:
            return None
        budget = answer["Budget"]
        limit = budget["BudgetLimit"]
        arguments = {"AccountId": account, "BudgetName": name}
        # moto has no DescribeSubscribersForNotification: whom a notification tells is as it was put.
        notifications = client.describe_notifications_for_budget(**arguments)["Notifications"]
        return {
            "account_id": account,
            "arn": f"arn:{PARTITION}:budgets::{account}:budget/{name}",
            "budget_type": budget["BudgetType"],
            "id": state["id"],
            # AWS writes 50 as 50.0, which the provider takes for the same.
            "limit_amount": self._amount(state.get("limit_amount"), limit["Amount"]),
            "limit_unit": limit["Unit"],
            "name": budget["BudgetName"],
            "name_prefix": "",
            "notification": [n for n in state.get("notification") or [] if self._notification(n) in map(self._known, notifications)],
            "tags_all": state.get("tags_all"),
            "time_period_end": state.get("time_period_end"),
            "time_period_start": budget["TimePeriod"]["Start"].strftime("%Y-%m-%d_%H:%M"),
            "time_unit": budget["TimeUnit"],
        }

    def update(self, aws, prior, plan, changed):
        # moto has no UpdateBudget.
        self.delete(aws, prior)
        self.create(aws, plan)

    def delete(self, aws, state):
        account, name = state["id"].split(":", 1)
        found(aws.client("budgets").delete_budget, _GONE, AccountId=account, BudgetName=name)

    @staticmethod
    def _amount(known, reported):
        return known if known is not None and float(known) == float(reported) else reported

    @staticmethod
    def _notification(block):
        return {
            "ComparisonOperator": block["comparison_operator"],
            "NotificationType": block["notification_type"],
            "Threshold": float(block["threshold"]),
            "ThresholdType": block["threshold_type"],
        }

    @staticmethod
    def _known(notification):
        names = ("ComparisonOperator", "NotificationType", "Threshold", "ThresholdType")
        return {name: notification.get(name, "PERCENTAGE") for name in names}


RESOURCES = {"aws_budgets_budget": Budget()}
