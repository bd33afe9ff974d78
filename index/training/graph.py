"""A BERT encoder as an ONNX graph, in float32 or with int8 weights and fixed int8 scales of what flows in.

Fixed scales, found once on calibration texts, keep a text's vector free of its neighbours in the batch; one scale a
channel moves outliers from the activations into the weights (Xiao et al. 2023, SmoothQuant).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
CONTRIB = "com.microsoft"  # ONNX Runtime's fused operators
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUT = "last_hidden_state"
EPSILON = 1e-12
SMOOTHING = 0.85  # how much of a channel's range goes to the weights
WEIGHT_LEVELS = 63  # 7 bits, so that 16-bit sums never saturate on processors without VNNI
MIDDLE = 128  # the uint8 that stands for 0

Array = npt.NDArray[np.generic]
Tensors = Mapping[str, npt.NDArray[np.float32]]


@dataclass(slots=True)
class Builder:
    """Collects nodes and constants; `ranges` (largest |x| a channel, by weight name) makes linear layers int8."""

    ranges: Tensors | None = None
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: dict[str, Array] = field(default_factory=dict)
    watched: dict[str, str] = field(default_factory=dict)  # weight name -> what flows into that layer

    def constant(self, name: str, value: Array) -> str:
        self.constants[name] = value
        return name

    def node(self, operator: str, inputs: Sequence[str], name: str, **attributes: Any) -> str:
        domain = CONTRIB if operator in ("MatMulIntegerToFloat", "MultiHeadAttention", "SkipLayerNormalization") else ""
        if operator == "Gelu":
            domain = CONTRIB
        self.nodes.append(helper.make_node(operator, inputs, [name], name=name, domain=domain, **attributes))
        return name

    def linear(self, name: str, inside: str, weight: npt.NDArray[np.float32], bias: npt.NDArray[np.float32]) -> str:
        """x @ weight + bias, `weight` (in, out)."""
        self.watched[name] = inside
        offset = self.constant(f"{name}.bias", bias)
        if self.ranges is None:
            product = self.node("MatMul", [inside, self.constant(f"{name}.weight", weight)], f"{name}.product")
            return self.node("Add", [product, offset], f"{name}.out")
        quantised, scale, channel = quantise(weight, self.ranges[name])
        middle = self.constant("middle", np.array(MIDDLE, np.uint8))
        one = self.constant("one", np.array(1, np.float32))
        smooth = self.node("Mul", [inside, self.constant(f"{name}.channel", 1 / channel)], f"{name}.smooth")
        small = self.node("QuantizeLinear", [smooth, one, middle], f"{name}.small")
        parts = [small, self.constant(f"{name}.weight", quantised), one, self.constant(f"{name}.scale", scale), middle]
        return self.node("MatMulIntegerToFloat", [*parts, "", offset], f"{name}.out")

    def table(self, name: str, rows: npt.NDArray[np.float32], ids: str) -> str:
        """Rows of a table; in int8 with one scale a row."""
        if self.ranges is None:
            return self.node("Gather", [self.constant(name, rows), ids], f"{name}.out")
        scale = np.abs(rows).max(axis=1, keepdims=True) / 127
        small = np.round(rows / np.maximum(scale, EPSILON)).astype(np.int8)
        found = self.node("Gather", [self.constant(name, small), ids], f"{name}.small")
        scales = self.node("Gather", [self.constant(f"{name}.scale", scale.astype(np.float32)), ids], f"{name}.scales")
        return self.node(
            "Mul", [self.node("Cast", [found], f"{name}.float", to=TensorProto.FLOAT), scales], f"{name}.out"
        )


def quantise(
    weight: npt.NDArray[np.float32], largest: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """int8 weights (in, out), their scale a column, and the step a channel of what flows in."""
    strength = np.maximum(np.abs(weight).max(axis=1), 1e-5)
    largest = np.maximum(largest, 1e-5)
    smooth = largest**SMOOTHING / strength ** (1 - SMOOTHING)
    step = (smooth * (largest / smooth).max() / 127).astype(np.float32)
    scaled = weight * step[:, None]
    scale = (np.abs(scaled).max(axis=0) / WEIGHT_LEVELS).astype(np.float32)
    return np.round(scaled / scale).astype(np.int8), scale, step


def bert(
    tensors: Tensors, layers: int, heads: int, ranges: Tensors | None = None, watch: bool = False
) -> onnx.ModelProto:
    """The graph from token ids to hidden states (batch, length, hidden); `watch` puts out all linear layers' inputs."""
    b = Builder(ranges)
    mask = b.node("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
    hidden = _embeddings(b, tensors)
    for number in range(layers):
        prefix = f"encoder.layer.{number}"
        hidden = _layer(b, tensors, prefix, hidden, mask, heads)
    b.nodes.append(helper.make_node("Identity", [hidden], [OUTPUT], name=OUTPUT))
    width = tensors["embeddings.word_embeddings.weight"].shape[1]
    outputs = [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["batch", "length", width])]
    if watch:
        outputs += [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", "length", None])
            for name in dict.fromkeys(b.watched.values())
        ]
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"]) for name in INPUTS]
    weights = [numpy_helper.from_array(np.ascontiguousarray(value), name) for name, value in b.constants.items()]
    graph = helper.make_graph(b.nodes, "bert", inputs, outputs, weights)
    versions = [helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)]
    model = helper.make_model(graph, opset_imports=versions, producer_name="rolebook", ir_version=8)
    onnx.checker.check_model(model)
    return model


