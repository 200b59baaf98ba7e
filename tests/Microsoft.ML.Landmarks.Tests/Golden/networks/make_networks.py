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
save("sequence", [means(), h.make_node("SequenceConstruct", ["means"], ["parts"])],
     [tensor("input", FREE)], [h.make_tensor_sequence_value_info("parts", T.FLOAT, None)])
save("no_values", [means(), h.make_node("Slice", ["means", "zero", "zero", "one"], ["none"])], [tensor("input", FREE)], [tensor("none", ["batch", "values"])],
     [numpy_helper.from_array(np.array([0]), "zero"), numpy_helper.from_array(np.array([1]), "one")])
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

# Types and layouts: what is given is what comes out, so both conversions are seen.
NHWC = ["batch", "height", "width", 3]
for name, kind, axes in (("halves", T.FLOAT16, FREE), ("halves_nhwc", T.FLOAT16, NHWC), ("bfloats", T.BFLOAT16, FREE), ("bfloats_nhwc", T.BFLOAT16, NHWC),
                         ("levels", T.UINT8, FREE), ("levels_nhwc", T.UINT8, NHWC), ("pixels_nhwc", T.FLOAT, NHWC)):
    save(name, [h.make_node("Flatten", ["input"], ["pixels"])], [tensor("input", axes, kind)], [tensor("pixels", ["batch", "values"], kind)])
save("doubles", [h.make_node("Flatten", ["input"], ["pixels"])], [tensor("input", FREE, T.DOUBLE)], [tensor("pixels", ["batch", "values"], T.DOUBLE)])

# Tokens of an image of 8 x 8: 16 patches of 12 values, and before them so many that are their first ones, negated.
def tokens(prefix, result="last_hidden_state"):
    first = [h.make_node("Slice", ["patches", "from", "to", "tokens_axis"], ["first"]), h.make_node("Neg", ["first"], ["negated"]),
             h.make_node("Concat", ["negated", "patches"], [result], axis=1)]
    return [h.make_node("Reshape", ["input", "shape"], ["patches"]), *(first if prefix else [h.make_node("Identity", ["patches"], [result])])], \
        [numpy_helper.from_array(np.array(v), n) for n, v in (("shape", [-1, 16, 12]), ("from", [0]), ("to", [prefix]), ("tokens_axis", [1]))]


for prefix in (0, 1, 2, 3, 4, 5):
    nodes, constants = tokens(prefix)
    save(f"tokens_{prefix}", nodes, [tensor("input", FREE)], [tensor("last_hidden_state", ["batch", "tokens", 12])], constants if prefix else constants[:1])
nodes, constants = tokens(1)
save("tokens_and_pooled", [*nodes, h.make_node("ReduceMax", ["last_hidden_state"], ["pooler_output"], axes=[1], keepdims=0)], [tensor("input", FREE)],
     [tensor("last_hidden_state", ["batch", "tokens", 12]), tensor("pooler_output", ["batch", 12])], constants)
# Its pooled output has another name, and is the only row of values.
save("tokens_and_row", [*nodes, h.make_node("ReduceMin", ["last_hidden_state"], ["least"], axes=[1], keepdims=0)], [tensor("input", FREE)],
     [tensor("last_hidden_state", ["batch", "tokens", 12]), tensor("least", ["batch", 12])], constants)
# Feature maps of 4 x 4 places and 12 channels, and one where no axis tells which are the channels.
for name, shape, axes in (("map", [-1, 12, 4, 4], ["batch", 12, "rows", "columns"]), ("map_free", [-1, 12, 4, 4], ["batch", "a", "b", "c"]),
                          ("map_nhwc", [-1, 4, 4, 12], ["batch", "rows", "columns", 12]), ("map_nhwc_free", [-1, 4, 4, 12], ["batch", "a", "b", "c"]),
                          ("map_cube", [-1, 4, 4, 4], ["batch", "a", "b", "c"])):
    source = "input" if name != "map_cube" else "part"
    part = [] if name != "map_cube" else [h.make_node("Slice", ["input", "from", "to", "channel_axis"], ["part"])]
    save(name, [*part, h.make_node("Reshape", [source, "shape"], ["map"])], [tensor("input", FREE)], [tensor("map", axes)],
         [numpy_helper.from_array(np.array(v), n) for n, v in (("shape", shape), ("from", [0]), ("to", [1]), ("channel_axis", [1]))][:4 if part else 1])

