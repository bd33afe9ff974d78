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
FAR = -10_000.0  # added to a score that must not count

Array = npt.NDArray[np.generic]
Array32 = npt.NDArray[np.float32]
Tensors = Mapping[str, Array32]


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
        domain = CONTRIB if operator in ("MatMulIntegerToFloat", "Gelu") else ""
        self.nodes.append(helper.make_node(operator, inputs, [name], name=name, domain=domain, **attributes))
        return name

    def linear(
        self, name: str, inside: str, weight: Array32, bias: Array32, parts: Sequence[str] = ("out",)
    ) -> list[str]:
        """x @ weight + bias, `weight` (in, out), its columns shared out among the parts, which is cheaper than a split.

        Gives the parts' names.
        """
        self.watched[name] = inside
        outs = [f"{name}.{part}" for part in parts]
        offsets = [self.constant(f"{out}.bias", piece) for out, piece in zip(outs, _columns(bias, parts), strict=True)]
        if self.ranges is None:
            for out, piece, offset in zip(outs, _columns(weight, parts), offsets, strict=True):
                product = self.node("MatMul", [inside, self.constant(f"{out}.weight", piece)], f"{out}.product")
                self.node("Add", [product, offset], out)
            return outs
        quantised, scales, channel = quantise(weight, self.ranges[name])
        middle = self.constant("middle", np.array(MIDDLE, np.uint8))
        one = self.constant("one", np.array(1, np.float32))
        smooth = self.node("Mul", [inside, self.constant(f"{name}.channel", 1 / channel)], f"{name}.smooth")
        small = self.node("QuantizeLinear", [smooth, one, middle], f"{name}.small")
        pieces = zip(outs, _columns(quantised, parts), _columns(scales, parts), offsets, strict=True)
        for out, piece, scale, offset in pieces:
            factors = [small, self.constant(f"{out}.weight", piece), one, self.constant(f"{out}.scale", scale), middle]
            self.node("MatMulIntegerToFloat", [*factors, "", offset], out)
        return outs

    def table(self, name: str, rows: Array32, ids: str) -> str:
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


def _columns(values: npt.NDArray[Any], parts: Sequence[str]) -> list[npt.NDArray[Any]]:
    return np.split(values, len(parts), axis=-1)


def quantise(weight: Array32, largest: Array32) -> tuple[npt.NDArray[np.int8], Array32, Array32]:
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
    mask = _mask(b)
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
    qkv = b.linear(f"{prefix}.qkv", hidden, weight, bias, ("query", "key", "value"))
    attended = _attention(b, prefix, qkv, mask, weight.shape[0], heads)
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


def _mask(b: Builder) -> str:
    """(batch, 1, 1, length): 0 where there is a word piece, far below 0 where there is padding."""
    there = b.node("Cast", ["attention_mask"], "there", to=TensorProto.FLOAT)
    gone = b.node("Sub", [b.constant("one", np.array(1, np.float32)), there], "gone")
    far = b.node("Mul", [gone, b.constant("far", np.array(FAR, np.float32))], "far.below")
    return b.node("Unsqueeze", [far, b.constant("middle.axes", np.array([1, 2], np.int64))], "mask")


def _attention(b: Builder, prefix: str, qkv: Sequence[str], mask: str, width: int, heads: int) -> str:
    """In plain operators, which ONNX Runtime does as fast as its fused one."""
    apart = b.constant("apart", np.array([0, 0, heads, width // heads], np.int64))
    orders = ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3])
    query, key, value = (
        b.node("Transpose", [b.node("Reshape", [part, apart], f"{part}.apart")], f"{part}.heads", perm=order)
        for part, order in zip(qkv, orders, strict=True)
    )
    root = b.constant("root", np.array((width // heads) ** -0.5, np.float32))
    score = b.node("Mul", [b.node("MatMul", [query, key], f"{prefix}.alike"), root], f"{prefix}.score")
    share = b.node("Softmax", [b.node("Add", [score, mask], f"{prefix}.masked")], f"{prefix}.share", axis=-1)
    mixed = b.node("MatMul", [share, value], f"{prefix}.mixed")
    beside = b.node("Transpose", [mixed], f"{prefix}.beside", perm=[0, 2, 1, 3])
    return b.node("Reshape", [beside, b.constant("together", np.array([0, 0, width], np.int64))], f"{prefix}.attended")


def _dense(b: Builder, tensors: Tensors, name: str, inside: str) -> str:
    return b.linear(name, inside, tensors[f"{name}.weight"].T, tensors[f"{name}.bias"])[0]


def _skip(b: Builder, tensors: Tensors, name: str, one: str, other: str, out: str) -> str:
    """An addition and a norm: ONNX Runtime's fused operator takes five times as long."""
    total = b.node("Add", [one, other], f"{out}.total")
    return b.node("LayerNormalization", [total, *_norm(b, tensors, name)], out, axis=-1, epsilon=EPSILON)


def _norm(b: Builder, tensors: Tensors, name: str) -> list[str]:
    return [b.constant(f"{name}.{part}", tensors[f"{name}.{part}"]) for part in ("weight", "bias")]
