#!/usr/bin/env python3
"""Makes stand-ins of published networks in this folder: inputs, outputs, the names of their axes and the graph between are those that
optimum, timm and torch.onnx.export write; one block stands for many, channels are few, weights random. Needs the package onnx (made with
1.12)."""
import os
import numpy as np
import onnx
from onnx import TensorProto as T, helper as h, numpy_helper

HERE = os.path.dirname(os.path.abspath(__file__))
BATCH, TEXT = "batch_size", "text_batch_size"
FREE = [BATCH, "num_channels", "height", "width"]       # as optimum names them
TIMM = ["batch", 3, "height", "width"]


def info(name, shape, kind=T.FLOAT):
    return h.make_tensor_value_info(name, kind, shape)


class Graph:
    def __init__(self, seed):
        self.random, self.nodes, self.weights, self.count = np.random.default_rng(seed), [], [], 0

    def node(self, op, *inputs, name=None, **attributes):
        """Adds a node; the name of its output."""
        self.count += 1
        name = name or f"{op.lower()}_{self.count}"
        self.nodes.append(h.make_node(op, list(inputs), [name], **attributes))
        return name

    def weight(self, values, kind=np.float32):
        self.count += 1
        self.weights.append(numpy_helper.from_array(np.asarray(values, kind), f"weight_{self.count}"))
        return self.weights[-1].name

    def ints(self, *values):
        return self.weight(values, np.int64)

    def noise(self, *shape, scale=None):
        return self.weight(self.random.normal(0, scale or np.prod(shape[1:]) ** -.5, shape))

    def conv(self, x, filters, channels, size, stride=None, **attributes):
        return self.node("Conv", x, self.noise(filters, channels, size, size), self.noise(filters, scale=.1),
                         kernel_shape=[size] * 2, strides=[stride or size] * 2, **attributes)

    def linear(self, x, inputs, outputs):
        product = self.node("MatMul", x, self.noise(inputs, outputs, scale=inputs ** -.5))
        return self.node("Add", product, self.noise(outputs, scale=.1))

    def norm(self, x, width, name=None):
        return self.node("LayerNormalization", x, self.weight(np.ones(width)), self.weight(np.zeros(width)), axis=-1, epsilon=1e-6,
                         name=name)

    def gelu(self, x):
        erf = self.node("Erf", self.node("Div", x, self.weight(2 ** .5)))
        return self.node("Mul", self.node("Mul", x, self.node("Add", erf, self.weight(1))), self.weight(.5))

    def quick_gelu(self, x):
        return self.node("Mul", x, self.node("Sigmoid", self.node("Mul", x, self.weight(1.702))))

    def attention(self, queries, keys, width):
        q, k, v = self.linear(queries, width, width), self.linear(keys, width, width), self.linear(keys, width, width)
        scores = self.node("Mul", self.node("MatMul", q, self.node("Transpose", k, perm=[0, 2, 1])), self.weight(width ** -.5))
        return self.linear(self.node("MatMul", self.node("Softmax", scores, axis=-1), v), width, width)

    def feed_forward(self, x, width, activation):
        return self.linear(activation(self.linear(x, width, 2 * width)), 2 * width, width)

    def block(self, x, width, activation):
        """A layer of a transformer."""
        normed = self.norm(x, width)
        x = self.node("Add", x, self.attention(normed, normed, width))
        return self.node("Add", x, self.feed_forward(self.norm(x, width), width, activation))

    def batch_of(self, x):
        return self.node("Slice", self.node("Shape", x), self.ints(0), self.ints(1))

    def per_image(self, x, images, *lengths):
        """[1, lengths...] once for each image."""
        return self.node("Expand", x, self.node("Concat", self.batch_of(images), self.ints(*lengths), axis=0))

    def patches(self, pixels, width, patch):
        """Tokens [b, n, width], and the feature map that they come from."""
        feature_map = self.conv(pixels, width, 3, patch)
        return self.node("Transpose", self.node("Reshape", feature_map, self.ints(0, width, -1)), perm=[0, 2, 1]), feature_map

    def resized_positions(self, feature_map, width, side):
        """Positions [1, n, width] of as many patches as there are, interpolated as DINOv2 does it."""
        size = self.node("Slice", self.node("Shape", feature_map), self.ints(2), self.ints(4))
        sizes = self.node("Concat", self.ints(1, width), size, axis=0)
        grid = self.node("Resize", self.noise(1, width, side, side, scale=.5), "", "", sizes, mode="cubic", cubic_coeff_a=-.75,
                         coordinate_transformation_mode="half_pixel")
        return self.node("Transpose", self.node("Reshape", grid, self.ints(1, width, -1)), perm=[0, 2, 1])

    def token(self, tokens, place, name):
        return self.node("Gather", tokens, self.weight(place, np.int64), axis=1, name=name)

    def unit(self, x, name=None, axis=-1):
        return self.node("Div", x, self.node("Max", self.node("ReduceL2", x, axes=[axis], keepdims=1), self.weight(1e-12)), name=name)

    def save(self, name, inputs, outputs, external=False):
        graph = h.make_graph(self.nodes, name, inputs, outputs, self.weights)
        model = h.make_model(graph, opset_imports=[h.make_opsetid("", 17)], ir_version=8, producer_name="pytorch")
        onnx.checker.check_model(model)
        path = os.path.join(HERE, name + ".onnx")
        if external:
            if os.path.exists(path + ".data"):
                os.remove(path + ".data")   # onnx would append to it
            onnx.save_model(model, path, save_as_external_data=True, location=name + ".onnx.data", size_threshold=100)
        else:
            onnx.save(model, path)


