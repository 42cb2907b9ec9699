"""HTTP APIs: api, integration, route, stage, domain name, mapping."""

import zlib

from ..aws import PARTITION, Refused
from .request import first, found, given, retag, tags_of

_GONE = "NotFoundException"
_HOME = {"aws": "amazonaws.com"}


def _client(aws, state):
    return aws.client("apigatewayv2", state.get("region"))


def _of_api(id_, what):
    """An import's API-ID/ID, where the provider refuses any other form."""
    api, slash, own = id_.partition("/")
    if not slash or "/" in own:
        raise Refused(f"wrong format of import ID ({id_}), use: 'api-id/{what}'")
    return api, own


class Api:
    @staticmethod
    def imported(id_):
        """Its id (api.go, resourceAPI, whose importer passes it through)."""
        return {"id": id_}

    def create(self, aws, plan):
        answer = _client(aws, plan).create_api(
            Name=plan["name"],
            ProtocolType=plan["protocol_type"],
            DisableExecuteApiEndpoint=bool(plan.get("disable_execute_api_endpoint")),
            **given(
                CorsConfiguration=self._cors(plan),
                Description=plan.get("description"),
                Tags=plan.get("tags_all") or None,
                Version=plan.get("version"),
            ),
        )
        return {"id": answer["ApiId"]}

    def read(self, aws, state):
        answer = found(_client(aws, state).get_api, _GONE, ApiId=state["id"])
        if answer is None:
            return None
        region = state.get("region") or aws.region
        cors = answer.get("CorsConfiguration")
        return {
            "api_key_selection_expression": answer["ApiKeySelectionExpression"],
            "api_endpoint": f"https://{state['id']}.execute-api.{region}.{_HOME[PARTITION]}",
            "arn": f"arn:{PARTITION}:apigateway:{region}::/apis/{state['id']}",
            "execution_arn": f"arn:{PARTITION}:execute-api:{region}:{aws.account}:{state['id']}",
            "id": state["id"],
            "ip_address_type": state.get("ip_address_type") or "ipv4",
            "name": answer["Name"],
            "protocol_type": answer["ProtocolType"],
            "route_selection_expression": answer["RouteSelectionExpression"],
            "version": answer.get("Version"),
            "description": answer.get("Description", ""),
            "disable_execute_api_endpoint": answer.get("DisableExecuteApiEndpoint", False),
            "cors_configuration": [
                {
                    "allow_credentials": cors.get("AllowCredentials", False),
                    "allow_headers": cors.get("AllowHeaders", []),
                    "allow_methods": cors.get("AllowMethods", []),
                    "allow_origins": cors.get("AllowOrigins", []),
                    "expose_headers": cors.get("ExposeHeaders", []),
                    "max_age": cors.get("MaxAge", 0),
                }
            ]
            if cors
            else [],
            **tags_of(answer.get("Tags", {}), state),
        }

    def update(self, aws, prior, plan, changed):
        client = _client(aws, plan)
        if "cors_configuration" in changed and not plan.get("cors_configuration"):
            client.delete_cors_configuration(ApiId=plan["id"])
            changed = changed - {"cors_configuration"}
        if changed - {"tags", "tags_all"}:
            client.update_api(
                ApiId=plan["id"],
                Name=plan["name"],
                DisableExecuteApiEndpoint=bool(plan.get("disable_execute_api_endpoint")),
                **given(CorsConfiguration=self._cors(plan), Description=plan.get("description")),
            )
        _retag(client, prior, plan, changed)

    def delete(self, aws, state):
        _client(aws, state).delete_api(ApiId=state["id"])

    @staticmethod
    def _cors(plan):
        cors = first(plan.get("cors_configuration"))
        if not cors:
            return None
        if cors.get("allow_credentials") and "*" in (cors.get("allow_origins") or []):
            raise Refused("BadRequestException: allow credentials is not supported with allow origin *")
        return given(
            AllowCredentials=cors.get("allow_credentials"),
            AllowHeaders=cors.get("allow_headers"),
            AllowMethods=cors.get("allow_methods"),
            AllowOrigins=cors.get("allow_origins"),
            ExposeHeaders=cors.get("expose_headers"),
            MaxAge=int(cors["max_age"]) if cors.get("max_age") is not None else None,
        )


