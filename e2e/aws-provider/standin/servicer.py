"""The plugin protocol: each call of Terraform, answered from schema, rules and resources."""

import functools
import json
import sys
import traceback

from tf.gen import tfplugin_pb2 as pb
from tf.gen import tfplugin_pb2_grpc as rpc

from . import data, rules, state
from .aws import Aws, Refused, error_code
from .plan import changes, plan
from .resources import RESOURCES
from .resources.request import Unfinished, found
from .schema import to_wire
from .value import UNKNOWN, block_type, decode, encode, equal, has_unknown

# What AWS answers where an object is gone; for a record, where it is no longer what the request says.
_GONE = (
    "InvalidChangeBatch", "NoSuchBucket", "NoSuchCachePolicy", "NoSuchDistribution", "NoSuchEntity", "NoSuchFunctionExists", "NotFound",
    "NotFoundException", "ResourceNotFoundException",
)
_EMPTY = {"version": 0, "block": {}}


def _reported(response):
    """A failure becomes a diagnostic of `response`; without it Terraform says only that the plugin crashed."""

    def wrap(method):
        @functools.wraps(method)
        def call(self, request, context):
            try:
                return method(self, request, context)
            except Exception as error:
                if _is_known(error):
                    return response(diagnostics=[_error(f"{getattr(request, 'type_name', 'aws')}: {error}")])
                traceback.print_exc(file=sys.stderr)
                text = traceback.format_exc()
                return response(diagnostics=[_error("the stand-in failed, which is its own fault", text)])

        return call

    return wrap


def _is_known(error):
    """Whether AWS or the stand-in refused something, as opposed to a fault of the stand-in."""
    return error_code(error) or isinstance(error, (Refused, state.Inconsistent, NotImplementedError))


def _error(summary, detail="", attribute=None):
    path = None
    if attribute:
        path = pb.AttributePath(steps=[pb.AttributePath.Step(attribute_name=attribute)])
    return pb.Diagnostic(severity=pb.Diagnostic.ERROR, summary=summary, detail=detail, attribute=path)


