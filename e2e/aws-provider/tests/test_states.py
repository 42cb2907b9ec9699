"""States that another minor version of the provider wrote, that are lost and imported as docs/deploy.md says, and that name what is
gone: a plan changes nothing of the first two, and the last is no obstacle to a destroy.
"""

from older_state import older

SERVICE = """
resource "aws_cloudwatch_log_group" "access" {
  name              = "/imported"
  retention_in_days = 30
}
resource "aws_apigatewayv2_api" "this" {
  name          = "imported"
  description   = "An API"
  protocol_type = "HTTP"
}
resource "aws_apigatewayv2_integration" "live" {
  api_id                 = aws_apigatewayv2_api.this.id
  integration_type       = "AWS_PROXY"
  integration_method     = "POST"
  integration_uri        = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/f/invocations"
  payload_format_version = "2.0"
  timeout_milliseconds   = 12000
}
resource "aws_apigatewayv2_route" "live" {
  api_id    = aws_apigatewayv2_api.this.id
  route_key = "$default"
  target    = "integrations/${aws_apigatewayv2_integration.live.id}"
}
variable "others" { default = 0 }
resource "aws_apigatewayv2_route" "other" {
  count     = var.others
  api_id    = aws_apigatewayv2_api.this.id
  route_key = "GET /other"
}
resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = "$default"
  auto_deploy = true
  default_route_settings {
    throttling_rate_limit  = 100
    throttling_burst_limit = 200
  }
  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    format          = jsonencode({ status = "$context.status" })
  }
}
"""


def test_an_api_with_its_log_group(terraform, aws):
    terraform.write(SERVICE).init()
    terraform.apply().ok()
    states = terraform.states()
    state = terraform.directory / "terraform.tfstate"
    state.write_text(older(state.read_text()))
    terraform.assert_plan_empty()

    state.unlink()
    api = states["aws_apigatewayv2_api.this"]["id"]
    ids = {
        "aws_cloudwatch_log_group.access": "/imported",
        "aws_apigatewayv2_api.this": api,
        "aws_apigatewayv2_stage.default": f"{api}/$default",
        "aws_apigatewayv2_integration.live": f"{api}/{states['aws_apigatewayv2_integration.live']['id']}",
        "aws_apigatewayv2_route.live": f"{api}/{states['aws_apigatewayv2_route.live']['id']}",
    }
    blocks = [f'import {{\n to = {address}\n id = "{id_}@eu-central-1"\n}}\n' for address, id_ in ids.items()]
    terraform.write("".join(blocks), "imports.tf", head=False)
    assert "5 imported, 0 added, 0 changed, 0 destroyed" in terraform.apply().ok().text
    (terraform.directory / "imports.tf").unlink()
    assert "wrong format of import ID" in terraform("import", "-var=others=1", "aws_apigatewayv2_route.other[0]", api).text

    aws("apigatewayv2").delete_api(ApiId=api)
    aws("logs").delete_log_group(logGroupName="/imported")
    terraform("destroy", "-auto-approve", "-input=false", "-refresh=false").ok()
