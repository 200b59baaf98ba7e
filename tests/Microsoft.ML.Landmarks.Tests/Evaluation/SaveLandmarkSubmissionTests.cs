using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Tests.Evaluation;

[TestClass]
public sealed class SaveLandmarkSubmissionTests : IDisposable
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void SaveLandmarkSubmission_Predictions_WritesOneLineEachInOrder()
    {
        string text = Save([new("b", 7, 0.25f), new("a", 8, 0.5f), new("c", 7, 0.75f)]);

        Assert.AreEqual("id,landmarks\nb,7 0.00000000\na,8 0.50000000\nc,7 1.00000000\n", text);
    }

    [TestMethod]
    public void SaveLandmarkSubmission_Confidences_AreScaledToZeroAndOneWithEightDecimals()
    {
        string text = Save([new("a", 1, -3), new("b", 1, -1), new("c", 1, 0), new("d", 1, 4)]);

        Assert.AreEqual("id,landmarks\na,1 0.00000000\nb,1 0.28571429\nc,1 0.42857143\nd,1 1.00000000\n", text);
    }

    [TestMethod]
    public void SaveLandmarkSubmission_AllConfidencesEqual_WritesZero()
        => Assert.AreEqual("id,landmarks\na,1 0.00000000\nb,2 0.00000000\n", Save([new("a", 1, 0.3f), new("b", 2, 0.3f)]));

    [TestMethod]
    public void SaveLandmarkSubmission_OneRow_WritesZero()
        => Assert.AreEqual("id,landmarks\na,1 0.00000000\n", Save([new("a", 1, 5)]));

    [TestMethod]
    public void SaveLandmarkSubmission_ConfidencesFarApart_AreScaledWithoutOverflow()
        => Assert.AreEqual("id,landmarks\na,1 0.00000000\nb,2 1.00000000\nc,3 0.50000000\n",
        Save([new("a", 1, float.MinValue), new("b", 2, float.MaxValue), new("c", 3, 0)]));

    [TestMethod]
    public void SaveLandmarkSubmission_ScoreNaN_WritesAnEmptyFieldOutsideTheScaling()
    {
        string text = Save([new("a", -1, float.NaN), new("b", 1, 2), new("c", -1, float.NaN), new("d", 2, 3)]);

        Assert.AreEqual("id,landmarks\na,\nb,1 0.00000000\nc,\nd,2 1.00000000\n", text);
    }

    [TestMethod]
    public void SaveLandmarkSubmission_ScoreInfinite_IsFirstOrLastOutsideTheScaling()
        => Assert.AreEqual("id,landmarks\na,1 1.00000000\nb,2 0.50000000\nc,3 0.00000000\nd,4 1.00000000\ne,5 0.00000000\n",
            Save([new("a", 1, float.PositiveInfinity), new("b", 2, 3), new("c", 3, 2), new("d", 4, 4),
            new("e", 5, float.NegativeInfinity)]));

    [TestMethod]
    public void SaveLandmarkSubmission_AllScoresNaN_WritesEmptyFields()
        => Assert.AreEqual("id,landmarks\na,\nb,\n", Save([new("a", -1, float.NaN), new("b", -1, float.NaN)]));

    [TestMethod]
    public void SaveLandmarkSubmission_NoRow_WritesTheHeader()
        => Assert.AreEqual("id,landmarks\n", Save(_mlContext.Data.FilterRowsByColumn(View([new("a", 1, 1)]), "Score", lowerBound: 2)));

    [TestMethod]
    public void SaveLandmarkSubmission_LabelsAtTheEndsOfInt64_AreWrittenWhole()
        => Assert.AreEqual($"id,landmarks\na,{long.MinValue} 0.00000000\nb,{long.MaxValue} 1.00000000\n",
        Save([new("a", long.MinValue, 1), new("b", long.MaxValue, 2)]));

    [TestMethod]
    public void SaveLandmarkSubmission_Int32Labels_AreWritten()
    {
        IDataView view = _mlContext.Transforms.Conversion.ConvertType("PredictedLabel", outputKind: DataKind.Int32)
            .Fit(View([new("a", 1, 1)])).Transform(View([new("a", 12, 1), new("b", -3, 2)]));

        Assert.AreEqual(NumberDataViewType.Int32, view.Schema["PredictedLabel"].Type);
        Assert.AreEqual("id,landmarks\na,12 0.00000000\nb,-3 1.00000000\n", Save(view));
    }

    [TestMethod]
    public void SaveLandmarkSubmission_NumericKeys_AreWrittenAsTheirKeyValues()
    {
        IDataView view = AsKeys(View([new("a", 138982, 1), new("b", 7, 2), new("c", 138982, 3)]));

        Assert.IsInstanceOfType<KeyDataViewType>(view.Schema["PredictedLabel"].Type);
        Assert.AreEqual("id,landmarks\na,138982 0.00000000\nb,7 0.50000000\nc,138982 1.00000000\n", Save(view));
    }

    [TestMethod]
    public void SaveLandmarkSubmission_TextKeys_AreWrittenAsTheirKeyValues()
    {
        IDataView view = AsKeys(TextView([new("a", "Eiffel tower", 1), new("b", "Big Ben", 2)]));

        Assert.AreEqual("id,landmarks\na,Eiffel tower 0.00000000\nb,Big Ben 1.00000000\n", Save(view));
    }

    [TestMethod]
    public void SaveLandmarkSubmission_KeysWithoutKeyValues_AreWrittenAsMLNetWritesThem()
    {
        IDataView view = _mlContext.Data.LoadFromEnumerable([new KeyRow("a", 2, 1), new KeyRow("b", 199, 2)]);

        Assert.AreEqual("id,landmarks\na,2 0.00000000\nb,199 1.00000000\n", Save(view));
    }

    [TestMethod]
    public void SaveLandmarkSubmission_MissingKeyOrEmptyText_IsNoAnswer()
    {
        Assert.AreEqual("id,landmarks\na,\nb,1 0.00000000\n",
            Save(_mlContext.Data.LoadFromEnumerable([new KeyRow("a", 255, 1), new KeyRow("b", 1, 2)])));
        Assert.AreEqual("id,landmarks\na,\nb,x 0.00000000\n", Save(TextView([new("a", "", 1), new("b", "x", 2)])));
    }

    [TestMethod]
    public void SaveLandmarkSubmission_TextWithCommaQuoteOrLineBreak_IsQuoted()
    {
        string text = Save(TextView([new("a,1", "Paris, \"Tour\"", 1), new("b", "two\nlines", 2)]));

        Assert.AreEqual("id,landmarks\n\"a,1\",\"Paris, \"\"Tour\"\" 0.00000000\"\nb,\"two\nlines 1.00000000\"\n", text);
    }

    [TestMethod]
    public void SaveLandmarkSubmission_File_IsUtf8WithoutMarkAndWithLineFeeds()
    {
        Save(TextView([new("çé", "Zürich", 1)]));

        CollectionAssert.AreEqual(new UTF8Encoding(false).GetBytes("id,landmarks\nçé,Zürich 0.00000000\n"),
            File.ReadAllBytes(_folder["submission.csv"]));
    }

    [TestMethod]
    public void SaveLandmarkSubmission_View_IsReadInOnePassOfThreeColumns()
    {
        var view = new CountingView(View([new("a", 1, 1), new("b", 2, 2)]));

        Save(view);

        Assert.AreEqual(1, view.Cursors);
        CollectionAssert.AreEqual(new[] { "Id", "PredictedLabel", "Score" }, view.Columns);
    }

    [TestMethod]
    public void SaveLandmarkSubmission_ExistingFile_IsReplaced()
    {
        _folder.Write("submission.csv", new string('x', 10_000));

        Assert.AreEqual("id,landmarks\na,1 0.00000000\n", Save([new("a", 1, 1)]));
        CollectionAssert.AreEqual(new[] { "submission.csv" }, _folder.FileNames);
    }

    [TestMethod]
    public void SaveLandmarkSubmission_ViewThatFails_LeavesTheOldFileAndNoOther()
    {
        _folder.Write("submission.csv", "old");
        var view = new CountingView(View([.. Enumerable.Range(0, 1000).Select(i => new Row($"{i}", i, i))]), failAt: 990);

        var error = Assert.ThrowsExactly<IOException>(() => Save(view));

        Assert.AreEqual("row 990 failed", error.Message);
        CollectionAssert.AreEqual(new[] { "submission.csv" }, _folder.FileNames);
        Assert.AreEqual("old", File.ReadAllText(_folder["submission.csv"]));
    }

    [TestMethod]
    public void SaveLandmarkSubmission_TargetThatIsAFolder_LeavesNoTemporaryFile()
    {
        Directory.CreateDirectory(_folder["submission.csv"]);

        // Which error a rename onto a folder gives depends on the operating system.
        Assert.Throws<Exception>(() => _mlContext.Data.SaveLandmarkSubmission(View([new("a", 1, 1)]), _folder["submission.csv"]));

        CollectionAssert.AreEqual(new[] { "submission.csv" }, _folder.FileNames);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void SaveLandmarkSubmission_Link_WritesItsTarget()
    {
        _folder.Write("answers.csv", "old");
        File.CreateSymbolicLink(_folder["submission.csv"], "answers.csv");

        Save([new("a", 1, 1)]);

        Assert.AreEqual("answers.csv", new FileInfo(_folder["submission.csv"]).LinkTarget);
        Assert.AreEqual("id,landmarks\na,1 0.00000000\n", File.ReadAllText(_folder["answers.csv"]));
        CollectionAssert.AreEquivalent(new[] { "answers.csv", "submission.csv" }, _folder.FileNames);
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    [UnsupportedOSPlatform("windows")]
    public void SaveLandmarkSubmission_ExistingFile_KeepsItsMode()
    {
        _folder.Write("submission.csv", "old");
        File.SetUnixFileMode(_folder["submission.csv"], UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Save([new("a", 1, 1)]);

        Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["submission.csv"]));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void SaveLandmarkSubmission_ExistingFile_KeepsTheUsersAttributes()
    {
        _folder.Write("submission.csv", "old");
        string[] attribute = ["-c", "import os, sys; os.setxattr(sys.argv[1], 'user.origin', b'mine')", _folder["submission.csv"]];
        if (!TryRun("python3", attribute, out _))
            Assert.Inconclusive("Python is not here, or this disk has no attributes.");

        Save([new("a", 1, 1)]);

        Assert.IsTrue(TryRun("python3",
            ["-c", "import os, sys; print(os.getxattr(sys.argv[1], 'user.origin').decode())", _folder["submission.csv"]],
            out string found));
        Assert.AreEqual("mine\n", found);
    }

    [TestMethod]
    public void SaveLandmarkSubmission_FileOfAKilledRun_IsRemoved()
    {
        _folder.Write("submission.csv.unfinished", "half");

        Save([new("a", 1, 1)]);

        CollectionAssert.AreEqual(new[] { "submission.csv" }, _folder.FileNames);
    }

    [TestMethod]
    public void SaveLandmarkSubmission_FileThatAnotherWrites_ThrowsBeforeARowIsRead()
    {
        using var other = new FileStream(_folder["submission.csv.unfinished"], FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        var view = new CountingView(View([new("a", 1, 1)]));

        var error = Assert.Throws<IOException>(() => Save(view));

        Assert.AreEqual($"Another run is writing '{_folder["submission.csv"]}'. Wait until it is done, or name another file.",
            error.Message);
        Assert.AreEqual(0, view.Cursors);
        CollectionAssert.AreEqual(new[] { "submission.csv.unfinished" }, _folder.FileNames);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void SaveLandmarkSubmission_LinkWhereTheTemporaryFileGoes_IsNotFollowed()
    {
        _folder.Write("precious", "kept");
        File.CreateSymbolicLink(_folder["submission.csv.unfinished"], _folder["precious"]);

        var error = Assert.ThrowsExactly<IOException>(() => Save([new("a", 1, 1)]));

        Assert.AreEqual($"Nothing can be written to the folder '{Path.GetDirectoryName(_folder["precious"])}': "
            + $"'{_folder["submission.csv.unfinished"]}' is no file that an earlier run has left. Move it away.", error.Message);
        Assert.AreEqual("kept", File.ReadAllText(_folder["precious"]));
    }

    [TestMethod]
    public void SaveLandmarkSubmission_Stream_IsWrittenAndLeftOpen()
    {
        using var stream = new MemoryStream();

        _mlContext.Data.SaveLandmarkSubmission(View([new("a", 1, 1), new("b", 2, 2)]), stream);

        Assert.IsTrue(stream.CanWrite);
        Assert.AreEqual("id,landmarks\na,1 0.00000000\nb,2 1.00000000\n", Encoding.UTF8.GetString(stream.ToArray()));
    }

    [TestMethod]
    public void SaveLandmarkSubmission_FolderThatIsMissing_Throws()
        => Assert.ThrowsExactly<DirectoryNotFoundException>(
            () => _mlContext.Data.SaveLandmarkSubmission(View([new("a", 1, 1)]), Path.Combine(_folder["none"], "submission.csv")));

    [TestMethod]
    public void SaveLandmarkSubmission_OtherColumnNames_AreRead()
    {
        IDataView view = _mlContext.Data.LoadFromEnumerable([new RenamedRow("a", 5, 1), new RenamedRow("b", 6, 3)]);

        _mlContext.Data.SaveLandmarkSubmission(view, _folder["submission.csv"], idColumnName: "Query", predictedLabelColumnName: "Landmark",
            scoreColumnName: "Confidence");

        Assert.AreEqual("id,landmarks\na,5 0.00000000\nb,6 1.00000000\n", File.ReadAllText(_folder["submission.csv"]));
    }

    [TestMethod]
    [DataRow("Query", "Landmark", "Score", "Could not find score column 'Score' (Parameter 'inputSchema')")]
    [DataRow("Query", "PredictedLabel", "Confidence", "Could not find predicted label column 'PredictedLabel' (Parameter 'inputSchema')")]
    [DataRow("Id", "Landmark", "Confidence", "Could not find id column 'Id' (Parameter 'inputSchema')")]
    [DataRow("Landmark", "Landmark", "Confidence",
        "Schema mismatch for id column 'Landmark': expected String, got Int64 (Parameter 'inputSchema')")]
    [DataRow("Query", "Confidence", "Confidence",
        "Schema mismatch for predicted label column 'Confidence': expected Int32, Int64, String or Key, got Single (Parameter "
        + "'inputSchema')")]
    [DataRow("Query", "Landmark", "Landmark",
        "Schema mismatch for score column 'Landmark': expected Single, got Int64 (Parameter 'inputSchema')")]
    public void SaveLandmarkSubmission_ColumnMissingOrOfAnotherType_ThrowsAndWritesNothing(string id, string label, string score,
        string message)
    {
        IDataView view = _mlContext.Data.LoadFromEnumerable([new RenamedRow("a", 5, 1)]);

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(()
            => _mlContext.Data.SaveLandmarkSubmission(view, _folder["submission.csv"], id, label, score));

        Assert.AreEqual(message, error.Message);
        Assert.IsEmpty(_folder.FileNames);
    }

    [TestMethod]
    public void SaveLandmarkSubmission_CultureWithDecimalComma_WritesTheSame()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NegativeSign = "~";
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            Assert.AreEqual("0,5", 0.5.ToString(CultureInfo.CurrentCulture));
            Assert.AreEqual("id,landmarks\na,-5 0.00000000\nb,1 0.50000000\nc,2 1.00000000\n",
                Save([new("a", -5, 1), new("b", 1, 2), new("c", 2, 3)]));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [TestMethod]
    public void SaveLandmarkSubmission_NullArguments_Throw()
    {
        IDataView view = View([new("a", 1, 1)]);

        Assert.AreEqual("catalog", Assert.ThrowsExactly<ArgumentNullException>(()
            => LandmarksCatalog.SaveLandmarkSubmission(null!, view, "file")).ParamName);
        Assert.AreEqual("predictions",
            Assert.ThrowsExactly<ArgumentNullException>(() => _mlContext.Data.SaveLandmarkSubmission(null!, "file")).ParamName);
        Assert.AreEqual("file", Assert.ThrowsExactly<ArgumentNullException>(()
            => _mlContext.Data.SaveLandmarkSubmission(view, (string)null!)).ParamName);
        Assert.AreEqual("file", Assert.ThrowsExactly<ArgumentException>(() => _mlContext.Data.SaveLandmarkSubmission(view, "")).ParamName);
        Assert.AreEqual("stream", Assert.ThrowsExactly<ArgumentNullException>(()
            => _mlContext.Data.SaveLandmarkSubmission(view, (Stream)null!)).ParamName);
    }

    [TestMethod]
    public void SaveLandmarkSubmission_GoldenPredictions_GiveTheGoldenSubmission()
    {
        string[][] predictions = TestFiles.ReadCsv(TestFiles.Golden("sample", "predictions.csv"));

        Save([.. predictions.Select(p
            => new Row(p[0], long.Parse(p[1], CultureInfo.InvariantCulture), float.Parse(p[2], CultureInfo.InvariantCulture)))]);

        string[][] expected = TestFiles.ReadCsv(TestFiles.Golden("sample", "submission.csv")),
            actual = TestFiles.ReadCsv(_folder["submission.csv"]);
        Assert.HasCount(76, expected);
        Assert.HasCount(expected.Length, actual);
        foreach ((string[] wanted, string[] found) in expected.Zip(actual))
        {
            string[] wantedAnswer = wanted[1].Split(' '), foundAnswer = found[1].Split(' ');
            Assert.AreEqual(wanted[0], found[0]);
            Assert.AreEqual(wantedAnswer[0], foundAnswer[0], wanted[0]);
            // The confidences were rounded to Single here, not there.
            Assert.AreEqual(double.Parse(wantedAnswer[1], CultureInfo.InvariantCulture),
                double.Parse(foundAnswer[1], CultureInfo.InvariantCulture), 1e-6, wanted[0]);
        }
    }

    private static bool TryRun(string program, string[] arguments, out string output)
    {
        output = "";
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private string Save(Row[] rows) => Save(View(rows));

    private string Save(IDataView view)
    {
        _mlContext.Data.SaveLandmarkSubmission(view, _folder["submission.csv"]);
        return File.ReadAllText(_folder["submission.csv"]);
    }

    private IDataView View(Row[] rows) => _mlContext.Data.LoadFromEnumerable(rows);

    private IDataView TextView(TextRow[] rows) => _mlContext.Data.LoadFromEnumerable(rows);

    private IDataView AsKeys(IDataView view) => _mlContext.Transforms.Conversion.MapValueToKey("PredictedLabel").Fit(view).Transform(view);

    private sealed record Row(string Id, long PredictedLabel, float Score);

    private sealed record TextRow(string Id, string PredictedLabel, float Score);

    private sealed record RenamedRow(string Query, long Landmark, float Confidence);

    // A row's number counts keys from 0, where a column's counts from 1; one that is too large is a missing key.
    private sealed record KeyRow(string Id, [property: KeyType(200)] byte PredictedLabel, float Score);
}
