using Microsoft.ML.Landmarks.Embeddings.Pooling;

namespace Microsoft.ML.Landmarks.Tests.Embeddings.Pooling;

/// <summary>What is found of the shapes that published networks have, and what is refused.</summary>
[TestClass]
public sealed class PoolingFinderTests
{
    [TestMethod]
    // DINOv2 at 224 and 518 pixels without and with registers; SigLIP 2 at 256 and SigLIP at 384, whose patches of 14 leave an edge out;
    // DeiT, distilled; CLIP, patches of 32; a transformer of timm with registers and no class token; one at 480 x 640.
    [DataRow(257, 224, 224, EmbeddingPoolingKind.Cls)]
    [DataRow(261, 224, 224, EmbeddingPoolingKind.Cls)]
    [DataRow(1370, 518, 518, EmbeddingPoolingKind.Cls)]
    [DataRow(1374, 518, 518, EmbeddingPoolingKind.Cls)]
    [DataRow(256, 256, 256, EmbeddingPoolingKind.MeanOfPatches)]
    [DataRow(729, 384, 384, EmbeddingPoolingKind.MeanOfPatches)]
    [DataRow(198, 224, 224, EmbeddingPoolingKind.Cls)]
    [DataRow(50, 224, 224, EmbeddingPoolingKind.Cls)]
    [DataRow(260, 256, 256, EmbeddingPoolingKind.MeanOfPatches)]
    [DataRow(1201, 480, 640, EmbeddingPoolingKind.Cls)]
    public void Find_TokensOfThatName_IsTheClassTokenElseTheMean(int tokens, int height, int width, EmbeddingPoolingKind expected)
        => Assert.AreEqual(expected, Find(null, [1, tokens, 384], height, width).Kind);

    [TestMethod]
    [DataRow(257, 1)]
    [DataRow(261, 5)]
    [DataRow(256, 0)]
    [DataRow(260, 4)]
    [DataRow(258, 2)]
    public void Find_MeanOfPatches_LeavesOutPrefixTokens(int tokens, int expected)
    {
        foreach (EmbeddingPooling asked in new[] { EmbeddingPooling.MeanOfPatches(), EmbeddingPooling.Max(), EmbeddingPooling.GeM() })
        {
            Assert.AreEqual(new OutputPooling(asked.Kind, asked.Exponent, expected, IsChannelsLast: true),
                Find(asked, [1, tokens, 384], 224, 224, "tokens"));
        }

        Assert.AreEqual(7, Find(EmbeddingPooling.MeanOfPatches(7), [1, tokens, 384], 224, 224).PrefixTokens);
    }

    [TestMethod]
    // Height and width alone change with the image: what is free of a map are these.
    [DataRow(new[] { 1, 2048, 7, 7 }, new int[0], 224, 224, false)]
    [DataRow(new[] { 1, 7, 7, 2048 }, new int[0], 224, 224, true)]
    [DataRow(new[] { 1, 7, 7, 7 }, new[] { -1, 7, -1, -1 }, 224, 224, false)]
    [DataRow(new[] { 1, 7, 7, 7 }, new[] { -1, -1, -1, 7 }, 224, 224, true)]
    [DataRow(new[] { 1, 512, 15, 20 }, new int[0], 480, 640, false)]
    [DataRow(new[] { 1, 15, 20, 512 }, new int[0], 480, 640, true)]
    [DataRow(new[] { 1, 512, 1, 1 }, new int[0], 32, 32, false)]
    public void Find_FeatureMap_TellsWhereChannelsAre(int[] shape, int[] declared, int height, int width, bool isLast)
        => Assert.AreEqual(isLast,
            new PoolingFinder("map", []).Find(EmbeddingPooling.GeM(), shape, declared, height, width).IsChannelsLast);

    [TestMethod]
    public void Find_OneRow_IsTakenAsItIs()
    {
        foreach (int[] shape in (int[][])[[1, 384], [1, 384, 1, 1], [1, 1, 384], [1, 1]])
            Assert.AreEqual(OutputPooling.None, Find(null, shape, 224, 224, "anything"));
    }

    [TestMethod]
    public void Find_WhatIsNotClear_SaysTheShapeAndTheWayOut()
    {
        AssertRefused("The network's output 'tokens' has the shape [1, 257, 384], which is no embedding: after the batch, one axis may be "
            + "longer than 1. Say in the option Pooling how it becomes one.", null, [1, 257, 384], "tokens");
        AssertRefused("The network's output 'map' has the shape [1, 512, 7, 7], which is no embedding: after the batch, one axis may be "
            + "longer than 1. Say in the option Pooling how it becomes one.", EmbeddingPooling.None, [1, 512, 7, 7], "map");
        AssertRefused("The network's output 'last_hidden_state' has the shape [1, 512, 7, 7], which is no embedding: after the batch, one "
            + "axis may be longer than 1. Say in the option Pooling how it becomes one.", null, [1, 512, 7, 7]);
        AssertRefused("The network's output 'many' has the shape [1, 2, 3, 4, 5], which is no embedding: after the batch, one axis may be "
            + "longer than 1. Export the network with one row of values for each image.", null, [1, 2, 3, 4, 5], "many");
        AssertRefused("The network's output 'last_hidden_state' has the shape [1, 300, 384] for an image of 224 x 224 pixels, and how many "
            + "of its tokens stand before those of the patches is not clear. Say the number of prefix tokens in the option Pooling.", null,
            [1, 300, 384]);
        AssertRefused("The network's output 'tokens' has the shape [1, 300, 384] for an image of 224 x 224 pixels, and how many of its "
            + "tokens stand before those of the patches is not clear. Say the number of prefix tokens in the option Pooling.",
            EmbeddingPooling.Max(), [1, 300, 384], "tokens");
        AssertRefused("The network's output 'tokens' has the shape [1, 4, 384]; without 4 prefix tokens none is left. Say fewer in the "
            + "option Pooling.", EmbeddingPooling.Max(4), [1, 4, 384], "tokens");
        AssertRefused("The network's output 'row' has the shape [1, 384], and Cls needs [batch, tokens, channels]. Say another in the "
            + "option Pooling, or none.", EmbeddingPooling.Cls, [1, 384], "row");
        AssertRefused("The network's output 'map' has the shape [1, 384, 7, 7], and Max needs [batch, tokens, channels], or a feature map "
            + "of four axes without prefix tokens. Say another in the option Pooling, or none.", EmbeddingPooling.Max(1), [1, 384, 7, 7],
            "map");
        AssertRefused("The network's output 'cube' has the shape [1, 7, 7, 7], and which of its axes are the channels is not clear. Export "
            + "the network with a feature map of [batch, channels, height, width] and the number of channels in its shape.",
            EmbeddingPooling.Max(), [1, 7, 7, 7], "cube");
        AssertRefused("The network's output 'odd' has the shape [1, 512, 7, 9], and which of its axes are the channels is not clear. "
            + "Export the network with a feature map of [batch, channels, height, width] and the number of channels in its shape.",
            EmbeddingPooling.GeM(), [1, 512, 7, 9], "odd");
    }

    private static OutputPooling Find(EmbeddingPooling? asked, int[] shape, int height, int width,
        string name = PoolingFinder.TokensName) => new PoolingFinder(name, []).Find(asked, shape, [], height, width);

    private static void AssertRefused(string message, EmbeddingPooling? asked, int[] shape, string name = PoolingFinder.TokensName)
        => Assert.AreEqual(message, Assert.ThrowsExactly<InvalidOperationException>(() => Find(asked, shape, 224, 224, name)).Message);
}
