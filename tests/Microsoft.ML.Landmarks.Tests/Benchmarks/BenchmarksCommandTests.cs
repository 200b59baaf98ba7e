using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Microsoft.ML.Landmarks.Search.Adaptive;

namespace Microsoft.ML.Landmarks.Tests.Benchmarks;

/// <summary>The command line of the benchmarks.</summary>
[TestClass]
public sealed class BenchmarksCommandTests
{
    private const string Small = "search --train 40 --non-landmarks 20 --queries 10 --engines";
    private const string Engines = "filter, fused, torchsharp, tensors, torch, faiss";
    private const string WayOut = "Write it by numpy.save(file, rows.astype('<f4', 'C')).";

    private static readonly string s_program =
        Path.Combine(TestFiles.ProgramFolder("Microsoft.ML.Landmarks.Benchmarks"), "Microsoft.ML.Landmarks.Benchmarks.dll");

    [TestMethod]
    [DataRow("search --train 0", "--train is 0; it must be a whole number, at least 1.")]
    [DataRow("search --non-landmarks -5", "--non-landmarks is -5; it must be a whole number, at least 1.")]
    [DataRow("search --queries x", "--queries is x; it must be a whole number, at least 1.")]
    [DataRow("search --dimension 0", "--dimension is 0; it must be a whole number, from 1 to 65536.")]
    [DataRow("search --engines fooo", $"--engines is 'fooo'; it must be some of {Engines}, between commas.")]
    [DataRow("search --engines ,", $"--engines is ','; it must be some of {Engines}, between commas.")]
    [DataRow("search --json no/figures.json", "The folder '{0}/no' does not exist. Make it, or name another file by --json.")]
    [DataRow("search --json .", "'.' is a folder; name a file in it by --json.")]
    [DataRow("search --python no-python",
        "--python is 'no-python'; it must be a Python 3 that can be started, with the packages of the peers: 'no-python' can't be "
        + "started. Name another, or leave out the peers.")]
    [DataRow("search --engines fused,torch --python no-python",
        "--python is 'no-python'; it must be a Python 3 that can be started, with the packages of the peers: 'no-python' can't be "
        + "started. Name another, or leave out the peers.")]
    [DataRow("search --rows no.npy", "--rows is 'no.npy', and there is no such file. Name synthetic, network or a file of rows.")]
    [DataRow("model --rows rows.f32", "--rows is 'rows.f32'; it must be synthetic or network.")]
    [DataRow("model --baseline no.dll",
        "--baseline is 'no.dll', and there is no such file. Name Microsoft.ML.Landmarks.dll of an older build.")]
    [DataRow("large --photos no --count 0 --baseline no.dll", "The folder 'no' does not exist. Name one with photographs by --photos.",
        "--count is 0; it must be a whole number, from 1 to 10000.",
        "--baseline is 'no.dll', and there is no such file. Name landmarks.dll of an older build.")]
    [DataRow("images --photos no", "The folder 'no' does not exist. Name one with photographs by --photos.")]
    [DataRow("images --photos .", "The folder '.' has no file *.jpg, nor have its subfolders. Name one with photographs by --photos.")]
    [DataRow("pipeline --photos no --network no --passes 0 --image-size 16385",
        "The folder 'no' does not exist. Name one with photographs by --photos.",
        "--network is 'no', and there is no such file. Name an ONNX network.",
        "--image-size is 16385; it must be a whole number, from 1 to 16384.", "--passes is 0; it must be a whole number, at least 1.")]
    [DataRow("check --images no --train no.csv --non-landmarks no.csv --donors no.csv --network no --seeds 1 x -2",
        "The folder 'no' does not exist. Name one with photographs by --images.",
        "--train is 'no.csv', and there is no such file. Name a CSV file with the columns id and landmark_id.",
        "--non-landmarks is 'no.csv', and there is no such file. Name a CSV file with the columns id and landmark_id.",
        "--donors is 'no.csv', and there is no such file. Name a CSV file with the columns id and landmark_id.",
        "--network is 'no', and there is no such file. Name an ONNX network.",
        "--seeds has x; each must be a whole number, at least 0.", "--seeds has -2; each must be a whole number, at least 0.")]
    [DataRow("kernels --filter no",
        "--filter is 'no', which no benchmark is called; those above are. Name some of them by a pattern: '*DotBench*'.")]
    public void Run_WrongArguments_ExitsWith2AndSaysWhatIsAllowed(string arguments, params string[] messages)
    {
        using var folder = new TemporaryFolder();
        AssertWrong(folder, arguments, messages);
        Assert.IsEmpty(folder.FileNames);
    }

