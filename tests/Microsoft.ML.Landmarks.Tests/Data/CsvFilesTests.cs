using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Tests.Data;

/// <summary>What all CSV files have in common, whichever method reads them.</summary>
[TestClass]
public sealed class CsvFilesTests : IDisposable
{
    private const string QuoteRule = "A field that holds a quote is written in quotes, and the quote in it twice.";

    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public enum Kind
    {
        Training,
        CleanTraining,
        Queries,
        Submission,
        Truth,
        Solution,
        Names,
    }

    public static IEnumerable<Kind> Kinds => Enum.GetValues<Kind>();

    public static IEnumerable<object[]> Breaks
        => Kinds.SelectMany(_ => BreaksOfAny, (kind, broken) => (object[])[kind, broken.Text, broken.Line, broken.Message]);

    // A header "key,value,note" of each kind's own names, a good first row, and what breaks the file below; "#" stands for a good value.
    private static (string Text, int Line, string Message)[] BreaksOfAny =>
    [
        ("k02,#\n", 3, "2 columns where the header has 3."),
        ("k02\n", 3, "1 column where the header has 3."),
        ("k02,#,a,b\n", 3, "4 columns where the header has 3. A field that holds commas is written in quotes."),
        ("k02,#,a,\n", 3, "4 columns where the header has 3. A field that holds commas is written in quotes."),
        ("k02,#,\"a\nk03,#,b\n", 3, $"a quote is opened and never closed. {QuoteRule}"),
        ("\"k02,#,a\nk03,#,b\n", 3, $"a quote is opened and never closed. {QuoteRule}"),
        ("k02,#,12\" gun\nk03,#,b\n", 3, $"a quote is opened and never closed. {QuoteRule}"),
        ("k02,#,12\" gun\nk03,#,15\" gun\n", 3, $"a quote stands where a field neither begins nor ends. {QuoteRule}"),
        ("k02,#,\"12\" gun\"\nk03,#,b\n", 3, $"a quote is opened and never closed. {QuoteRule}"),
        ("k02,#,\"a\" \"b\"\nk03,#,b\n", 3, $"a quote stands where a field neither begins nor ends. {QuoteRule}"),
        ("k02,#,\"a\nb\"\nk03,#,\"\"\"\n", 5, $"a quote is opened and never closed. {QuoteRule}"),
        ("k02,#,a\0\n", 3, "there is a NUL, which no text has. The file is damaged, in UTF-16 or no CSV file."),
        ("k02,#,\"a\nb\0\"\n", 4, "there is a NUL, which no text has. The file is damaged, in UTF-16 or no CSV file."),
    ];

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DynamicData(nameof(Breaks))]
    public void Load_BrokenRow_ThrowsWithFileAndLine(Kind kind, string text, int line, string message)
        => AssertThrows($"'{Write(kind, text)}', line {line}: {message}", kind);

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Load_TextInLatin1_ThrowsWithFileAndLine(Kind kind)
    {
        string file = Write(kind, "k02,#,a\n");
        File.AppendAllBytes(file, [.. Encoding.Latin1.GetBytes(Row(kind, "k03,#,Café\n"))]);

        AssertThrows($"'{file}', line 4: the text is not in UTF-8. Convert it, as by iconv -f LATIN1 -t UTF-8, if it is text at all.",
            kind);
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Load_ColumnTwice_ThrowsAtOnce(Kind kind)
    {
        string name = Header(kind).Split(',')[0], file = _folder.Write("rows.csv", $"{Header(kind)},{name}\n");

        AssertThrows($"'{file}', line 1: the column '{name}' stands there twice; rename or remove one.", kind);
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Load_OtherFiles_AreCalledByTheirName(Kind kind)
    {
        string text = $"{Header(kind)}\n{Row(kind, "k01,#,a\n")}";
        AssertKind("text in UTF-16", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text)]);
        AssertKind("text in UTF-16", [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(text)]);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        AssertKind("a gzip file", packed.ToArray());
        using var zipped = new MemoryStream();
        using (var zip = new ZipArchive(zipped, ZipArchiveMode.Create))
            zip.CreateEntry("rows.csv").Open().Dispose();
        AssertKind("a ZIP file or a workbook", zipped.ToArray());
        AssertKind("a binary file", File.ReadAllBytes(TestFiles.Golden("networks", "means.onnx")));
        AssertStart(new byte[1 << 25],
            "' is no readable CSV file: the row that begins in line 1 is too long. Is a quote in it never closed? ");
        AssertStart(Encoding.Unicode.GetBytes(text), "', line 1: there is a NUL, which no text has.");
        AssertStart([0x89, .. "PNG\r\n\x1A\n"u8], "', line 1: the text is not in UTF-8.");
        AssertStart([], "' has the columns []; it needs ");
        AssertStart([.. "\n\n"u8], "' has the columns []; it needs ");

        void AssertKind(string name, byte[] bytes) => AssertStart(bytes, $"' is {name}, no CSV file in UTF-8. Unpack or convert it first.");

        void AssertStart(byte[] bytes, string start)
        {
            File.WriteAllBytes(_folder["rows.csv"], bytes);
            StringAssert.StartsWith(Assert.ThrowsExactly<InvalidDataException>(() => Load(kind)).Message, $"'{_folder["rows.csv"]}{start}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Load_FormsOfTheSameRows_GiveThoseRows(Kind kind)
    {
        string header = Header(kind), rows = Row(kind, "k01,#,a\nk02,#,b\n");
        object[][] expected = Read(kind, $"{header}\n{rows}");

        Assert.HasCount(2, expected);
        foreach (string text in new[] { $"\uFEFF{header}\n{rows}", $"{header}\n{rows}".TrimEnd('\n'),
            $"{header}\n{rows}".Replace("\n", "\r\n"), $"{header}\n{rows}".Replace('\n', '\r'), $"\n{header}\n \n{rows}\n\n",
            $"{header},extra\n{rows.Replace("\n", ",\"x, \"\"y\"\"\nz\"\n")}" })
            ViewReader.AssertSameRows(expected, Read(kind, text));
    }

    [TestMethod]
    [DataRow(Kind.Queries, "k01")]
    [DataRow(Kind.Submission, "k01")]
    [DataRow(Kind.Truth, "k01")]
    [DataRow(Kind.Solution, "k01")]
    [DataRow(Kind.Names, "1")]
    public void Load_KeyASecondTime_ThrowsWithFileAndLine(Kind kind, string key)
        => AssertThrows($"'{Write(kind, "k02,#,a\nk01,#,b\n")}', line 4: '{key}' stands there a second time.", kind);

    [TestMethod]
    [DataRow(Kind.Submission, "")]
    [DataRow(Kind.Truth, "  ")]
    [DataRow(Kind.Solution, "\"\"")]
    public void Load_NoId_ThrowsWithFileAndLine(Kind kind, string id)
        => AssertThrows($"'{Write(kind, $"{id},#,a\n")}', line 3: '{id.Trim('"')}' is no id; it must not be empty.", kind);

    [TestMethod]
    [DataRow(Kind.Training)]
    [DataRow(Kind.Queries)]
    [DataRow(Kind.Submission)]
    [DataRow(Kind.Truth)]
    public void Load_IdOfSeveralLines_ThrowsWithFileAndLine(Kind kind)
        => AssertThrows($"'{Write(kind, "\"k02,#,a\nk03\",#,a\n")}', line 3: '{Row(kind, "k02,#,a\\u000ak03")}' is no id; control "
        + "characters can't be in it.", kind);

    [TestMethod]
    [DataRow(Kind.Training)]
    [DataRow(Kind.Queries)]
    [DataRow(Kind.Submission)]
    [DataRow(Kind.Truth)]
    [DataRow(Kind.Names)]
    public void Load_Pipe_IsReadOnceAndHeld(Kind kind)
    {
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("Pipes have names in the file system on other systems.");
        string text = $"{Header(kind)}\n{Row(kind, "k01,#,a\nk02,#,b\n")}";
        object[][] expected = Read(kind, text);
        File.Delete(_folder["rows.csv"]);
        using (Process make = Process.Start("mkfifo", _folder["rows.csv"]))
            make.WaitForExit();
        Task write = Task.Run(() => File.WriteAllText(_folder["rows.csv"], text));

        IDataView view = Load(kind);

        write.Wait();
        ViewReader.AssertSameRows(expected, view.AllRows());
        ViewReader.AssertSameRows(expected, view.AllRows());
    }

    [TestMethod]
    public void LandmarkSource_OfAnother_SharesWhatCameThroughAPipe()
    {
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("Pipes have names in the file system on other systems.");
        using (Process make = Process.Start("mkfifo", _folder["rows.csv"]))
            make.WaitForExit();
        Task write = Task.Run(() => File.WriteAllText(_folder["rows.csv"], "id,landmark_id\nabc,1\nabd,-1\n"));
        var all = new LandmarkSource(_folder["rows.csv"], "images") { PhotosPerLandmark = 3 };

        CollectionAssert.AreEqual(new[] { "abc", "abd" }, _mlContext.Data.LoadLandmarks(all).Texts("Id"));
        write.Wait();
        var some = new LandmarkSource(all) { NonLandmarksOnly = true };
        CollectionAssert.AreEqual(new[] { "abd" }, _mlContext.Data.LoadLandmarks(some).Texts("Id"));
        Assert.AreEqual((all.CsvFile, all.ImageFolder, null), (some.CsvFile, some.ImageFolder, some.PhotosPerLandmark));
        Assert.AreEqual("source", Assert.ThrowsExactly<ArgumentNullException>(() => new LandmarkSource(null!)).ParamName);
    }

    [TestMethod]
    public void LoadLandmarks_CleanTrainingSet_HasARowForEachPhotograph()
    {
        IDataView view = _mlContext.Data.LoadLandmarks(
            new LandmarkSource(_folder.Write("rows.csv", "landmark_id,images\n7,abc abd abe\n-1,abf\n9,abg\n"),
            "images")
            { PhotosPerLandmark = 2 });

        CollectionAssert.AreEqual(new[] { "abc", "abd", "abf", "abg" }, view.Texts("Id"));
        CollectionAssert.AreEqual(new[] { 7, 7, -1, 9 }, view.Values<int>("Label"));
        Assert.AreEqual(Path.Join("images", "a", "b", "d", "abd.jpg"), view.Texts("ImagePath")[1]);
    }

    [TestMethod]
    [DataRow("7,\n", "'images' names no photograph; ids by blanks are needed.")]
    [DataRow("7,abc ab\n", "the id 'ab' must have at least 3 characters, no '/', '\\' or '..', and no blank at its ends, since it names a "
        + "file.")]
    public void LoadLandmarks_CleanTrainingSetWithoutAPhotograph_ThrowsWithFileAndLine(string row, string message)
    {
        IDataView view = _mlContext.Data.LoadLandmarks(_folder.Write("rows.csv", $"landmark_id,images\n{row}"), "images");

        Assert.AreEqual($"'{_folder["rows.csv"]}', line 2: {message}",
            Assert.ThrowsExactly<InvalidDataException>(() => view.Texts("Id")).Message);
    }

    [TestMethod]
    [DataRow("id\nabc\nabd\n")]
    [DataRow("id,url\nabc,http://a\nabd,http://b\n")]
    public void LoadLandmarks_IdsAlone_AreQueries(string csv)
    {
        IDataView view = _mlContext.Data.LoadLandmarks(_folder.Write("rows.csv", csv), "images");

        CollectionAssert.AreEqual(new[] { "abc", "abd" }, view.Texts("Id"));
        CollectionAssert.AreEqual(new[] { -1, -1 }, view.Values<int>("Label"));
    }

    [TestMethod]
    public void NonLandmarksOnly_IdsAlone_AreRefused()
    {
        string csv = _folder.Write("rows.csv", "id\nabc\n");
        var source = new LandmarkSource(csv, "images") { NonLandmarksOnly = true };

        var error = Assert.ThrowsExactly<InvalidDataException>(() => _mlContext.Data.LoadLandmarks(source));

        StringAssert.StartsWith(error.Message, $"'{csv}' has the columns [id]; it needs 'id' and one of 'landmark_id' and 'landmarks', ");
    }

    [TestMethod]
    [DataRow("Usage")]
    [DataRow("usage")]
    public void NonLandmarksOnly_SolutionOfTheChallenge_TakesQueriesThatShowNone(string usage)
    {
        string csv = _folder.Write("rows.csv", $"id,landmarks,{usage}\nabc,,Public\nabd,7 8,Private\nabe,,Ignored\nabf, ,Private\n");

        IDataView all = _mlContext.Data.LoadLandmarks(csv, "images"),
            some = _mlContext.Data.LoadLandmarks(new LandmarkSource(csv, "images") { NonLandmarksOnly = true });

        CollectionAssert.AreEqual(new[] { "abc", "abd", "abe", "abf" }, all.Texts("Id"));
        CollectionAssert.AreEqual(new[] { "abc", "abf" }, some.Texts("Id"));
    }

    [TestMethod]
    public void LoadLandmarkSubmission_Rows_AreThoseThatWereSaved()
    {
        IDataView predictions = _mlContext.Data.LoadFromEnumerable([
            new Answer("a/1", "Eiffel Tower", 3), new Answer("b", "Paris, \"Tour\"", 2), new Answer("c", "138982", 1),
            new Answer("d", "", float.NaN)]);
        _mlContext.Data.SaveLandmarkSubmission(predictions, _folder["rows.csv"]);

        IDataView view = _mlContext.Data.LoadLandmarkSubmission(_folder["rows.csv"]);

        CollectionAssert.AreEqual(new[] { "Id", "PredictedLabel", "Score" }, view.Schema.Select(c => c.Name).ToArray());
        CollectionAssert.AreEqual(new[] { "a/1", "b", "c", "d" }, view.Texts("Id"));
        CollectionAssert.AreEqual(new[] { "Eiffel Tower", "Paris, \"Tour\"", "138982", "" }, view.Texts("PredictedLabel"));
        CollectionAssert.AreEqual(new[] { 1, 0.5f, 0, float.NaN }, view.Values<float>("Score"));
    }

    [TestMethod]
    public void LoadLandmarkSubmission_ColumnsWithVerdicts_AreRead()
    {
        IDataView view = _mlContext.Data.LoadLandmarkSubmission(_folder.Write("rows.csv",
            "score,id,isLandmark,landmark,falseAlarmProbability,name\n,a,,,,\n0.5,b,TRUE,7.0,0.25,x\n-1,c,false,Eiffel Tower,1,y\n"));

        CollectionAssert.AreEqual(new[] { "a", "b", "c" }, view.Texts("Id"));
        CollectionAssert.AreEqual(new[] { "", "7", "Eiffel Tower" }, view.Texts("PredictedLabel"));
        CollectionAssert.AreEqual(new[] { float.NaN, 0.5f, -1 }, view.Values<float>("Score"));
        CollectionAssert.AreEqual(new[] { false, true, false }, view.Values<bool>("IsLandmark"));
        CollectionAssert.AreEqual(new[] { float.NaN, 0.25f, 1 }, view.Values<float>("FalseAlarmProbability"));
        CollectionAssert.AreEqual(new[] { float.NaN, float.NaN, float.NaN }, view.Values<float>("UnknownLandmarkProbability"));
    }

    [TestMethod]
    public void LoadLandmarkSubmission_ColumnsWithoutAnyVerdict_HaveNone()
        => CollectionAssert.AreEqual(new[] { "Id", "PredictedLabel", "Score" }, _mlContext.Data.LoadLandmarkSubmission(
            _folder.Write("rows.csv", "id,landmark,score,isLandmark\na,5,1,\n")).Schema.Select(c => c.Name).ToArray());

    [TestMethod]
    [DataRow("5", "the prediction '5' is no landmark, a blank and a confidence; leave it empty where there is no answer.")]
    [DataRow("5 high", "the prediction '5 high' is no landmark, a blank and a confidence; leave it empty where there is no answer.")]
    [DataRow("5 1e99", "the prediction '5 1e99' is no landmark, a blank and a confidence; leave it empty where there is no answer.")]
    [DataRow("1 0.5 2 0.4", "the prediction '1 0.5 2 0.4' names several landmarks; one with its confidence is taken. Keep the surest.")]
    [DataRow("nan 0.5", "'nan' is no landmark; a name or a whole number is needed, and -1 or nothing where there is none.")]
    [DataRow("5.5 0.5", "'5.5' is no landmark; a name or a whole number is needed, and -1 or nothing where there is none.")]
    public void LoadLandmarkSubmission_NoAnswer_ThrowsWithFileAndLine(string answer, string message)
        => AssertThrows($"'{_folder.Write("rows.csv", $"id,landmarks\nabc,{answer}\n")}', line 2: {message}", Kind.Submission);

    [TestMethod]
    [DataRow("id,landmark_id\na,7.0\nb,Eiffel Tower\nc,-1.0\nd,\ne,1 5\n", "7|Eiffel Tower|||1 5", DisplayName = "names")]
    [DataRow("id,landmarks,Usage\na,7.0 008\nb,Louvre\nc,-1\nd,\ne,1\t5\n", "7;8|Louvre|||1;5", DisplayName = "ids by blanks")]
    public void LoadLandmarkTruth_Labels_AreReadAsTheirColumnHoldsThem(string csv, string expected)
    {
        IDataView view = _mlContext.Data.LoadLandmarkTruth(_folder.Write("rows.csv", csv.Replace(",Usage", "")));

        CollectionAssert.AreEqual(new[] { "Id", "Label", "Usage" }, view.Schema.Select(c => c.Name).ToArray());
        Assert.AreEqual(expected, string.Join('|', view.Values<VBuffer<ReadOnlyMemory<char>>>("Label")
            .Select(v => string.Join(';', v.DenseValues()))));
        CollectionAssert.AreEqual(new[] { "", "", "", "", "" }, view.Texts("Usage"));
    }

    [TestMethod]
    [DataRow("id,landmark_id\nabc,nan\n",
        "'nan' is no landmark; a name or a whole number is needed, and -1 or nothing where there is none.")]
    [DataRow("id,landmark_id\nabc,None\n",
        "'None' is no landmark; a name or a whole number is needed, and -1 or nothing where there is none.")]
    [DataRow("id,landmark_id\nabc,1.5\n",
        "'1.5' is no landmark; a name or a whole number is needed, and -1 or nothing where there is none.")]
    [DataRow("id,landmark_id\nabc,1.38982e+05\n",
        "'1.38982e+05' is no landmark; a name or a whole number is needed, and -1 or nothing where there is none.")]
    [DataRow("id,landmark_id\nabc, 5\n", "' 5' is no landmark; a name or a whole number is needed, and -1 or nothing where there is none.")]
    [DataRow("id,landmarks\nabc,5 <NA>\n",
        "'<NA>' is no landmark; a name or a whole number is needed, and -1 or nothing where there is none.")]
    [DataRow("id,landmarks\nabc,Eiffel Tower\n",
        "'Eiffel Tower' is no list of landmarks by blanks, which are whole numbers in the column 'landmarks'. A name with blanks stands "
        + "in a column 'landmark_id'.")]
    [DataRow("id,landmarks,USAGE\nabc,5,\n",
        "the usage '' is none of Public, Private and Ignored. Rename the column if it means something else.")]
    [DataRow("id,landmarks,Usage\nabc,5,public\n",
        "the usage 'public' is none of Public, Private and Ignored. Rename the column if it means something else.")]
    public void LoadLandmarkTruth_WhatIsNoLabel_ThrowsWithFileAndLine(string csv, string message)
        => AssertThrows($"'{_folder.Write("rows.csv", csv)}', line 2: {message}", Kind.Truth);

    [TestMethod]
    public void LoadLandmarkNames_Categories_EndInTheNames()
    {
        const string Csv = "landmark_id,category\n0,http://commons.wikimedia.org/wiki/Category:Happy_Valley_Racecourse\n"
            + "1,\"https://commons.wikimedia.org/wiki/Category:Caf%C3%A9_\"\"A\"\",_Zürich\"\n";

        IDataView view = _mlContext.Data.LoadLandmarkNames(_folder.Write("rows.csv", Csv));

        CollectionAssert.AreEqual(new[] { "Label", "Name" }, view.Schema.Select(c => c.Name).ToArray());
        CollectionAssert.AreEqual(new[] { "0", "1" }, view.Texts("Label"));
        CollectionAssert.AreEqual(new[] { "Happy Valley Racecourse", "Café \"A\", Zürich" }, view.Texts("Name"));
    }

    [TestMethod]
    [DataRow("landmark_id,category\n1,Louvre\n",
        "'Louvre' is no category of Wikimedia Commons, https://commons.wikimedia.org/wiki/Category:…. Put names into a column 'name'.")]
    [DataRow("landmark_id,name\n,Louvre\n", "'' is no landmark_id; it must not be empty.")]
    [DataRow("landmark_id,name\nnan,Louvre\n",
        "'nan' is no landmark; a name or a whole number is needed, and -1 or nothing where there is none.")]
    [DataRow("landmark_id,name\n1,\"two\nlines\"\n", "'two\\u000alines' is no name; control characters can't be in it.")]
    public void LoadLandmarkNames_WhatIsNoName_ThrowsWithFileAndLine(string csv, string message)
        => AssertThrows($"'{_folder.Write("rows.csv", csv)}', line 2: {message}", Kind.Names);

    [TestMethod]
    public void LoadLandmarkNames_TwoFormsOfOneNumber_StandThereTwice()
        => AssertThrows($"'{_folder.Write("rows.csv", "landmark_id,name\n1,a\n1.0,b\n")}', line 3: '1' stands there a second time.",
        Kind.Names);

    [TestMethod]
    [DataRow(Kind.Submission, "'id' and 'landmarks', or 'id', 'landmark' and 'score'")]
    [DataRow(Kind.Truth, "'id' and 'landmark_id' or 'landmarks'")]
    [DataRow(Kind.Names, "'landmark_id' and 'name' or 'category'")]
    public void Load_ColumnMissingOrFileMissingOrNull_ThrowsAtOnce(Kind kind, string needed)
    {
        AssertThrows($"'{_folder["rows.csv"]}' does not exist.", () => Assert.ThrowsExactly<FileNotFoundException>(() => Load(kind)));
        string file = _folder.Write("rows.csv", "Id;Landmark_Id\n");
        AssertThrows($"'{file}' has the columns [Id;Landmark_Id]; it needs {needed}. Separate them by commas.",
            () => Assert.ThrowsExactly<InvalidDataException>(() => Load(kind)));
        Func<string, IDataView> load = kind switch
        {
            Kind.Submission => _mlContext.Data.LoadLandmarkSubmission,
            Kind.Truth => _mlContext.Data.LoadLandmarkTruth,
            _ => _mlContext.Data.LoadLandmarkNames,
        };
        Assert.AreEqual("csvFile", Assert.ThrowsExactly<ArgumentNullException>(() => load(null!)).ParamName);
        Assert.AreEqual("csvFile", Assert.ThrowsExactly<ArgumentException>(() => load("")).ParamName);

        static void AssertThrows(string message, Func<Exception> fail) => Assert.AreEqual(message, fail().Message);
    }

    private static string Header(Kind kind) => kind switch
    {
        Kind.Training => "id,landmark_id,note",
        Kind.CleanTraining => "landmark_id,images,note",
        Kind.Queries or Kind.Submission or Kind.Solution => "id,landmarks,note",
        Kind.Truth => "id,landmark_id,note",
        _ => "landmark_id,name,note",
    };

    // Keys of names and of the clean training set are numbers.
    private static string Row(Kind kind, string text) => kind switch
    {
        Kind.Submission => text.Replace("#", "7 0.5"),
        Kind.CleanTraining => text.Replace("k0", "").Replace("#", "abc"),
        Kind.Names => text.Replace("k0", "").Replace("#", "Louvre"),
        _ => text.Replace("#", "7"),
    };

    private string Write(Kind kind, string text) => _folder.Write("rows.csv", $"{Header(kind)}\n{Row(kind, "k01,#,a\n")}{Row(kind, text)}");

    private object[][] Read(Kind kind, string text)
    {
        _folder.Write("rows.csv", text);
        return Load(kind).AllRows();
    }

    private IDataView Load(Kind kind) => kind switch
    {
        Kind.Submission => _mlContext.Data.LoadLandmarkSubmission(_folder["rows.csv"]),
        Kind.Truth or Kind.Solution => _mlContext.Data.LoadLandmarkTruth(_folder["rows.csv"]),
        Kind.Names => _mlContext.Data.LoadLandmarkNames(_folder["rows.csv"]),
        _ => _mlContext.Data.LoadLandmarks(_folder["rows.csv"], "images"),
    };

    private void AssertThrows(string message, Kind kind)
        => Assert.AreEqual(message, Assert.ThrowsExactly<InvalidDataException>(() => Load(kind).AllRows()).Message);

    private sealed record Answer(string Id, string PredictedLabel, float Score);
}