class Integration:
    @staticmethod
    def imported(id_):
        """API/INTEGRATION (integration.go, resourceIntegrationImport)."""
        api, own = _of_api(id_, "integration-id")
        return {"id": own, "api_id": api}

    def create(self, aws, plan):
        return {"id": _client(aws, plan).create_integration(ApiId=plan["api_id"], **self._arguments(plan))["IntegrationId"]}

    def read(self, aws, state):
        client = _client(aws, state)
        answer = found(client.get_integration, _GONE, ApiId=state["api_id"], IntegrationId=state["id"])
        if answer is None:
            return None
        return {
            "id": answer["IntegrationId"],
            "connection_type": answer.get("ConnectionType", "INTERNET"),
            "description": answer.get("Description", ""),
            "integration_method": answer.get("IntegrationMethod"),
            "integration_response_selection_expression": answer.get("IntegrationResponseSelectionExpression", ""),
            "integration_type": answer["IntegrationType"],
            "integration_uri": answer.get("IntegrationUri"),
            "payload_format_version": answer.get("PayloadFormatVersion"),
            # AWS's own, where nothing was said (HTTP APIs' quotas).
            "timeout_milliseconds": answer.get("TimeoutInMillis") or 30000,
        }

    def update(self, aws, prior, plan, changed):
        _client(aws, plan).update_integration(ApiId=plan["api_id"], IntegrationId=plan["id"], **self._arguments(plan))

    def delete(self, aws, state):
        _client(aws, state).delete_integration(ApiId=state["api_id"], IntegrationId=state["id"])

    @staticmethod
    def _arguments(plan):
        return given(
            ConnectionType=plan.get("connection_type"),
            Description=plan.get("description"),
            IntegrationMethod=plan.get("integration_method"),
            IntegrationType=plan["integration_type"],
            IntegrationUri=plan.get("integration_uri"),
            PayloadFormatVersion=plan.get("payload_format_version"),
            TimeoutInMillis=_timeout(plan.get("timeout_milliseconds")),
        )


class Route:
    @staticmethod
    def imported(id_):
        """API/ROUTE (route.go, resourceRouteImport)."""
        api, own = _of_api(id_, "route-id")
        return {"id": own, "api_id": api}

    def create(self, aws, plan):
        client = _client(aws, plan)
        self._check_target(client, plan)
        taken = [r["RouteKey"] for r in client.get_routes(ApiId=plan["api_id"])["Items"]]
        if plan["route_key"] in taken:
            raise Refused(f"ConflictException: Route with key {plan['route_key']} already exists for this API")
        return {"id": client.create_route(ApiId=plan["api_id"], **self._arguments(plan))["RouteId"]}

    def read(self, aws, state):
        answer = found(_client(aws, state).get_route, _GONE, ApiId=state["api_id"], RouteId=state["id"])
        if answer is None:
            return None
        return {
            "id": answer["RouteId"],
            "api_key_required": answer.get("ApiKeyRequired", False),
            "authorization_type": answer.get("AuthorizationType", "NONE"),
            "route_key": answer["RouteKey"],
            "target": answer.get("Target"),
        }

    def update(self, aws, prior, plan, changed):
        client = _client(aws, plan)
        self._check_target(client, plan)
        client.update_route(ApiId=plan["api_id"], RouteId=plan["id"], **self._arguments(plan))

    def delete(self, aws, state):
        _client(aws, state).delete_route(ApiId=state["api_id"], RouteId=state["id"])

    @staticmethod
    def _arguments(plan):
        return given(
            AuthorizationType=plan["authorization_type"],
            RouteKey=plan["route_key"],
            Target=plan.get("target"),
        )

    @staticmethod
    def _check_target(client, plan):
        """AWS refuses a route to an integration that the API does not have."""
        target = plan.get("target") or ""
        if not target.startswith("integrations/"):
            return
        integration = target.removeprefix("integrations/")
        if found(client.get_integration, _GONE, ApiId=plan["api_id"], IntegrationId=integration) is None:
            raise Refused(f"NotFoundException: Unable to find Integration by id {integration} within the provided API")


