using System.Text.Json;
using Microsoft.ML;

namespace Landmarks.Demo.Tests;

/// <summary><c>landmarks network</c>, and the options that say what is made of a network's output.</summary>
[TestClass]
public sealed class NetworkTests
{
    [TestMethod]
    public void Network_OfTokens_TellsWhatWasFound()
    {
        string network = SampleFiles.Network("tokens_5");
        using var folder = new WorkFolder();

        string[] lines = DemoProgram.Run(folder, "network", network, "--image-size", "8").AssertSuccess().OutputLines;

        CollectionAssert.AreEqual((string[])
        [
            "Input: input, float32 [batch, 3, height, width], which takes the images.",
            "Output: last_hidden_state, float32 [batch, 21, 12], which is taken.",
            "Images: 8 pixels, others too; crop-center, open-cv-cubic, mean 0.485 0.456 0.406, std 0.229 0.224 0.225, large "
                + "ones scaled while they are decoded.",
            "Pooling: the first token (cls).",
            "Embedding: 12 values.",
            "Size: 0.0 MB with all weights.",
        ], lines[..^1]);
        Assert.MatchesRegex(@"^Time: \d+\.\d\d ms an image, \d+ cores?\.$", lines[^1]);
    }

    [TestMethod]
    public void Network_OfImagesAndTexts_TellsWhatIsLeftOut()
    {
        using var folder = new WorkFolder();

        string[] lines = DemoProgram.Run(folder, "network", SampleFiles.Network("texts"), "--network-output", "image_means").AssertSuccess()
            .OutputLines;

        CollectionAssert.AreEqual((string[])
        [
            "Input: pixel_values, float32 [batch, 3, height, width], which takes the images.",
            "Output: image_embeds, float32 [batch, 3].",
            "Output: image_means, float32 [batch, 3], which is taken.",
            "Left out, since images do without: input_ids, logits, text_embeds, inner_text.",
            "Images: 384 pixels, others too; crop-center, open-cv-cubic, mean 0.485 0.456 0.406, std 0.229 0.224 0.225, large "
                + "ones scaled while they are decoded.",
        ], lines[..5]);
    }

    [TestMethod]
    public void Network_Json_IsOneObject()
    {
        using var folder = new WorkFolder();

        ProgramResult result = DemoProgram.Run(folder, "network", SampleFiles.Network("levels_nhwc"), "--image-size", "8", "--format",
            "json", "--output", "network.json").AssertSuccess();

        Assert.AreEqual("", result.Output);
        using var json = JsonDocument.Parse(File.ReadAllText(folder["network.json"]));
        JsonElement told = json.RootElement, input = told.GetProperty("inputs")[0];
        Assert.AreEqual(("input", "uint8", 4), (input.GetProperty("name").GetString(), input.GetProperty("type").GetString(),
            input.GetProperty("shape").GetArrayLength()));
        Assert.AreEqual((JsonValueKind.Null, 3), (input.GetProperty("shape")[0].ValueKind, input.GetProperty("shape")[3].GetInt32()));
        Assert.AreEqual(("pixels", 8, 192), (told.GetProperty("output").GetString(), told.GetProperty("imageSize").GetInt32(),
            told.GetProperty("embeddingLength").GetInt32()));
        Assert.AreEqual("none", told.GetProperty("pooling").GetProperty("kind").GetString());
        Assert.AreEqual(0, told.GetProperty("preparation").GetProperty("mean")[0].GetSingle());
    }

    [TestMethod]
    public void Network_Csv_HasARowForEachInputAndOutput()
    {
        using var folder = new WorkFolder();

        string[] lines = DemoProgram.Run(folder, "network", SampleFiles.Network("tokens_and_pooled"), "--image-size", "8", "--format",
            "csv").AssertSuccess().OutputLines;

        CollectionAssert.AreEqual((string[])["kind,name,type,shape,used", "input,input,float32,batch 3 height width,true",
            "output,last_hidden_state,float32,batch 17 12,false", "output,pooler_output,float32,batch 12,true"], lines);
    }

    [TestMethod]
    [DataRow("gem", "gem", 3.0)]
    [DataRow("GeM:2.5", "gem", 2.5)]
    [DataRow("Max", "max", 1.0)]
    [DataRow("mean-of-patches", "mean-of-patches", 1.0)]
    public void Network_Pooling_IsWhatIsAskedFor(string asked, string kind, double exponent)
    {
        using var folder = new WorkFolder();
        string[] arguments = ["network", SampleFiles.Network("tokens_1"), "--image-size", "8", "--format", "json", "--pooling", asked];

        JsonElement found = Pooling([]), told = Pooling(["--prefix-tokens", "3"]);

        Assert.AreEqual((kind, exponent, 1), (found.GetProperty("kind").GetString(), found.GetProperty("exponent").GetDouble(),
            found.GetProperty("prefixTokens").GetInt32()));
        Assert.AreEqual(3, told.GetProperty("prefixTokens").GetInt32());

        JsonElement Pooling(string[] more)
        {
            using var json = JsonDocument.Parse(DemoProgram.Run(folder, [.. arguments, .. more]).AssertSuccess().Output);
            return json.RootElement.GetProperty("pooling").Clone();
        }
    }

