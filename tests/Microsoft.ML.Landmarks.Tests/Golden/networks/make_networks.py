#!/usr/bin/env python3
"""Makes the tiny networks in this folder. Most give the mean of each channel. Needs the package onnx (made with 1.12)."""
import os
import numpy as np
import onnx
from onnx import TensorProto as T, helper as h, numpy_helper

HERE = os.path.dirname(os.path.abspath(__file__))


def save(name, nodes, inputs, outputs, initializers=(), metadata=None, external=False, opset=13, ir_version=8):
    graph = h.make_graph(nodes, name, inputs, outputs, list(initializers))
    model = h.make_model(graph, opset_imports=[h.make_opsetid("", opset)], ir_version=ir_version)
    for key, value in (metadata or {}).items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value
    path = os.path.join(HERE, name + ".onnx")
    if external:
        if os.path.exists(path + ".data"):
            os.remove(path + ".data")   # onnx would append to it
        onnx.save_model(model, path, save_as_external_data=True, location=name + ".onnx.data", size_threshold=0)
    else:
        onnx.save(model, path)


def tensor(name, shape, kind=T.FLOAT):
    return h.make_tensor_value_info(name, kind, shape)


def means(source="input", result="means", **kwargs):
    return h.make_node("ReduceMean", [source], [result], axes=[2, 3], keepdims=0, **kwargs)


FREE = ["batch", 3, "height", "width"]
save("means", [means()], [tensor("input", FREE)], [tensor("means", ["batch", 3])], metadata={"image_size": "24"})
save("means_4d", [h.make_node("GlobalAveragePool", ["input"], ["means"])], [tensor("input", FREE)], [tensor("means", ["batch", 3, 1, 1])])
save("fixed_size", [means()], [tensor("input", ["batch", 3, 8, 8])], [tensor("means", ["batch", 3])], metadata={"image_size": "24"})
save("fixed_batch", [means()], [tensor("input", [4, 3, 8, 8])], [tensor("means", [4, 3])])
save("pixels", [h.make_node("Flatten", ["input"], ["pixels"])], [tensor("input", FREE)], [tensor("pixels", ["batch", "values"])])
save("fixed_batch_pixels", [h.make_node("Flatten", ["input"], ["pixels"])], [tensor("input", [4, 3, 8, 8])], [tensor("pixels", [4, 192])])
save("nhwc", [h.make_node("ReduceMean", ["input"], ["means"], axes=[1, 2], keepdims=0)],
     [tensor("input", [1, 8, 8, 3])], [tensor("means", [1, 3])])
save("bytes", [h.make_node("Cast", ["input"], ["levels"], to=T.FLOAT), means("levels")],
     [tensor("input", FREE, T.UINT8)], [tensor("means", ["batch", 3])])
save("two_inputs", [means("left", "left_means"), means("right", "right_means"), h.make_node("Sub", ["left_means", "right_means"], ["means"])],
     [tensor("left", FREE), tensor("right", FREE)], [tensor("means", ["batch", 3])])
save("two_outputs", [means(), h.make_node("Neg", ["means"], ["negated"])],
     [tensor("input", FREE)], [tensor("means", ["batch", 3]), tensor("negated", ["batch", 3])])
save("batch_mean", [h.make_node("ReduceMean", ["input"], ["means"], axes=[0, 2, 3], keepdims=0), h.make_node("Unsqueeze", ["means", "axes"], ["row"])],
     [tensor("input", [4, 3, 8, 8])], [tensor("row", [1, 3])], [numpy_helper.from_array(np.array([0]), "axes")])
save("external", [means(), h.make_node("Mul", ["means", "weights"], ["scaled"])], [tensor("input", FREE)], [tensor("scaled", ["batch", 3])],
     [numpy_helper.from_array(np.arange(3, dtype=np.float32), "weights")], external=True)
# No machine has the memory for its values in between, 2^56 copies of the means; it can be loaded, not run.
save("too_large", [means("input", "small"), h.make_node("Expand", ["small", "shape"], ["copies"]), h.make_node("ReduceMean", ["copies"], ["means"], axes=[0], keepdims=0)],
     [tensor("input", FREE)], [tensor("means", ["batch", 3])], [numpy_helper.from_array(np.array([1 << 56, 1, 1]), "shape")])
# The largest and the smallest value of each channel: no sums, so the same bits on every processor.
save("extremes", [h.make_node("GlobalMaxPool", ["input"], ["largest"]), h.make_node("Neg", ["input"], ["negative"]),
                  h.make_node("GlobalMaxPool", ["negative"], ["smallest"]), h.make_node("Concat", ["largest", "smallest"], ["both"], axis=1),
                  h.make_node("Flatten", ["both"], ["extremes"])], [tensor("input", FREE)], [tensor("extremes", ["batch", 6])])