    [TestMethod]
    [DataRow(new float[0], "", "'rows' has no rows; it must have at least one. " + WayOut)]
    [DataRow(new[] { 1f, 2, 3, 4 }, "",
        "'rows' is no .npy file, so that nothing says how many values a row has. Name them by --dimension. " + WayOut)]
    [DataRow(new[] { 1f, 2, 3, 4 }, "--dimension 3",
        "'rows' has 16 bytes, no multiple of the 12 of a row of 3 values. Name the right --dimension. " + WayOut)]
    [DataRow(new[] { 1f, 2, 0, 0 }, "--dimension 2",
        "'rows': row 1, counted from 0, has no value but 0; rows must have a direction. Leave such rows out.")]
    [DataRow(new[] { 1f, 2, 1, float.NaN }, "--dimension 2",
        "'rows': row 1, counted from 0, has a value that is NaN or infinite; rows must have a direction. Leave such rows out.")]
    [DataRow(new[] { 1f, float.NegativeInfinity, 1, 2 }, "--dimension 2",
        "'rows': row 0, counted from 0, has a value that is NaN or infinite; rows must have a direction. Leave such rows out.")]
    public void Search_WrongFileOfSingles_ExitsWith2AndSaysWhatIsWrong(float[] values, string dimension, string message)
    {
        using var folder = new TemporaryFolder();
        WriteRows(folder, description: null, values);
        AssertWrong(folder, $"{Small} fused --rows rows {dimension}".TrimEnd(), message);
    }

    [TestMethod]
    [DataRow("'<f4', 'fortran_order': False, 'shape': (2, 2)", "--dimension 4",
        "'rows' has rows of 2 values, and --dimension is 4. Leave --dimension out.")]
    [DataRow("'<f4', 'fortran_order': False, 'shape': (3, 2)", "",
        "'rows' has 16 bytes of values where 24 are described: {{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }}. " + WayOut)]
    [DataRow("'<f8', 'fortran_order': False, 'shape': (1, 2)", "",
        "'rows' is described as {{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }}; it must be an array [rows, values] of "
        + "'<f4', not in Fortran's order. " + WayOut)]
    [DataRow("'<f4', 'fortran_order': True, 'shape': (2, 2)", "",
        "'rows' is described as {{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }}; it must be an array [rows, values] of "
        + "'<f4', not in Fortran's order. " + WayOut)]
    public void Search_WrongArray_ExitsWith2AndSaysWhatIsDescribed(string description, string dimension, string message)
    {
        using var folder = new TemporaryFolder();
        WriteRows(folder, $"{{'descr': {description}, }}", [1, 2, 3, 4]);
        AssertWrong(folder, $"{Small} fused --rows rows {dimension}".TrimEnd(), message);
    }

