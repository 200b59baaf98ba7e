"""Writes flatten_8.onnx: a network that takes images of 8 x 8 pixels alone and gives their 192 values as they are.

Needs the package onnx; written with onnx 1.12.0.
"""
from pathlib import Path

from onnx import TensorProto, checker, helper

SIZE = 8

graph = helper.make_graph(
    [helper.make_node("Flatten", ["input"], ["embedding"], axis=1)],
    "flatten",
    [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["batch", 3, SIZE, SIZE])],
    [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", 3 * SIZE * SIZE])],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
checker.check_model(model)
Path(__file__).with_suffix("").with_name("flatten_8.onnx").write_bytes(model.SerializeToString())