class Stage:
    @staticmethod
    def imported(id_):
        """API/STAGE (stage.go, resourceStageImport)."""
        api, name = _of_api(id_, "stage-name")
        return {"id": name, "api_id": api, "name": name}

    def create(self, aws, plan):
        client = _client(aws, plan)
        taken = [s["StageName"] for s in client.get_stages(ApiId=plan["api_id"])["Items"]]
        if plan["name"] in taken:
            raise Refused(f"ConflictException: Stage already exists: {plan['name']}")
        client.create_stage(**self._asked(aws, plan))
        return {"id": plan["name"]}

    def read(self, aws, state):
        answer = found(_client(aws, state).get_stage, _GONE, ApiId=state["api_id"], StageName=state["name"])
        if answer is None:
            return None
        region, api, name = state.get("region") or aws.region, state["api_id"], state["name"]
        log, settings = answer.get("AccessLogSettings"), answer.get("DefaultRouteSettings") or {}
        observed = {
            "id": name,
            "arn": f"arn:{PARTITION}:apigateway:{region}::/apis/{api}/stages/{name}",
            "auto_deploy": answer.get("AutoDeploy", False),
            "deployment_id": answer.get("DeploymentId", ""),
            "description": answer.get("Description", ""),
            "execution_arn": f"arn:{PARTITION}:execute-api:{region}:{aws.account}:{api}/{name}",
            "invoke_url": f"https://{api}.execute-api.{region}.{_HOME[PARTITION]}/{'' if name == '$default' else name}",
            "access_log_settings": [{"destination_arn": log["DestinationArn"], "format": log["Format"]}] if log else [],
            **tags_of(answer.get("Tags", {}), state),
        }
        # After an import, which knows nothing yet, as the provider has them always (stage.go, resourceStageRead).
        if settings and (state.get("default_route_settings") or state.get("auto_deploy") is None):
            observed["default_route_settings"] = [
                {
                    "data_trace_enabled": settings.get("DataTraceEnabled", False),
                    "detailed_metrics_enabled": settings.get("DetailedMetricsEnabled", False),
                    "logging_level": settings.get("LoggingLevel", ""),
                    "throttling_burst_limit": settings.get("ThrottlingBurstLimit"),
                    "throttling_rate_limit": settings.get("ThrottlingRateLimit"),
                }
            ]
        return observed

    def update(self, aws, prior, plan, changed):
        client = _client(aws, plan)
        if changed - {"tags", "tags_all"}:
            # moto has no UpdateStage.
            asked = self._asked(aws, plan)
            client.delete_stage(ApiId=plan["api_id"], StageName=plan["name"])
            client.create_stage(**asked)
        _retag(client, prior, plan, changed)

    def delete(self, aws, state):
        _client(aws, state).delete_stage(ApiId=state["api_id"], StageName=state["name"])

    def _asked(self, aws, plan):
        log, settings = first(plan.get("access_log_settings")), first(plan.get("default_route_settings"))
        if log:
            self._check_log_group(aws, plan, log["destination_arn"])
        return given(
            ApiId=plan["api_id"],
            StageName=plan["name"],
            Tags=plan.get("tags_all") or None,
            AutoDeploy=plan["auto_deploy"],
            Description=plan.get("description"),
            AccessLogSettings={"DestinationArn": log["destination_arn"], "Format": log["format"]} if log else None,
            DefaultRouteSettings=given(
                DetailedMetricsEnabled=settings.get("detailed_metrics_enabled"),
                ThrottlingBurstLimit=_whole(settings.get("throttling_burst_limit")),
                ThrottlingRateLimit=settings.get("throttling_rate_limit"),
            )
            if settings
            else None,
        )

    @staticmethod
    def _check_log_group(aws, plan, arn):
        """AWS delivers an access log only to a log group that exists."""
        name = arn.split(":log-group:", 1)[-1].removesuffix(":*")
        groups = aws.client("logs", plan.get("region")).describe_log_groups(logGroupNamePrefix=name)["logGroups"]
        if name not in [g["logGroupName"] for g in groups]:
            raise Refused(f"BadRequestException: Cloudwatch Logs log group does not exist: {name}")


def _timeout(milliseconds):
    if milliseconds is not None and not 50 <= milliseconds <= 30000:
        raise Refused("BadRequestException: Timeout should be between 50 ms and 30000 ms")
    return _whole(milliseconds)


