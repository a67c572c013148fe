"""Reads a SAM template, and has AWS's own translator make plain CloudFormation of it."""

from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import yaml

from otpost_tools.sandbox import place
from otpost_tools.sandbox.errors import TemplateError
from otpost_tools.sandbox.shapes import Json, mapping, text

# The translator takes code from S3 only; the key is the logical id, by which we find the folder again.
CODE_BUCKET = "sandbox-code"
_CODE_PROPERTY = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}


class _Loader(yaml.SafeLoader):
    """YAML as CloudFormation reads it: short intrinsics, and dates stay text ("2012-10-17" is a policy version)."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _intrinsic(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Json:
    value: Any
    match node:
        case yaml.ScalarNode():
            value = loader.construct_scalar(node)
        case yaml.SequenceNode():
            value = loader.construct_sequence(node)
        case yaml.MappingNode():
            value = loader.construct_mapping(node, deep=True)
        case _:
            raise TemplateError(f"!{suffix} has no value")
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _intrinsic)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A translated template, and by logical id what only the SAM template says about each function's and layer's code:

    its local folder, and the path of that folder inside the package (SAM's ParentPackages).
    """

    body: dict[str, Json]
    code: dict[str, Path]
    packages: dict[str, tuple[str, ...]]


def read(path: Path) -> dict[str, Json]:
    """The SAM template at *path*, as data."""
    try:
        content: Json = yaml.load(path.read_text("utf-8"), Loader=_Loader)  # noqa: S506 (a SafeLoader)
    except FileNotFoundError as error:
        raise TemplateError(f"{path} is not there. Run from the repository, or name the template.") from error
    except yaml.YAMLError as error:
        raise TemplateError(f"{path} is not YAML: {error}") from error
    return mapping(content, str(path))


def translate(source: dict[str, Json], *, folder: Path, parameters: dict[str, Json]) -> Template:
    """Plain CloudFormation from SAM. *folder* is what the template's code paths are relative to."""
    # Slow to import (boto3 comes along), and the sandbox has something else to start first.
    from samtranslator.parser.parser import Parser  # noqa: PLC0415
    from samtranslator.public.exceptions import InvalidDocumentException  # noqa: PLC0415
    from samtranslator.translator.translator import Translator  # noqa: PLC0415

    packages = _packages(source)
    code = _take_code(source, folder)
    session: Any = SimpleNamespace(region_name=place.REGION)  # instead of a boto3 session that reads the user's profile
    translator = Translator(None, Parser(), plugins=[], boto_session=session)
    try:
        body = translator.translate(source, parameters, get_managed_policy_map=dict)
    except InvalidDocumentException as error:
        causes = "; ".join(str(cause.message) for cause in error.causes)
        raise TemplateError(f"The template cannot be translated: {causes}") from error
    finally:
        translator.metrics.publish()  # to nowhere; else it complains that nobody did
    return Template(body=body, code=code, packages=packages)


def _take_code(source: dict[str, Json], folder: Path) -> dict[str, Path]:
    """Replace every local code path by an S3 key, and return the paths."""
    defaults = mapping(mapping(source.get("Globals"), "Globals").get("Function"), "Globals.Function")
    code: dict[str, Path] = {}
    for logical_id, resource in mapping(source.get("Resources"), "Resources").items():
        declared = mapping(resource, logical_id)
        name = _CODE_PROPERTY.get(text(declared.get("Type"), logical_id))
        if name is None:
            continue
        properties = mapping(declared.get("Properties"), logical_id)
        given = properties.get(name, defaults.get(name))
        code[logical_id] = (folder / text(given, f"{logical_id}.{name}")).resolve()
        properties[name] = f"s3://{CODE_BUCKET}/{logical_id}"
    return code


def _packages(source: dict[str, Json]) -> dict[str, tuple[str, ...]]:
    """The package that SAM's build wraps round a function's folder, so that `functions.verify.app` imports."""
    packages: dict[str, tuple[str, ...]] = {}
    for logical_id, resource in mapping(source.get("Resources"), "Resources").items():
        metadata = mapping(mapping(resource, logical_id).get("Metadata"), logical_id)
        build = mapping(metadata.get("BuildProperties"), logical_id)
        if build.get("ParentPackageMode") == "explicit":
            packages[logical_id] = tuple(text(build.get("ParentPackages"), logical_id).split("."))
    return packages
