# Somebody is told before a month gets expensive: `throttle` bounds what requests can cost, and nothing else does. It is the whole
# account's budget. One of a deployment alone would need its tag to be activated for cost allocation first, which takes a day.

resource "aws_budgets_budget" "month" {
  count = var.budget == null ? 0 : 1

  name         = "${var.name}-month"
  budget_type  = "COST"
  limit_amount = tostring(var.budget.usd)
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  dynamic "notification" {
    for_each = { ACTUAL = 80, FORECASTED = 100 }
    content {
      notification_type          = notification.key
      comparison_operator        = "GREATER_THAN"
      threshold                  = notification.value
      threshold_type             = "PERCENTAGE"
      subscriber_email_addresses = [var.budget.email]
    }
  }
}
