"""Save a trained network as one safetensors file: weights, and all the rest in its header.

Such a file holds numbers and JSON, and reading it executes nothing. It is written under another
name and then renamed, so that a reader finds a whole file or none.
"""

import json
import os
from dataclasses import asdict
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from dlcompare.neural.architectures import build
from dlcompare.neural.decoding import LengthCap
from dlcompare.neural.encoding import Encoding
from dlcompare.neural.kinds import Architecture
from dlcompare.neural.predictor import NeuralPredictor
from dlcompare.tasks.cost import Cost
from dlcompare.tasks.errors import InputError
from dlcompare.tasks.problem import Signature
from dlcompare.tasks.types import Type

__all__ = ["load_predictor", "save_predictor"]

_FORMAT = "dlcompare-network-1"


def save_predictor(predictor: NeuralPredictor, path: Path) -> None:
    """Write a trained network to `path`, atomically."""
    signature = predictor.encoding.signature
    description = {
        "architecture": asdict(predictor.model.architecture),
        "longest": predictor.longest,
        "name": signature.name,
        "parameters": [[name, _as_json(type_)] for name, type_ in signature.parameters],
        "result": _as_json(signature.result),
        "digits": predictor.encoding.digits,
        "symbols": predictor.encoding.symbols,
        "cap": asdict(predictor.cap),
        "cost": asdict(predictor.cost),
        "prior": dict(predictor.prior),
    }
    weights = {name: t.contiguous().cpu() for name, t in predictor.model.state_dict().items()}
    content = save(weights, {"format": _FORMAT, "description": json.dumps(description)})
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def load_predictor(path: Path, device: str = "cpu") -> NeuralPredictor:
    """Read a trained network.

    Raises
    ------
    InputError
        If there is no such file, or it is not a network of this package.
    """
    try:
        with safe_open(path, framework="pt", device=device) as file:
            header = file.metadata() or {}
            weights: dict[str, torch.Tensor] = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise InputError(f"{path} cannot be read as a safetensors file: {error}") from error
    if header.get("format") != _FORMAT:
        raise InputError(
            f"{path} is a safetensors file, but not a network saved by dlcompare: its header says "
            f"format={header.get('format')!r}, not {_FORMAT!r}"
        )
    try:
        return _predictor(json.loads(header["description"]), weights, device)
    except (LookupError, TypeError, ValueError, RuntimeError) as error:
        raise InputError(
            f"{path} has not the network that its header describes, or is damaged: "
            f"{type(error).__name__}: {str(error)[:200]}"
        ) from error


def _predictor(d: dict[str, Any], weights: dict[str, torch.Tensor], device: str) -> NeuralPredictor:
    """Return the predictor that a header describes; RecursionError is a RuntimeError."""
    parameters = tuple((name, _from_json(type_)) for name, type_ in d["parameters"])
    signature = Signature(d["name"], parameters, _from_json(d["result"]))
    symbols = tuple((kind, value) for kind, value in d["symbols"])
    encoding = Encoding(signature, d["digits"], symbols)
    model = build(encoding, Architecture(**d["architecture"]), d["longest"]).to(device)
    model.load_state_dict(weights)
    cap, cost = LengthCap(**d["cap"]), Cost(**d["cost"])
    return NeuralPredictor(model, encoding, cap, d["longest"], cost, d["prior"])


def _as_json(type_: Type) -> list[Any]:
    return [type_.name, *map(_as_json, type_.parameters)]


def _from_json(parts: list[Any]) -> Type:
    return Type(parts[0], tuple(map(_from_json, parts[1:])))