class Servicer(rpc.ProviderServicer):
    """Serves the schema whole; carries out the resource types of `RESOURCES` and the sources of `data`."""

    def __init__(self, schema):
        self._schema = schema
        self._aws = None

    def _block(self, type_name):
        return self._schema["resource_schemas"][type_name]["block"]

    def GetMetadata(self, request, context):
        return pb.GetMetadata.Response(server_capabilities=pb.ServerCapabilities(plan_destroy=False))

    @_reported(pb.GetProviderSchema.Response)
    def GetProviderSchema(self, request, context):
        return pb.GetProviderSchema.Response(
            provider=to_wire(self._schema["provider"]),
            provider_meta=to_wire(_EMPTY),
            resource_schemas={name: to_wire(s) for name, s in self._schema["resource_schemas"].items()},
            data_source_schemas={name: to_wire(s) for name, s in self._schema["data_source_schemas"].items()},
        )

    def GetFunctions(self, request, context):
        return pb.GetFunctions.Response()

    def ValidateProviderConfig(self, request, context):
        return pb.ValidateProviderConfig.Response()

    @_reported(pb.ValidateResourceConfig.Response)
    def ValidateResourceConfig(self, request, context):
        refusals = rules.refusals(request.type_name, self._block(request.type_name), decode(request.config))
        return pb.ValidateResourceConfig.Response(diagnostics=[_error(text, attribute=name) for name, text in refusals])

    def ValidateDataResourceConfig(self, request, context):
        return pb.ValidateDataResourceConfig.Response()

    @_reported(pb.ConfigureProvider.Response)
    def ConfigureProvider(self, request, context):
        self._aws = Aws(decode(request.config))
        problem = self._aws.problem()
        return pb.ConfigureProvider.Response(diagnostics=[_error(problem)] if problem else [])

    @_reported(pb.UpgradeResourceState.Response)
    def UpgradeResourceState(self, request, context):
        value = json.loads(request.raw_state.json)
        # JSON has no types: a state written by another release of the schema may lack or carry attributes.
        fields = block_type(self._block(request.type_name))[1]
        return pb.UpgradeResourceState.Response(upgraded_state=encode({name: value.get(name) for name in fields}))

    @_reported(pb.ReadResource.Response)
    def ReadResource(self, request, context):
        prior = decode(request.current_state)
        observed = self._resource(request.type_name).read(self._aws, prior)
        if observed is None:
            return pb.ReadResource.Response(new_state=encode(None))
        new = state.refreshed(request.type_name, self._block(request.type_name), prior, observed)
        return pb.ReadResource.Response(new_state=encode(new))

    @_reported(pb.ImportResourceState.Response)
    def ImportResourceState(self, request, context):
        """`ID` or `ID@REGION`, as since 6.0; what the ID names is the resource's to say. Terraform reads the rest."""
        id_, _, region = request.id.partition("@")
        resource, block = self._resource(request.type_name), self._block(request.type_name)
        if not hasattr(resource, "imported"):
            raise NotImplementedError("this stand-in does not import this type")
        # Tags that the provider gives to all are not the object's own, for the read that follows.
        given = {**resource.imported(id_), "region": region or self._aws.region, "tags_all": self._aws.default_tags}
        new = {name: given.get(name) for name in block_type(block)[1]}
        return pb.ImportResourceState.Response(
            imported_resources=[pb.ImportResourceState.ImportedResource(type_name=request.type_name, state=encode(new))]
        )

    @_reported(pb.PlanResourceChange.Response)
    def PlanResourceChange(self, request, context):
        block = self._block(request.type_name)
        prior, proposed = decode(request.prior_state), decode(request.proposed_new_state)
        planned, replace = plan(request.type_name, block, prior, proposed, self._aws)
        return pb.PlanResourceChange.Response(
            planned_state=encode(planned),
            requires_replace=[
                pb.AttributePath(steps=[pb.AttributePath.Step(attribute_name=name)]) for name in replace
            ],
            # As the real one: its defaults stand in a plan although the schema does not call them computed.
            legacy_type_system=True,
        )

    @_reported(pb.ApplyResourceChange.Response)
    def ApplyResourceChange(self, request, context):
        type_name, block = request.type_name, self._block(request.type_name)
        prior, planned = decode(request.prior_state), decode(request.planned_state)
        resource = self._resource(type_name)
        if planned is None:
            # What is gone already is as it should be; so each type's Delete in the provider.
            found(resource.delete, *_GONE, aws=self._aws, state=prior)
            return pb.ApplyResourceChange.Response(new_state=encode(None))
        wanted = _settled(planned)
        try:
            if prior is None:
                wanted.update(resource.create(self._aws, wanted))
            else:
                wanted.update(resource.update(self._aws, prior, wanted, changes(block, prior, planned)) or {})
        except Exception as error:
            cause = error.__cause__ if isinstance(error, Unfinished) else error
            if not _is_known(cause) or prior is None and cause is error:
                raise cause
            if getattr(resource, "keeps_prior", False):
                return pb.ApplyResourceChange.Response(new_state=encode(prior), diagnostics=[_error(f"{type_name}: {error}")])
            return self._unfinished(type_name, error, prior, planned, wanted)
        observed = resource.read(self._aws, wanted)
        if observed is None:
            raise state.Inconsistent("the object is not there right after it was made")
        config = decode(request.config)
        new = state.after_apply(type_name, block, config, planned, {**wanted, **observed})
        self._check(type_name, block, new, observed)
        return pb.ApplyResourceChange.Response(new_state=encode(new), legacy_type_system=True)

    @staticmethod
    def _unfinished(type_name, error, prior, planned, wanted):
        """The state after a failure, as the provider's SDK leaves it: the plan, with what the resource knows better.

        Terraform taints what was to be made, and does not taint what was to be updated.
        """
        if prior is not None:
            wanted = {name: prior.get(name) if planned[name] is UNKNOWN else value for name, value in wanted.items()}
        new = {**wanted, **getattr(error, "known", {})}
        diagnostics = [_error(f"{type_name}: {error}")]
        return pb.ApplyResourceChange.Response(new_state=encode(new), legacy_type_system=True, diagnostics=diagnostics)

    def _check(self, type_name, block, new, observed):
        """What the next refresh would find must be what was planned: "apply, then plan is empty"."""
        if has_unknown(new):
            raise state.Inconsistent("a value is still unknown after the apply")
        again = state.refreshed(type_name, block, new, observed)
        fields = block_type(block)[1]
        differing = [name for name, type_ in fields.items() if not equal(new[name], again[name], type_)]
        if differing:
            details = "; ".join(f"{name}: planned {new[name]!r}, found {again[name]!r}" for name in differing)
            raise state.Inconsistent(f"the object is not as planned: {details}")

    @_reported(pb.ReadDataSource.Response)
    def ReadDataSource(self, request, context):
        return pb.ReadDataSource.Response(state=encode(data.read(request.type_name, self._aws, decode(request.config))))

    def StopProvider(self, request, context):
        return pb.StopProvider.Response()

    @staticmethod
    def _resource(type_name):
        if type_name not in RESOURCES:
            raise NotImplementedError(
                "this stand-in knows the schema but does not carry this type out; "
                f"it carries out: {', '.join(sorted(RESOURCES))}"
            )
        return RESOURCES[type_name]


def _settled(value):
    """`value` with null for what is not known yet."""
    if isinstance(value, dict):
        return {k: _settled(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_settled(v) for v in value]
    return None if value is UNKNOWN else value