# Inputs.
save("not_square", [means()], [tensor("input", ["batch", 3, 8, 16])], [tensor("means", ["batch", 3])])
save("fixed_height", [means()], [tensor("input", ["batch", 3, 8, "width"])], [tensor("means", ["batch", 3])])
save("nhwc_free", [h.make_node("ReduceMean", ["input"], ["means"], axes=[1, 2], keepdims=0)],
     [tensor("input", ["batch", "height", "width", 3])], [tensor("means", ["batch", 3])])
save("no_batch", [h.make_node("ReduceMean", ["input"], ["means"], axes=[1, 2], keepdims=0)], [tensor("input", [3, "height", "width"])], [tensor("means", [3])])
save("gray", [means()], [tensor("input", ["batch", 1, "height", "width"])], [tensor("means", ["batch", 1])])
save("no_shape", [means()], [tensor("input", None)], [tensor("means", ["batch", 3])])
# Says that height and width are free, and takes 64 x 64 pixels alone, as a transformer with learned positions does.
save("positions", [h.make_node("AveragePool", ["input"], ["patches"], kernel_shape=[8, 8], strides=[8, 8]), h.make_node("Add", ["patches", "positions"], ["sum"]),
                   means("sum")], [tensor("input", FREE)], [tensor("means", ["batch", 3])], [numpy_helper.from_array(np.ones((1, 3, 8, 8), np.float32), "positions")],
     metadata={"image_size": "64"})

# Outputs.
save("one_token", [means("input", "token"), h.make_node("Unsqueeze", ["token", "axes"], ["means"])],
     [tensor("input", FREE)], [tensor("means", ["batch", 1, 3])], [numpy_helper.from_array(np.array([1]), "axes")])
save("tokens", [h.make_node("Reshape", ["input", "shape"], ["tokens"])], [tensor("input", ["batch", 3, 8, 8])], [tensor("tokens", ["batch", 64, 3])],
     [numpy_helper.from_array(np.array([-1, 64, 3]), "shape")])
# Which of its axes has one place alone, a run tells.
save("feature_map", [h.make_node("AveragePool", ["input"], ["map"], kernel_shape=[8, 8], strides=[8, 8])],
     [tensor("input", FREE)], [tensor("map", ["batch", 3, "rows", "columns"])])
# Not even the number of its axes is known before it runs.
save("tokens_unknown", [h.make_node("Shape", ["input"], ["lengths"]), h.make_node("Slice", ["lengths", "from", "to"], ["three"]), h.make_node("Greater", ["three", "from"], ["all"]),
                        h.make_node("Compress", ["lengths_of_tokens", "all"], ["shape"]), h.make_node("Reshape", ["input", "shape"], ["tokens"])],
     [tensor("input", FREE)], [tensor("tokens", None)],
     [numpy_helper.from_array(np.array(v), n) for n, v in (("from", [0]), ("to", [3]), ("lengths_of_tokens", [0, -1, 3]))])
save("zeros", [means("input", "some"), h.make_node("Sub", ["some", "some"], ["means"])], [tensor("input", FREE)], [tensor("means", ["batch", 3])])
save("alike", [means("input", "some"), h.make_node("Sub", ["some", "some"], ["none"]), h.make_node("Add", ["none", "values"], ["means"])],
     [tensor("input", FREE)], [tensor("means", ["batch", 3])], [numpy_helper.from_array(np.array([1, 2, 3], np.float32), "values")])

# What ONNX Runtime refuses, or warns of.
save("opset_new", [means()], [tensor("input", FREE)], [tensor("means", ["batch", 3])], opset=99)
save("ir_new", [means()], [tensor("input", FREE)], [tensor("means", ["batch", 3])], ir_version=99)
save("unused_weights", [means()], [tensor("input", FREE)], [tensor("means", ["batch", 3])], [numpy_helper.from_array(np.ones(3, np.float32), "left over")])
save("operator_unknown", [h.make_node("NoSuchOperator", ["input"], ["means"])], [tensor("input", FREE)], [tensor("means", ["batch", 3])])
# Adds 1 to the means as often as the largest value of the image says: as long as one likes, and no time on a black image.
save("counts", [means(), h.make_node("ReduceMax", ["input"], ["largest"], keepdims=0), h.make_node("Cast", ["largest"], ["times"], to=T.INT64),
                h.make_node("Loop", ["times", "", "means"], ["counts"], body=h.make_graph(
                    [h.make_node("Identity", ["go_on"], ["goes_on"]), h.make_node("Add", ["before", "one"], ["after"])], "body",
                    [tensor("turn", [], T.INT64), tensor("go_on", [], T.BOOL), tensor("before", ["batch", 3])],
                    [tensor("goes_on", [], T.BOOL), tensor("after", ["batch", 3])]))],
     [tensor("input", FREE)], [tensor("counts", ["batch", 3])], [numpy_helper.from_array(np.float32(1), "one")])
