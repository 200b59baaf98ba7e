namespace Microsoft.ML.Landmarks.Tests;

/// <summary>The folders of the library and of the console program: which use which. A new arrow is a decision, and none may close a
/// circle.</summary>
[TestClass]
public sealed class RoomsTests
{
    private static readonly Rooms s_library = new(
        typeof(LandmarksCatalog).Assembly.Location, TestFiles.Repository("src", "Microsoft.ML.Landmarks"), "Microsoft.ML.Landmarks");

    private static readonly Rooms s_program = new(
        Path.Combine(TestFiles.ProgramFolder("Landmarks.Demo"), "landmarks.dll"), TestFiles.Repository("src", "Landmarks.Demo"),
        "Landmarks.Demo");

    [TestMethod]
    public void Library_Folders_UseThoseAllowed() => AssertArrows(s_library, """
        Checking → Devices, Images, Images/Resampling, Labels, Plumbing, Search, Search/Adaptive, Search/Torch, Vectors, Vectors/Linear,
            Voting/Index, Whitening
        Data → Files, Images/Magick, Labels, Plumbing
        Devices → Plumbing
        Embeddings → Devices, Embeddings/Onnx, Embeddings/Pooling, Embeddings/Tensors, Images, Images/Resampling, Plumbing, Vectors
        Embeddings/Onnx → Files
        Evaluation → Data
        Images → Files, Images/Magick, Images/Resampling, Plumbing, Vectors
        Labels → Plumbing, Vectors
        Plumbing → Vectors
        Recognition → Data, Embeddings, Embeddings/Pooling, Evaluation, Images, Labels, Plumbing, Recognition/Calibration,
            Recognition/Learning, Search/Torch, Vectors, Voting, Voting/Index, Voting/Tuning, Whitening
        Recognition/Calibration → Evaluation, Plumbing, Recognition/Learning, Search, Search/Torch, Vectors, Voting, Voting/Index
        Recognition/Learning → Evaluation, Labels, Plumbing, Search/Torch, Vectors, Voting, Voting/Index, Voting/Tuning,
            Whitening
        Search → Vectors
        Search/Adaptive → Search, Search/Filter, Search/Filter/Planning, Search/Fused, Search/Kernels, Search/Torch, Vectors
        Search/Filter → Search, Search/Fused, Search/Kernels, Vectors, Vectors/Linear
        Search/Filter/Planning → Search, Search/Filter, Search/Fused, Search/Kernels, Vectors, Vectors/Linear
        Search/Fused → Search, Vectors, Vectors/Linear
        Search/Torch → Search, Vectors
        Vectors/Linear → Vectors
        Voting → Devices, Labels, Plumbing, Search, Search/Adaptive, Search/Torch, Vectors, Voting/Index, Voting/Tuning
        Voting/Index → Devices, Labels, Plumbing, Search, Search/Adaptive, Search/Fused, Search/Torch, Vectors
        Voting/Tuning → Evaluation, Labels, Vectors, Voting/Index
        Whitening → Plumbing, Vectors, Vectors/Linear
        """);

    [TestMethod]
    public void Program_Folders_UseThoseAllowed() => AssertArrows(s_program, """
        Caching → Data, Output
        CommandLine → Caching, Comparison, Data, Jobs, Methods, Reports, Serving, Sessions
        Comparison → Data, Output, Sessions
        Jobs → Comparison, Data, Databases, Methods, Output, Reports, Reports/Html, Serving, Sessions, Shards, Shards/Tables
        Methods → Caching, Data, Databases, Output, Sessions
        Reports → Comparison, Data, Output
        Reports/Html → Data, Output, Reports, Sessions
        Serving → Methods, Output, Reports, Serving/Page, Sessions
        Serving/Page → Reports/Html
        Sessions → Caching, Output
        Shards → Caching, Data, Methods, Output, Sessions, Shards/Tables
        """);

    [TestMethod]
    public void InternalNamespaces_AreThoseOfTheirFolders() => Assert.IsEmpty(s_library.StrayNamespaces.Concat(s_program.StrayNamespaces));

    private static void AssertArrows(Rooms rooms, string allowed)
    {
        Assert.AreEqual("", string.Join(" → ", rooms.FindCircle()));
        IEnumerable<string> found = rooms.Arrows.GroupBy(arrow => arrow.From, arrow => arrow.To)
            .Select(room => $"{room.Key} → {string.Join(", ", room)}");
        // A line that is indented goes on with the one before.
        Assert.AreEqual(allowed.ReplaceLineEndings("\n").Replace("\n    ", " ", StringComparison.Ordinal), string.Join('\n', found));
    }
}