def dinov2_tokens(g, pixels, width, registers, side=8):
    tokens, feature_map = g.patches(pixels, width, 14)
    cls = g.node("Add", g.noise(1, 1, width, scale=1), g.noise(1, 1, width, scale=.5))
    tokens = g.node("Add", tokens, g.resized_positions(feature_map, width, side))
    prefix = [g.per_image(cls, pixels, 1, width)]
    if registers:
        prefix.append(g.per_image(g.noise(1, registers, width, scale=1), pixels, registers, width))
    return g.block(g.node("Concat", *prefix, tokens, axis=1), width, g.gelu), feature_map


def dinov2(name, seed, registers=0, pooler=True, width=16):
    g = Graph(seed)
    tokens = g.norm(dinov2_tokens(g, "pixel_values", width, registers)[0], width, name="last_hidden_state")
    outputs = [info(tokens, [BATCH, "sequence_length", width])]
    if pooler:
        outputs.append(info(g.token(tokens, 0, "pooler_output"), [BATCH, width]))
    g.save(name, [info("pixel_values", FREE)], outputs)


def siglip2_tower(g, width, side=14):
    """The part that sees pictures of 224 x 224 pixels: its tokens, and what a learned query makes of them."""
    tokens, _ = g.patches("pixel_values", width, 16)
    tokens = g.block(g.node("Add", tokens, g.noise(1, side * side, width, scale=.5)), width, g.gelu)
    tokens = g.norm(tokens, width, name="last_hidden_state")
    probe = g.attention(g.per_image(g.noise(1, 1, width, scale=1), tokens, 1, width), tokens, width)
    probe = g.node("Add", probe, g.feed_forward(g.norm(probe, width), width, g.gelu))
    return [info("last_hidden_state", [BATCH, side * side, width]), info(g.token(probe, 0, "pooler_output"), [BATCH, width])]


def siglip2(width=16):
    g = Graph(3)
    g.save("siglip2", [info("pixel_values", FREE)], siglip2_tower(g, width))


def siglip2_with_texts(width=12):
    g = Graph(10)
    siglip2_tower(g, width)
    with_texts(g, "siglip2_with_texts", "pooler_output", width, "input_ids")


def clip_tower(g, width, projected, side=14):
    """The part that sees pictures of 224 x 224 pixels: its tokens, the first of them normalized, and that as it is compared with texts."""
    tokens, _ = g.patches("pixel_values", width, 16)
    tokens = g.node("Concat", g.per_image(g.noise(1, 1, width, scale=1), "pixel_values", 1, width), tokens, axis=1)
    tokens = g.norm(g.node("Add", tokens, g.noise(1, side * side + 1, width, scale=.5)), width)
    tokens = g.node("Identity", g.block(tokens, width, g.quick_gelu), name="last_hidden_state")
    pooled = g.norm(g.token(tokens, 0, "class_token"), width, name="pooler_output")
    g.node("MatMul", pooled, g.noise(width, projected), name="image_projection")
    return [info("last_hidden_state", [BATCH, side * side + 1, width]), info("pooler_output", [BATCH, width])]