    [TestMethod]
    public void Network_WhatIsNotClear_SaysTheOptionAfterTheRest()
    {
        using var folder = new WorkFolder();
        string[] Tell(string network, string problem)
        {
            ProgramResult result = DemoProgram.Run(folder, "network", SampleFiles.Network(network), "--image-size", "8");
            Assert.AreEqual((1, $"error: {problem}"), (result.ExitCode, Assert.ContainsSingle(result.ErrorLines)));
            return result.OutputLines;
        }

        CollectionAssert.AreEqual((string[])
        [
            "Input: input, float32 [batch, 3, height, width], which takes the images.",
            "Output: map, float32 [batch, 12, 4, 4], which is taken.",
            "Images: 8 pixels, others too; crop-center, open-cv-cubic, mean 0.485 0.456 0.406, std 0.229 0.224 0.225, large "
                + "ones scaled while they are decoded.",
            "Size: 0.0 MB with all weights.",
        ], Tell("map", "The network's output 'map' has the shape [free, 12, 4, 4], which is no embedding: after the batch, one axis may "
            + "be longer than 1. Say by --pooling how it becomes one."));
        Assert.HasCount(4, Tell("tokens_3", "The network's output 'last_hidden_state' has the shape [1, 19, 12] for an image of 8 x 8 "
            + "pixels, and how many of its tokens stand before those of the patches is not clear. Say it by --prefix-tokens, and by "
            + "--pooling what becomes of the others."));
        DemoProgram.Run(folder, "network", SampleFiles.Network("fixed_size"), "--image-size", "9").AssertError(2, "--image-size is 9, but "
            + "the network takes images of 8 pixels alone. Leave the option out.");
    }

    [TestMethod]
    public void Network_WrongArguments_AreErrors()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, "network").AssertError(2, "Required argument missing for command: 'network'.");
        DemoProgram.Run(folder, "network", "").AssertError(2, "ONNX is empty; name a file or a folder.");
        DemoProgram.Run(folder, "network", "none.onnx").AssertError(1, "The network 'none.onnx' does not exist.");
        foreach (string pooling in (string[])["mean", "gem:0", "gem:-1", "gem:", "gem:101", "ge", "gem:1e1", "cls:1"])
        {
            DemoProgram.Run(folder, "network", "n.onnx", "--pooling", pooling).AssertError(2, $"--pooling is {pooling}; it must be one of "
                + "none, cls, mean-of-patches, gem, max, or gem with an exponent above 0 and at most 100, as gem:2.5.");
        }

        foreach (string[] pooling in (string[][])[[], ["--pooling", "cls"], ["--pooling", "none"]])
        {
            DemoProgram.Run(folder, ["network", "n.onnx", "--prefix-tokens", "1", .. pooling]).AssertError(2,
                "--prefix-tokens goes with --pooling mean-of-patches, gem or max, which leave them out.");
        }

        DemoProgram.Run(folder, "network", "n.onnx", "--normalization", "clip", "--std", "1").AssertError(2,
            "--normalization stands for --mean and --std; name it or --std.");
        DemoProgram.Run(folder, "network", "n.onnx", "--pooling", "max", "--prefix-tokens", "1025").AssertError(2,
            "--prefix-tokens is 1025; it must be a whole number, from 0 to 1024.");
    }

    [TestMethod]
    public void Fit_Pooling_IsPartOfTheModel()
    {
        using var folder = new WorkFolder();
        string[] Fit(string output, params string[] more) => ["fit", "--train-folders", "photos", "--non-landmark-folder", "none",
            "--output", output, .. more];
        for (int landmark = 0; landmark < 4; landmark++)
            PhotoFolders.Add(folder, "photos", $"Tower {landmark}", 5);
        PhotoFolders.Add(folder, "photos", "none", 20);
        string[] network = ["--network", SampleFiles.Network("tokens_1"), "--image-size", "8", "--pooling", "gem:2"];

        DemoProgram.Run(folder, Fit("model.zip", network)).AssertSuccess();
        DemoProgram.Run(folder, Fit("like.zip", "--like", "model.zip")).AssertSuccess();
        DemoProgram.Run(folder, Fit("other.zip", [.. network[..^1], "cls"])).AssertSuccess();

        foreach (string model in (string[])["model.zip", "like.zip"])
        {
            Assert.Contains(line => line.EndsWith(", from 'input' to 'last_hidden_state' by the generalized mean of all "
                + "patches (gem:2) without 1 prefix token.", StringComparison.Ordinal),
                DemoProgram.Run(folder, "info", model).AssertSuccess().OutputLines);
            Assert.AreEqual(EmbeddingPooling.GeM(2, 1),
                LandmarkModelInfo.Of(new MLContext().Model.Load(folder[model], out _)).Networks[0].Pooling);
        }

        string[] found = DemoProgram.Run(folder, Fit("found.zip", network[..^2])).AssertSuccess().OutputLines;
        Assert.Contains("Embeddings are made of the network's output 'last_hidden_state'; pooling: the first token (cls).", found);
        string[] answers = Answers("model.zip");
        CollectionAssert.AreEqual(answers, Answers("like.zip"));
        CollectionAssert.AreNotEqual(answers, Answers("other.zip"));

        string[] Answers(string model)
            => DemoProgram.Run(folder, "predict", "--model", model, "photos/Tower 1").AssertSuccess().OutputLines;
    }
}