def _retag(client, prior, plan, changed):
    if "tags_all" in changed:
        retag(
            prior,
            plan,
            lambda tags: client.tag_resource(ResourceArn=prior["arn"], Tags=tags),
            lambda names: client.untag_resource(ResourceArn=prior["arn"], TagKeys=names),
        )


def _whole(number):
    return None if number is None else int(number)


class DomainName:
    @staticmethod
    def imported(id_):
        """Its name (domain_name.go, resourceDomainName, whose importer passes it through)."""
        return {"id": id_, "domain_name": id_}

    def create(self, aws, plan):
        configuration = first(plan["domain_name_configuration"])
        _client(aws, plan).create_domain_name(
            DomainName=plan["domain_name"],
            DomainNameConfigurations=[
                {
                    "CertificateArn": configuration["certificate_arn"],
                    "EndpointType": configuration["endpoint_type"],
                    "SecurityPolicy": configuration["security_policy"],
                }
            ],
            **given(Tags=plan.get("tags_all") or None),
        )
        return {"id": plan["domain_name"]}

    def read(self, aws, state):
        answer = found(_client(aws, state).get_domain_name, _GONE, DomainName=state["id"])
        if answer is None:
            return None
        region = state.get("region") or aws.region
        configuration = first(answer["DomainNameConfigurations"])
        return {
            "id": answer["DomainName"],
            "arn": f"arn:{PARTITION}:apigateway:{region}::/domainnames/{answer['DomainName']}",
            "api_mapping_selection_expression": answer.get("ApiMappingSelectionExpression", ""),
            "routing_mode": state.get("routing_mode") or "API_MAPPING_ONLY",
            "domain_name_configuration": [
                {
                    "certificate_arn": configuration["CertificateArn"],
                    "endpoint_type": configuration["EndpointType"],
                    "hosted_zone_id": configuration.get("HostedZoneId", "Z1U9ULNL0V5AJ3"),
                    "ip_address_type": "ipv4",
                    "ownership_verification_certificate_arn": "",
                    "security_policy": configuration["SecurityPolicy"],
                    "target_domain_name": configuration.get(
                        "ApiGatewayDomainName", f"d-{zlib.crc32(state['id'].encode())}.execute-api.{region}.amazonaws.com"
                    ),
                }
            ],
        }

    def update(self, aws, prior, plan, changed):
        raise Refused("UnsupportedOperation: moto has no UpdateDomainName")

    def delete(self, aws, state):
        _client(aws, state).delete_domain_name(DomainName=state["id"])


class ApiMapping:
    @staticmethod
    def imported(id_):
        """MAPPING/DOMAIN (api_mapping.go, resourceAPIMappingImport)."""
        own, _, domain = id_.partition("/")
        if not domain or "/" in domain:
            raise Refused(f"Wrong format of resource: {id_}. Please follow 'api-mapping-id/domain-name'")
        return {"id": own, "domain_name": domain}

    def create(self, aws, plan):
        answer = _client(aws, plan).create_api_mapping(
            ApiId=plan["api_id"],
            DomainName=plan["domain_name"],
            Stage=plan["stage"],
            **given(ApiMappingKey=plan.get("api_mapping_key") or ""),
        )
        return {"id": answer["ApiMappingId"]}

    def read(self, aws, state):
        client = _client(aws, state)
        answer = found(client.get_api_mapping, _GONE, ApiMappingId=state["id"], DomainName=state["domain_name"])
        if answer is None:
            return None
        return {"id": answer["ApiMappingId"], "api_id": answer["ApiId"], "stage": answer["Stage"]}

    def update(self, aws, prior, plan, changed):
        raise Refused("UnsupportedOperation: moto has no UpdateApiMapping")

    def delete(self, aws, state):
        _client(aws, state).delete_api_mapping(ApiMappingId=state["id"], DomainName=state["domain_name"])


RESOURCES = {
    "aws_apigatewayv2_api": Api(),
    "aws_apigatewayv2_api_mapping": ApiMapping(),
    "aws_apigatewayv2_domain_name": DomainName(),
    "aws_apigatewayv2_integration": Integration(),
    "aws_apigatewayv2_route": Route(),
    "aws_apigatewayv2_stage": Stage(),
}