def clip_vision(width=16, projected=12):
    g = Graph(4)
    outputs = clip_tower(g, width, projected)
    g.node("Identity", "image_projection", name="image_embeds")
    g.save("clip_vision", [info("pixel_values", FREE)], [info("image_embeds", [BATCH, projected]), *outputs])


def clip(width=12):
    g = Graph(5)
    clip_tower(g, width, width)
    with_texts(g, "clip", "image_projection", width, "input_ids", "attention_mask")


def with_texts(g, name, image, width, *inputs, words=32):
    """The network of both, as optimum exports it: a text is the sum of its words here."""
    image = g.unit(image, "image_embeds")
    text = g.node("Gather", g.noise(words, width, scale=1), "input_ids", axis=0)
    if "attention_mask" in inputs:
        text = g.node("Mul", text, g.node("Unsqueeze", g.node("Cast", "attention_mask", to=T.FLOAT), g.ints(2)))
    text = g.unit(g.node("MatMul", g.node("ReduceSum", text, g.ints(1), keepdims=0), g.noise(width, width)), "text_embeds")
    g.node("MatMul", image, g.node("Transpose", text, perm=[1, 0]), name="logits_per_image")
    g.node("Transpose", "logits_per_image", perm=[1, 0], name="logits_per_text")
    first, *others = [info(name, [TEXT, "sequence_length"], T.INT64) for name in inputs]
    g.save(name, [first, info("pixel_values", FREE), *others],
           [info("logits_per_image", ["image_batch_size", TEXT]), info("logits_per_text", [TEXT, "image_batch_size"]),
            info("text_embeds", [TEXT, width]), info("image_embeds", ["image_batch_size", width])])


def megaloc(width=16, clusters=4, depth=4, length=24):
    g = Graph(6)
    tokens, feature_map = dinov2_tokens(g, "images", width, 0)
    tokens = g.norm(tokens, width)
    scene = g.unit(g.linear(g.token(tokens, 0, "scene"), width, depth))
    patches = g.node("Slice", tokens, g.ints(1), g.ints(np.iinfo(np.int64).max), g.ints(1))
    # [b, width, rows, columns], as the convolutions of one pixel want them.
    feature_map = g.node("Reshape", g.node("Transpose", patches, perm=[0, 2, 1]), g.node("Shape", feature_map))
    features = g.node("Reshape", g.conv(feature_map, depth, width, 1), g.ints(0, depth, -1))
    shares = g.node("Softmax", g.node("Reshape", g.conv(feature_map, clusters, width, 1), g.ints(0, clusters, -1)), axis=1)
    sums = g.unit(g.node("MatMul", features, g.node("Transpose", shares, perm=[0, 2, 1])), axis=1)
    all_parts = g.node("Concat", scene, g.node("Flatten", sums), axis=1)
    g.unit(g.linear(g.unit(all_parts), depth + depth * clusters, length), "descriptors")
    g.save("megaloc", [info("images", ["batch", 3, 322, 322])], [info("descriptors", ["batch", length])])


def convnext(g, x, widths=(8, 12, 16, 24)):
    """The last feature map, a 32nd of the side."""
    channels_last = lambda x: g.node("Transpose", x, perm=[0, 2, 3, 1])
    channels_first = lambda x: g.node("Transpose", x, perm=[0, 3, 1, 2])
    before = 3
    for width in widths:
        x = channels_first(g.norm(channels_last(g.conv(x, width, before, 4 if before == 3 else 2)), width))
        near = channels_last(g.conv(x, width, 1, 7, stride=1, pads=[3] * 4, group=width))
        x = g.node("Add", x, channels_first(g.feed_forward(g.norm(near, width), width, g.gelu)))
        before = width
    return x