# Texts beside the images: two outputs need them, two do not; one of these through a graph within.
save("texts", [means("pixel_values", "row"), h.make_node("Cast", ["input_ids"], ["ids"], to=T.FLOAT), h.make_node("ReduceSum", ["ids"], ["text"]),
               h.make_node("Mul", ["text", "text_weights"], ["text_embeds"]), h.make_node("Mul", ["row", "image_weights"], ["image_embeds"]),
               h.make_node("Add", ["text_embeds", "image_embeds"], ["logits"]),
               h.make_node("If", ["yes"], ["image_means"], then_branch=h.make_graph([h.make_node("Identity", ["row"], ["then"])], "then", [], [tensor("then", None)]),
                           else_branch=h.make_graph([h.make_node("Neg", ["row"], ["else"])], "else", [], [tensor("else", None)])),
               h.make_node("If", ["yes"], ["inner_text"], then_branch=h.make_graph([h.make_node("Identity", ["text_embeds"], ["then2"])], "then2", [], [tensor("then2", None)]),
                           else_branch=h.make_graph([h.make_node("Neg", ["row"], ["else2"])], "else2", [], [tensor("else2", None)]))],
     [tensor("input_ids", ["batch", "length"], T.INT64), tensor("pixel_values", FREE)],
     [tensor("logits", ["batch", 3]), tensor("text_embeds", [3]), tensor("image_embeds", ["batch", 3]), tensor("image_means", ["batch", 3]), tensor("inner_text", None)],
     [numpy_helper.from_array(np.array([7, 8, 9], np.float32), "text_weights"), numpy_helper.from_array(np.array([1, 2, 3], np.float32), "image_weights"),
      numpy_helper.from_array(np.array(True), "yes")])


# Weights in other files: one that has a file to itself, one in the middle of another file, one in a graph within, as the value of a node.
def elsewhere(name, values, location, **place):
    weights = numpy_helper.from_array(np.asarray(values, np.float32), name)
    data = weights.raw_data
    weights.ClearField("raw_data")
    weights.data_location = T.EXTERNAL
    for key, value in {"location": location, **place}.items():
        entry = weights.external_data.add()
        entry.key, entry.value = key, str(value)
    path = os.path.join(HERE, location)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    mode = "r+b" if place and os.path.exists(path) else "wb"
    with open(path, mode) as file:
        file.seek(place.get("offset", 0))
        file.write(data)
    return weights


save("external_parts", [means(), h.make_node("Mul", ["means", "factors"], ["scaled"]), h.make_node("Add", ["scaled", "summands"], ["moved"]),
                        h.make_node("If", ["yes"], ["values"],
                                    then_branch=h.make_graph([h.make_node("Constant", [], ["hundreds"], value=elsewhere("inner", [100, 200, 300], "external_parts.data", offset=64, length=12)),
                                                              h.make_node("Add", ["moved", "hundreds"], ["then"])], "then", [], [tensor("then", None)]),
                                    else_branch=h.make_graph([h.make_node("Identity", ["moved"], ["else"])], "else", [], [tensor("else", None)]))],
     [tensor("input", FREE)], [tensor("values", ["batch", 3])],
     [elsewhere("factors", [1, 2, 3], "external_parts/factors.bin"), elsewhere("summands", [10, 20, 30], "external_parts.data", offset=16, length=12),
      numpy_helper.from_array(np.array(True), "yes")])
# Its file is larger than a network can be; a test makes it without a byte on disk.
large = T(data_type=T.FLOAT, dims=[550_000_000], name="large", data_location=T.EXTERNAL)
for key, value in (("location", "external_large.data"), ("offset", "0"), ("length", "2200000000")):
    large.external_data.add(key=key, value=value)
save("external_large", [means(), h.make_node("ReduceMean", ["large"], ["mean"], axes=[0], keepdims=0), h.make_node("Add", ["means", "mean"], ["sum"])],
     [tensor("input", FREE)], [tensor("sum", ["batch", 3])], [large])

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