    [TestMethod]
    public void Model_Baseline_IsMeasuredBesideThisBuild()
    {
        using var folder = new TemporaryFolder();
        string library = Path.Combine(TestFiles.ProgramFolder("FreshProcess"), "Microsoft.ML.Landmarks.dll");
        string[] arguments = ["model", "--train", "60", "--non-landmarks", "20", "--queries", "10", "--dimension", "8", "--threads", "1",
            "--baseline", library];

        (int exitCode, string[] output, string errors) = ChildProcess.Run(s_program, folder["."], arguments);

        Assert.AreEqual((0, ""), (exitCode, errors));
        string[][] rows = [.. output.SkipWhile(line => line != "|---|---:|---:|---:|---:|").Skip(1)
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1])];
        CollectionAssert.AreEqual((string[])["Model.Save", "Model.Load to the answer of the first query", "one query", "all queries"],
            rows.Select(row => row[0]).ToArray());
        Assert.IsTrue(rows.All(row => row[1].Length > 0 && row[3].Length > 0 && row[4].Length > 0));
        Assert.IsEmpty(folder.FileNames);
    }

    [TestMethod]
    public void Change_FewRows_AreMeasuredAndAnsweredAlike()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = ["change", "--train", "60", "--non-landmarks", "20", "--changed", "3", "--queries", "10", "--dimension", "8"];

        (int exitCode, string[] output, string errors) = ChildProcess.Run(s_program, folder["."], arguments);

        Assert.AreEqual((0, ""), (exitCode, errors));
        Assert.HasCount(8, output.SkipWhile(line => line != "|---|---:|---:|---:|---:|").Skip(1).Where(line => line.StartsWith('|')));
        Assert.AreEqual("All 10 queries have the answers of the model that is fitted again.", output[^1]);
        Assert.IsEmpty(folder.FileNames);
        AssertWrong(folder, "change --train 60 --non-landmarks 20 --changed 20",
            "--changed is 20; it must be below --train and --non-landmarks.");
    }

    [TestMethod]
    public void Search_KernelInEnvironment_IsUsedOrRefused()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = [.. Small.Split(' '), "Filter, TENSORS", "--dimension", "64", "--json", "figures.json"];
        (int exitCode, string[] output, string errors) =
            ChildProcess.Run(s_program, folder["."], (EngineSelection.KernelVariable, "scalar"), arguments);
        Assert.AreEqual((0, ""), (exitCode, errors));
        Assert.HasCount(2, output.Where(line => line.Contains("filter engine, kernel Scalar,", StringComparison.Ordinal)));
        CollectionAssert.AreEqual((string[])["filter prepare", "filter train", "filter query", "filter total", "filter single",
            .. Environment.ProcessorCount > 1 ? (string[])["filter single_one_thread"] : [],
            "tensors prepare", "tensors train", "tensors query", "tensors total", "tensors single"], Figures(folder["figures.json"]));

        (exitCode, _, errors) = ChildProcess.Run(s_program, folder["."], (EngineSelection.KernelVariable, "none"), arguments);
        Assert.AreEqual(2, exitCode);
        StringAssert.StartsWith(errors,
            $"error: The environment variable {EngineSelection.KernelVariable} is 'none'; on this machine it can be Scalar");
    }

    [TestMethod]
    public void Search_ArrayOfNumPy_SaysItsDimension()
    {
        using var folder = new TemporaryFolder();
        WriteRows(folder, "{'descr': '<f4', 'fortran_order': False, 'shape': (4, 3), }", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13]);
        (int exitCode, string[] output, string errors) =
            ChildProcess.Run(s_program, folder["."], [.. Small.Split(' '), "fused", "--rows", "rows"]);
        Assert.AreEqual((0, ""), (exitCode, errors));
        StringAssert.Contains(output[0], "rows rows: 40 for training, 20 non-landmarks, 10 queries, 3 dimensions;");
    }

    [TestMethod]
    public void Search_PeerFails_FiguresOfTheOthersAreWritten()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("The Python of this test is a shell's script.");
            return;
        }

        using var folder = new TemporaryFolder();
        folder.Write("python", "#!/bin/sh\nif [ \"$1\" = --version ]; then echo Python 3.0; exit; fi\necho 'no memory' >&2; exit 3\n");
        File.SetUnixFileMode(folder["python"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        (int exitCode, _, string errors) =
            ChildProcess.Run(s_program, folder["."],
            [.. Small.Split(' '), "torch,fused", "--python", folder["python"], "--json", "figures.json"]);
        Assert.AreEqual((0, $"torch is left out: '{folder["python"]}' ended with exit code 3: no memory\n"), (exitCode, errors));
        Assert.Contains("fused total", Figures(folder["figures.json"]));
    }

    // The program knows its folder by its full path, which {0} stands for.
    private static void AssertWrong(TemporaryFolder folder, string arguments, params string[] messages)
    {
        (int exitCode, _, string errors) = ChildProcess.Run(s_program, folder["."], arguments.Split(' '));
        string[] lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.AreEqual(2, exitCode, errors);
        Assert.AreSequenceEqual(messages.Select(message => $"error: {string.Format(message, Path.GetDirectoryName(folder["."]))}"),
            lines.Where(line => line != "--help says what there is."));
    }

    private static void WriteRows(TemporaryFolder folder, string? description, float[] values)
    {
        byte[] bytes = MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        string text = $"{description} \n";
        File.WriteAllBytes(folder["rows"], description is null
            ? bytes : [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. Encoding.Latin1.GetBytes(text), .. bytes]);
    }

    private static string[] Figures(string file)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(file));
        return [.. json.RootElement.GetProperty("figures").EnumerateArray()
            .Select(figure => $"{figure.GetProperty("engine")} {figure.GetProperty("stage")}")];
    }
}