def timm_convnext(name, pooled, width=24):
    g = Graph(7)
    x = convnext(g, "input0")
    if pooled:
        g.node("Flatten", g.node("GlobalAveragePool", x), name="output0")
    else:
        g.node("Identity", x, name="output0")
    shape = ["batch", width] if pooled else ["batch", width, "Addoutput0_dim_2", "Addoutput0_dim_3"]
    g.save(name, [info("input0", TIMM)], [info("output0", shape)])


def resnet(g, x, widths=(8, 8, 12, 16)):
    """One basic block a stage, and the mean of the last feature map."""
    x = g.node("Relu", g.conv(x, widths[0], 3, 7, stride=2, pads=[3] * 4))
    x = g.node("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4)
    before = widths[0]
    for stage, width in enumerate(widths):
        stride = 1 if stage == 0 else 2
        y = g.conv(g.node("Relu", g.conv(x, width, before, 3, stride=stride, pads=[1] * 4)), width, width, 3, stride=1, pads=[1] * 4)
        x = g.node("Relu", g.node("Add", y, x if stage == 0 else g.conv(x, width, before, 1, stride=stride)))
        before = width
    return g.node("Flatten", g.node("GlobalAveragePool", x))


def resnet34(name, size, length=16, **options):
    g = Graph(8)
    g.node("Gemm", resnet(g, "input"), g.noise(length, 16), g.noise(length, scale=.1), transB=1, name="embedding")
    g.save(name, [info("input", ["batch", 3, *size])], [info("embedding", ["batch", length])], **options)


def typed(name, kind, length=16):
    """Input, last weights and output of another type; between, all is float32: ONNX Runtime has no convolution of bfloat16 on the CPU."""
    g = Graph(8)
    pooled = resnet(g, g.node("Cast", "input", to=T.FLOAT))
    g.weights.append(h.make_tensor("projection", kind, [16, length], g.random.normal(0, .25, 16 * length)))
    g.node("Cast", g.node("MatMul", pooled, g.node("Cast", "projection", to=T.FLOAT)), to=kind, name="embedding")
    g.save(name, [info("input", ["batch", 3, "height", "width"], kind)], [info("embedding", ["batch", length], kind)])


def levels():
    """Takes levels 0 to 255 in the order of a picture's bytes, and normalizes them itself."""
    g = Graph(9)
    colors_first = g.node("Transpose", g.node("Cast", "image", to=T.FLOAT), perm=[0, 3, 1, 2])
    shifted = g.node("Sub", colors_first, g.weight(np.array([123.675, 116.28, 103.53]).reshape(1, 3, 1, 1)))
    scaled = g.node("Div", shifted, g.weight(np.array([58.395, 57.12, 57.375]).reshape(1, 3, 1, 1)))
    g.node("Identity", resnet(g, scaled), name="embedding")
    g.save("uint8_nhwc", [info("image", ["batch", "height", "width", 3], T.UINT8)], [info("embedding", ["batch", 16])])


def half():
    """All of float16, as torch exports network.half()."""
    g = Graph(1)
    g.norm(dinov2_tokens(g, "pixel_values", 16, 0)[0], 16, name="last_hidden_state")
    g.token("last_hidden_state", 0, "pooler_output")
    for weight in g.weights:
        if weight.data_type == T.FLOAT:
            weight.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(weight).astype(np.float16), weight.name))
    g.save("dinov2_float16", [info("pixel_values", FREE, T.FLOAT16)],
           [info("last_hidden_state", [BATCH, "sequence_length", 16], T.FLOAT16), info("pooler_output", [BATCH, 16], T.FLOAT16)])


# What optimum exports of DINOv2 is dinov2_tokens, and of CLIP and SigLIP2 what has texts.
dinov2("dinov2", 1)
dinov2("dinov2_tokens", 1, pooler=False)
dinov2("dinov2_registers", 2, registers=4)
siglip2()
siglip2_with_texts()
clip_vision()
clip()
megaloc()
timm_convnext("convnext", pooled=True)
timm_convnext("convnext_features", pooled=False)
resnet34("resnet34", [384, 384])
resnet34("resnet34_external", ["height", "width"], external=True)
half()
typed("resnet_float16", T.FLOAT16)
typed("resnet_bfloat16", T.BFLOAT16)
levels()