def watched(layers: int) -> dict[str, str]:
    """Each linear layer's name -> the name of what flows into it."""
    found: dict[str, str] = {}
    for number in range(layers):
        prefix = f"encoder.layer.{number}"
        found |= {
            f"{prefix}.qkv": "embedded" if number == 0 else f"encoder.layer.{number - 1}.out",
            f"{prefix}.attention.output.dense": f"{prefix}.attended",
            f"{prefix}.intermediate.dense": f"{prefix}.middle",
            f"{prefix}.output.dense": f"{prefix}.gelu",
        }
    return found


def _embeddings(b: Builder, tensors: Tensors) -> str:
    words = b.table("words", tensors["embeddings.word_embeddings.weight"], "input_ids")
    kinds = tensors["embeddings.token_type_embeddings.weight"]
    kind = b.node("Gather", [b.constant("kinds", kinds), "token_type_ids"], "kind")
    shape = b.node("Shape", ["input_ids"], "shape", start=1, end=2)
    zero = b.constant("zero", np.array([0], np.int64))
    places = b.constant("places", tensors["embeddings.position_embeddings.weight"])
    place = b.node("Slice", [places, zero, shape, zero], "place")
    total = b.node("Add", [b.node("Add", [words, kind], "worded"), place], "placed")
    norm = _norm(b, tensors, "embeddings.LayerNorm")
    return b.node("LayerNormalization", [total, *norm], "embedded", axis=-1, epsilon=EPSILON)


def _layer(b: Builder, tensors: Tensors, prefix: str, hidden: str, mask: str, heads: int) -> str:
    names = [f"{prefix}.attention.self.{part}" for part in ("query", "key", "value")]
    weight = np.concatenate([tensors[f"{name}.weight"].T for name in names], axis=1)
    bias = np.concatenate([tensors[f"{name}.bias"] for name in names])
    qkv = b.linear(f"{prefix}.qkv", hidden, weight, bias)
    parts = [f"{prefix}.q", f"{prefix}.k", f"{prefix}.v"]
    b.nodes.append(helper.make_node("Split", [qkv], parts, name=f"{prefix}.split", axis=2))
    attended = b.node("MultiHeadAttention", [*parts, "", mask], f"{prefix}.attended", num_heads=heads)
    dense = _dense(b, tensors, f"{prefix}.attention.output.dense", attended)
    middle = _skip(b, tensors, f"{prefix}.attention.output.LayerNorm", hidden, dense, f"{prefix}.middle")
    gelu = b.node("Gelu", [_dense(b, tensors, f"{prefix}.intermediate.dense", middle)], f"{prefix}.gelu")
    return _skip(
        b,
        tensors,
        f"{prefix}.output.LayerNorm",
        middle,
        _dense(b, tensors, f"{prefix}.output.dense", gelu),
        f"{prefix}.out",
    )


def _dense(b: Builder, tensors: Tensors, name: str, inside: str) -> str:
    return b.linear(name, inside, tensors[f"{name}.weight"].T, tensors[f"{name}.bias"])


def _skip(b: Builder, tensors: Tensors, name: str, one: str, other: str, out: str) -> str:
    return b.node("SkipLayerNormalization", [one, other, *_norm(b, tensors, name)], out, epsilon=EPSILON)


def _norm(b: Builder, tensors: Tensors, name: str) -> list[str]:
    return [b.constant(f"{name}.{part}", tensors[f"{name}.{part}"]) for part in ("weight", "bias")]
