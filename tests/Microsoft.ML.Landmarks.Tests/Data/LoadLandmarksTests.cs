using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Tests.Data;

[TestClass]
public sealed class LoadLandmarksTests : IDisposable
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void LoadLandmarks_Schema_IsIdLabelImagePath()
    {
        DataViewSchema schema = Load("id,landmark_id\nabc,1\n").Schema;

        CollectionAssert.AreEqual(new[] { "Id", "Label", "ImagePath" }, schema.Select(c => c.Name).ToArray());
        CollectionAssert.AreEqual(new DataViewType[] { TextDataViewType.Instance, NumberDataViewType.Int32, TextDataViewType.Instance },
            schema.Select(c => c.Type).ToArray());
    }

    [TestMethod]
    [DataRow("id,landmark_id\nabc,1\nabd,2\n", DisplayName = "id first")]
    [DataRow("landmark_id,id\n1,abc\n2,abd\n", DisplayName = "id last")]
    [DataRow("id,url,landmark_id\nabc,http://a,1\nabd,http://b,2\n", DisplayName = "another column between")]
    [DataRow("url,landmark_id,width,id,height\nu,1,640,abc,480\nu,2,640,abd,480\n", DisplayName = "other columns around")]
    [DataRow("landmarks,landmark_id,id\n7,1,abc\n8,2,abd\n", DisplayName = "landmark_id before landmarks")]
    [DataRow("id,landmark_id\r\nabc,1\r\nabd,2\r\n", DisplayName = "CRLF")]
    [DataRow("id,landmark_id\nabc,1\r\nabd,2", DisplayName = "mixed, no line end after the last row")]
    [DataRow("id,landmark_id\nabc,1\nabd,2\n\n", DisplayName = "blank last line")]
    [DataRow("id,landmark_id\r\nabc,1\r\nabd,2\r\n\r\n", DisplayName = "blank last line, CRLF")]
    [DataRow("id,landmark_id\n\nabc,1\n  \nabd,2\n", DisplayName = "blank lines between")]
    [DataRow("\"id\",\"landmark_id\"\n\"abc\",\"1\"\n\"abd\",\"2\"\n", DisplayName = "all quoted")]
    [DataRow("url,id,landmark_id\n\"http://a?b,c\",abc,1\n,abd,2\n", DisplayName = "a comma in quotes")]
    [DataRow("url,id,landmark_id\n\"two\nlines\",abc,1\n\"two\r\nlines\",abd,2\n", DisplayName = "line breaks in quotes")]
    [DataRow("url,id,landmark_id\n\"a \"\"b\"\", c\",abc,1\n\"\"\"\",abd,2\n", DisplayName = "doubled quotes")]
    [DataRow("id,landmark_id\rabc,1\rabd,2\r", DisplayName = "CR")]
    [DataRow("\n \nid,landmark_id\nabc,1\nabd,2\n", DisplayName = "blank lines above the header")]
    [DataRow("id,landmark_id,,\nabc,1,,\nabd,2,,\n", DisplayName = "columns without a name")]
    [DataRow("id,landmark_id\nabc,1.0\nabd,002.\n", DisplayName = "whole numbers with a point")]
    [DataRow("landmark_id,images\n1,abc\n2,  abd \n", DisplayName = "the clean training set")]
    public void LoadLandmarks_FormsOfTheSameRows_GiveThoseRows(string csv)
    {
        IDataView view = Load(csv);

        CollectionAssert.AreEqual(new[] { "abc", "abd" }, view.Texts("Id"));
        CollectionAssert.AreEqual(new[] { 1, 2 }, view.Values<int>("Label"));
        CollectionAssert.AreEqual(new[] { PathOf("abc"), PathOf("abd") }, view.Texts("ImagePath"));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void LoadLandmarks_ByteOrderMark_IsNoPartOfTheHeader(bool hasMark)
    {
        File.WriteAllText(_folder["rows.csv"], "id,landmark_id\nçédille,1\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: hasMark));

        IDataView view = _mlContext.Data.LoadLandmarks(_folder["rows.csv"], "images");

        Assert.AreEqual(hasMark ? 0xEF : (byte)'i', File.ReadAllBytes(_folder["rows.csv"])[0], "The file is not what the test needs.");
        CollectionAssert.AreEqual(new[] { "çédille" }, view.Texts("Id"));
    }

    [TestMethod]
    public void LoadLandmarks_LandmarksColumn_LabelsEveryRowMinusOne()
    {
        IDataView view = Load("id,landmarks\nabc,\nabd,138982 0.5\nabe,no number\n");

        CollectionAssert.AreEqual(new[] { -1, -1, -1 }, view.Values<int>("Label"));
        CollectionAssert.AreEqual(new[] { "abc", "abd", "abe" }, view.Texts("Id"));
    }

    [TestMethod]
    public void LoadLandmarks_NoRow_IsAnEmptyView()
        => Assert.IsEmpty(Load("id,landmark_id\n").Texts("Id"));

    [TestMethod]
    public void LoadLandmarks_ImagePath_NestsTheFirstThreeCharactersOfTheId()
    {
        IDataView view = Load("id,landmark_id\n17660ef415d37059,1\nxyz,2\n.a.,3\n");

        CollectionAssert.AreEqual(
            new[]
            {
                Path.Combine("images", "1", "7", "6", "17660ef415d37059.jpg"),
                Path.Combine("images", "x", "y", "z", "xyz.jpg"),
                Path.Combine("images", ".", "a", ".", ".a..jpg"),
            },
            view.Texts("ImagePath"));
    }

    [TestMethod]
    [DataRow("", "")]
    [DataRow("ab", "ab")]
    [DataRow("a/bc", "a/bc")]
    [DataRow("/etc/passwd", "/etc/passwd")]
    [DataRow("a\\bc", "a\\bc")]
    [DataRow("..abc", "..abc")]
    [DataRow("abc..", "abc..")]
    [DataRow(" abcd", " abcd")]
    [DataRow("abcd\u00a0", "abcd\u00a0")]
    [DataRow("\"a\"\"/b\"", "a\"/b")]
    public void LoadLandmarks_IdThatNamesNoFile_ThrowsWithFileAndLine(string field, string id)
    {
        IDataView view = Load($"id,landmark_id\nabc,1\n{field},2\n");

        var error = Assert.ThrowsExactly<InvalidDataException>(() => view.Texts("Id"));

        Assert.AreEqual($"'{_folder["rows.csv"]}', line 3: the id '{id}' must have at least 3 characters, no '/', '\\' or '..', and no "
            + "blank at its ends, since it names a file.", error.Message);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("one")]
    [DataRow("1.5")]
    [DataRow("1e3")]
    [DataRow(" 1")]
    [DataRow("0x10")]
    [DataRow("2147483648")]
    [DataRow("-2147483649")]
    [DataRow("99999999999999999999")]
    [DataRow("nan")]
    [DataRow("None")]
    [DataRow("<NA>")]
    [DataRow("1.38982e+05")]
    public void LoadLandmarks_LabelThatIsNoInt32_ThrowsWithFileAndLine(string label)
    {
        IDataView view = Load($"id,landmark_id\nabc,1\nabd,{label}\n");

        var error = Assert.ThrowsExactly<InvalidDataException>(() => view.Values<int>("Label"));

        Assert.AreEqual($"'{_folder["rows.csv"]}', line 3: the label '{label}' is no whole number from -2147483648 to 2147483647; -1 is a "
            + "non-landmark.", error.Message);
    }

    [TestMethod]
    public void LoadLandmarks_LabelsAtTheEndsOfInt32_AreRead()
        => CollectionAssert.AreEqual(new[] { int.MinValue, int.MaxValue, 0 },
        Load("id,landmark_id\nabc,-2147483648\nabd,2147483647\nabe,0\n").Values<int>("Label"));

    [TestMethod]
    public void LoadLandmarks_ErrorBelowAFieldOfSeveralLines_NamesTheLineOfTheFile()
    {
        IDataView view = Load("url,id,landmark_id\n\"three\nlines\nof it\",abc,1\nu,abd,x\n");

        var error = Assert.ThrowsExactly<InvalidDataException>(() => view.Values<int>("Label"));

        Assert.Contains("line 5: the label 'x'", error.Message);
    }

    [TestMethod]
    public void LoadLandmarks_RowThatLacksTheLabel_ThrowsWithFileAndLine()
    {
        IDataView view = Load("url,id,landmark_id\nu,abc,1\nu,abd\n");

        var error = Assert.ThrowsExactly<InvalidDataException>(() => view.Texts("Id"));

        Assert.AreEqual($"'{_folder["rows.csv"]}', line 3: 2 columns where the header has 3.", error.Message);
    }

    [TestMethod]
    [DataRow("id,landmark_id,url\nabc,1,u\nabd,2,\"u\nabe,3,u\n", 3, DisplayName = "in an ignored column")]
    [DataRow("id,landmark_id\nabc,1\nabd,2\nabe,3\n\"abf,4\n", 5, DisplayName = "in the last row")]
    public void LoadLandmarks_QuoteThatIsNeverClosed_ThrowsInsteadOfLosingRows(string csv, int line)
    {
        IDataView view = Load(csv);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => view.Texts("Id"));

        Assert.AreEqual($"'{_folder["rows.csv"]}', line {line}: a quote is opened and never closed. A field that holds a quote is written "
            + "in quotes, and the quote in it twice.", error.Message);
    }

    [TestMethod]
    public void LoadLandmarks_QuoteThatIsNeverClosedInTheHeader_ThrowsAtOnce()
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Load("id,landmark_id,\"url\nabc,1,u\n"));

        Assert.AreEqual($"'{_folder["rows.csv"]}', line 1: a quote is opened and never closed. A field that holds a quote is written in "
            + "quotes, and the quote in it twice.", error.Message);
    }

    [TestMethod]
    public void LoadLandmarks_RowLargerThanTheReaderHolds_ThrowsWithTheFile()
    {
        // A quote that is never closed makes one row of the rest of the file; Sep holds 16 M characters of a row.
        IDataView view = Load($"id,landmark_id\nabc,1\nabd,\"{new string('x', 1 << 24)}\n");

        var error = Assert.ThrowsExactly<InvalidDataException>(() => view.Texts("Id"));

        Assert.StartsWith($"'{_folder["rows.csv"]}' is no readable CSV file: the row that begins in line 3 is too long. Is a quote in it "
            + "never closed? ", error.Message);
        Assert.IsNotNull(error.InnerException);
    }

    [TestMethod]
    public void LoadLandmarks_MissingFile_ThrowsAtOnce()
    {
        var error = Assert.ThrowsExactly<FileNotFoundException>(() => _mlContext.Data.LoadLandmarks(_folder["none.csv"], "images"));

        Assert.AreEqual($"'{_folder["none.csv"]}' does not exist.", error.Message);
        Assert.AreEqual(_folder["none.csv"], error.FileName);
    }

    [TestMethod]
    public void LoadLandmarks_MissingSecondFile_ThrowsAtOnce()
    {
        string csv = _folder.Write("rows.csv", "id,landmark_id\nabc,1\n");

        var error = Assert.ThrowsExactly<FileNotFoundException>(
            () => _mlContext.Data.LoadLandmarks(new LandmarkSource(csv, "images"), new LandmarkSource(_folder["none.csv"], "images")));

        Assert.AreEqual(_folder["none.csv"], error.FileName);
    }

    [TestMethod]
    [DataRow("", "")]
    [DataRow("abc,1\n", "abc, 1")]
    [DataRow("id,label\nabc,1\n", "id, label")]
    [DataRow("id,images,Usage\nabc,abd,Public\n", "id, images, Usage")]
    [DataRow("landmark_id,url\n1,u\n", "landmark_id, url")]
    [DataRow("ID,Landmark_Id\nabc,1\n", "ID, Landmark_Id")]
    [DataRow("id;landmark_id\nabc;1\n", "id;landmark_id", " Separate them by commas.")]
    [DataRow("id\tlandmark_id\nabc\t1\n", @"id\u0009landmark_id", " Separate them by commas.")]
    [DataRow("id, landmark_id\nabc, 1\n", "id,  landmark_id", " Remove the blanks around names.")]
    public void LoadLandmarks_MissingColumn_ThrowsAtOnceWithTheColumnsFound(string csv, string found, string advice = "")
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Load(csv));

        Assert.AreEqual($"'{_folder["rows.csv"]}' has the columns [{found}]; it needs 'id' and one of 'landmark_id' and 'landmarks', or "
            + $"'landmark_id' and 'images'; for queries 'id' alone or with 'url' will do.{advice}", error.Message);
    }

    [TestMethod]
    public void LoadLandmarks_DuplicateIds_AreKept()
    {
        IDataView view = Load("id,landmark_id\nabc,1\nabc,1\nabc,2\n");

        CollectionAssert.AreEqual(new[] { "abc", "abc", "abc" }, view.Texts("Id"));
        CollectionAssert.AreEqual(new[] { 1, 1, 2 }, view.Values<int>("Label"));
    }

    [TestMethod]
    public void LoadLandmarks_RowsAppendedAfterTheViewIsMade_AreSeenByTheNextPass()
    {
        IDataView view = Load("id,landmark_id\nabc,1\n");
        CollectionAssert.AreEqual(new[] { "abc" }, view.Texts("Id"));

        File.AppendAllText(_folder["rows.csv"], "abd,2\n");

        CollectionAssert.AreEqual(new[] { "abc", "abd" }, view.Texts("Id"));
    }

    [TestMethod]
    public void LoadLandmarks_ErrorInALateRow_SurfacesWhenThatRowIsReached()
    {
        IDataView view = Load("id,landmark_id\nabc,1\nabd,2\nabe,x\nabf,4\n");
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);

        Assert.IsTrue(cursor.MoveNext());
        Assert.IsTrue(cursor.MoveNext());
        Assert.ThrowsExactly<InvalidDataException>(() => cursor.MoveNext());
    }

    [TestMethod]
    public void LoadLandmarks_SecondFileChangedToNonsense_OnlyHarmsARowOfThatFile()
    {
        string first = _folder.Write("first.csv", "id,landmark_id\nabc,1\n"),
            second = _folder.Write("second.csv", "id,landmark_id\nabd,2\n");
        IDataView view = _mlContext.Data.LoadLandmarks(new LandmarkSource(first, "images"), new LandmarkSource(second, "images"));
        File.Delete(second);
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);

        Assert.IsTrue(cursor.MoveNext());
        Assert.ThrowsExactly<FileNotFoundException>(() => cursor.MoveNext());
    }

    [TestMethod]
    public void LoadLandmarks_RowsThatWereRead_AreNotHeld()
    {
        IDataView view = Load($"id,landmark_id\n{string.Concat(Enumerable.Range(0, 1000).Select(i => $"row{i},{i % 10}\n"))}");
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);

        List<WeakReference> read = ReadPaths(cursor, view.Schema["ImagePath"], rows: 900);
        GC.Collect();

        int held = read.Count(reference => reference.IsAlive);
        Assert.IsLessThan(10, held, $"{held} of {read.Count} rows are still in memory.");
        Assert.IsTrue(cursor.MoveNext(), "The pass has ended, so nothing was measured.");

        // A method of its own, so that no local of this test keeps a row alive.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static List<WeakReference> ReadPaths(DataViewRowCursor cursor, DataViewSchema.Column column, int rows)
        {
            ValueGetter<ReadOnlyMemory<char>> get = cursor.GetGetter<ReadOnlyMemory<char>>(column);
            List<WeakReference> read = [];
            while (read.Count < rows && cursor.MoveNext())
            {
                ReadOnlyMemory<char> value = default;
                get(ref value);
                Assert.IsTrue(MemoryMarshal.TryGetString(value, out string? text, out _, out _));
                read.Add(new WeakReference(text));
            }

            return read;
        }
    }

    [TestMethod]
    public void PhotosPerLandmark_Set_TakesTheFirstOfEachLabelInFileOrder()
    {
        const string Csv = "id,landmark_id\nr01,7\nr02,8\nr03,-1\nr04,7\nr05,-1\nr06,7\nr07,8\nr08,9\nr09,-1\nr10,8\n";
        string csv = _folder.Write("rows.csv", Csv);

        IDataView view = _mlContext.Data.LoadLandmarks(new LandmarkSource(csv, "images") { PhotosPerLandmark = 2 });

        CollectionAssert.AreEqual(new[] { "r01", "r02", "r03", "r04", "r05", "r07", "r08", "r09" }, view.Texts("Id"));
        CollectionAssert.AreEqual(new[] { 7, 8, -1, 7, -1, 8, 9, -1 }, view.Values<int>("Label"));
    }

    [TestMethod]
    public void PhotosPerLandmark_Null_TakesAll()
    {
        string csv = _folder.Write("rows.csv", "id,landmark_id\nabc,7\nabd,7\nabe,7\n");

        Assert.HasCount(3, _mlContext.Data.LoadLandmarks(new LandmarkSource(csv, "images") { PhotosPerLandmark = null }).Texts("Id"));
        Assert.IsNull(new LandmarkSource(csv, "images").PhotosPerLandmark);
    }

    [TestMethod]
    public void PhotosPerLandmark_Queries_AreNeverLimited()
    {
        string csv = _folder.Write("rows.csv", "id,landmarks\nabc,\nabd,\nabe,\n");

        Assert.HasCount(3, _mlContext.Data.LoadLandmarks(new LandmarkSource(csv, "images") { PhotosPerLandmark = 1 }).Texts("Id"));
    }

    [TestMethod]
    public void PhotosPerLandmark_SecondPass_CountsAnew()
    {
        string csv = _folder.Write("rows.csv", "id,landmark_id\nabc,7\nabd,7\nabe,8\n");
        IDataView view = _mlContext.Data.LoadLandmarks(new LandmarkSource(csv, "images") { PhotosPerLandmark = 1 });

        CollectionAssert.AreEqual(new[] { "abc", "abe" }, view.Texts("Id"));
        CollectionAssert.AreEqual(new[] { "abc", "abe" }, view.Texts("Id"));
    }

    [TestMethod]
    public void PhotosPerLandmark_SeveralSources_CountsForEach()
    {
        string first = _folder.Write("first.csv", "id,landmark_id\nf01,7\nf02,7\n"),
            second = _folder.Write("second.csv", "id,landmark_id\ns01,7\ns02,7\ns03,7\n");

        IDataView view = _mlContext.Data.LoadLandmarks(
            new LandmarkSource(first, "images") { PhotosPerLandmark = 1 },
            new LandmarkSource(second, "images") { PhotosPerLandmark = 2 },
            new LandmarkSource(first, "images"));

        CollectionAssert.AreEqual(new[] { "f01", "s01", "s02", "f01", "f02" }, view.Texts("Id"));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(-1)]
    [DataRow(int.MinValue)]
    public void PhotosPerLandmark_BelowOne_Throws(int count)
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(()
            => new LandmarkSource("rows.csv", "images") { PhotosPerLandmark = count });

        Assert.AreEqual("PhotosPerLandmark", error.ParamName);
        Assert.AreEqual(count, error.ActualValue);
    }

    [TestMethod]
    public void NonLandmarksOnly_Set_TakesOnlyRowsLabelledMinusOne()
    {
        string csv = _folder.Write("rows.csv", "id,landmark_id\nabc,7\nabd,-1\nabe,0\nabf,-1\nabg,-2\n");

        IDataView view = _mlContext.Data.LoadLandmarks(
            new LandmarkSource(csv, "images") { NonLandmarksOnly = true, PhotosPerLandmark = 1 });

        CollectionAssert.AreEqual(new[] { "abd", "abf" }, view.Texts("Id"));
        CollectionAssert.AreEqual(new[] { -1, -1 }, view.Values<int>("Label"));
    }

    [TestMethod]
    public void LoadLandmarks_SeveralSources_FollowOneAnotherEachWithItsFolder()
    {
        string train = _folder.Write("train.csv", "id,landmark_id\ntr1,1\ntr2,-1\n");
        string valid = _folder.Write("valid.csv", "landmark_id,id\n5,va1\n-1,va2\n");
        string queries = _folder.Write("queries.csv", "id,landmarks\nqu1,\n");

        IDataView view = _mlContext.Data.LoadLandmarks(
            new LandmarkSource(valid, "images/valid") { NonLandmarksOnly = true },
            new LandmarkSource(train, "images/train"),
            new LandmarkSource(queries, "images/test"));

        CollectionAssert.AreEqual(new[] { "va2", "tr1", "tr2", "qu1" }, view.Texts("Id"));
        CollectionAssert.AreEqual(new[] { -1, 1, -1, -1 }, view.Values<int>("Label"));
        CollectionAssert.AreEqual(
            new[] { PathOf("va2", "images/valid"), PathOf("tr1", "images/train"), PathOf("tr2", "images/train"),
            PathOf("qu1", "images/test") },
            view.Texts("ImagePath"));
    }

    [TestMethod]
    public void GetRowCursor_TwoAtOnce_DoNotDisturbEachOther()
    {
        IDataView view = Load("id,landmark_id\nabc,1\nabd,2\nabe,3\n");
        using DataViewRowCursor first = view.GetRowCursor(view.Schema), second = view.GetRowCursor(view.Schema);

        Assert.IsTrue(first.MoveNext());
        Assert.IsTrue(first.MoveNext());
        Assert.IsTrue(second.MoveNext());

        Assert.AreEqual("abd", IdOf(first));
        Assert.AreEqual("abc", IdOf(second));
        Assert.AreEqual(1L, first.Position);
        Assert.AreEqual(0L, second.Position);
    }

    [TestMethod]
    public void GetRowCursor_Rows_HavePositionsAndIdsFromZero()
    {
        IDataView view = Load("id,landmark_id\nabc,1\nabd,2\n");
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        ValueGetter<DataViewRowId> getId = cursor.GetIdGetter();
        DataViewRowId id = default;

        Assert.AreEqual(-1L, cursor.Position);
        for (int row = 0; row < 2; row++)
        {
            Assert.IsTrue(cursor.MoveNext());
            getId(ref id);
            Assert.AreEqual(row, cursor.Position);
            Assert.AreEqual(new DataViewRowId((ulong)row, 0), id);
        }

        Assert.IsFalse(cursor.MoveNext());
        Assert.AreEqual(-1L, cursor.Position);
        Assert.IsFalse(cursor.MoveNext());
    }

    [TestMethod]
    public void GetGetter_BeforeTheFirstRowOrAfterTheLast_Throws()
    {
        IDataView view = Load("id,landmark_id\nabc,1\n");
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        AssertNoRow();
        while (cursor.MoveNext()) { }
        AssertNoRow();

        void AssertNoRow()
        {
            const string Message = "The cursor stands at no row. Call MoveNext first, and only while it returns true.";
            DataViewRowId id = default;
            Assert.AreEqual(Message, Assert.ThrowsExactly<InvalidOperationException>(() => IdOf(cursor)).Message);
            Assert.AreEqual(Message, Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetIdGetter()(ref id)).Message);
        }
    }

    [TestMethod]
    public void GetGetter_ColumnNotAskedFor_Throws()
    {
        IDataView view = Load("id,landmark_id\nabc,1\n");
        using DataViewRowCursor cursor = view.GetRowCursor([view.Schema["Label"]]);

        Assert.IsTrue(cursor.IsColumnActive(view.Schema["Label"]));
        Assert.IsFalse(cursor.IsColumnActive(view.Schema["Id"]));
        Assert.IsFalse(cursor.IsColumnActive(view.Schema["ImagePath"]));
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["Id"]));
        Assert.AreEqual("Column 'Id' is not active in this cursor. Name it in the columns that GetRowCursor is asked for. (Parameter "
            + "'column')", error.Message);
    }

    [TestMethod]
    public void GetGetter_OtherType_Throws()
    {
        IDataView view = Load("id,landmark_id\nabc,1\n");
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<long>(view.Schema["Label"]));

        Assert.AreEqual("Column 'Label' has values of type System.Int32, not System.Int64. Ask for a getter of the column's own type.",
            error.Message);
    }

    [TestMethod]
    public void LoadLandmarks_BehindStockSteps_GivesItsRows()
    {
        IDataView view = Load($"id,landmark_id\n{string.Concat(Enumerable.Range(0, 40).Select(i => $"row{i},{i % 4}\n"))}");
        string[] all = view.Texts("Id");

        IDataView filtered = _mlContext.Data.FilterRowsByColumn(
            _mlContext.Transforms.Conversion.ConvertType("Number", "Label", DataKind.Single).Fit(view).Transform(view), "Number",
            lowerBound: 3);
        string[] shuffled = _mlContext.Data.ShuffleRows(view, seed: 1).Texts("Id");
        IDataView cached = _mlContext.Data.Cache(view);

        CollectionAssert.AreEqual(all.Where((_, i) => i % 4 == 3).ToArray(), filtered.Texts("Id"));
        CollectionAssert.AreEquivalent(all, shuffled);
        CollectionAssert.AreNotEqual(all, shuffled);
        CollectionAssert.AreEqual(all, cached.Texts("Id"));
        CollectionAssert.AreEqual(new[] { "row5", "row6" }, _mlContext.Data.TakeRows(_mlContext.Data.SkipRows(view, 5), 2).Texts("Id"));
        CollectionAssert.AreEqual(all, _mlContext.Data.CreateEnumerable<Row>(view, reuseRowObject: false).Select(r => r.Id).ToArray());
    }

    [TestMethod]
    public void LoadLandmarks_CultureWithOtherSigns_ReadsTheSameLabels()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NegativeSign = "~";
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            CollectionAssert.AreEqual(new[] { -1 }, Load("id,landmark_id\nabc,-1\n").Values<int>("Label"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [TestMethod]
    public void LoadLandmarks_NullArguments_Throw()
    {
        string csv = _folder.Write("rows.csv", "id,landmark_id\nabc,1\n");

        Assert.AreEqual("csvFile", Assert.ThrowsExactly<ArgumentNullException>(()
            => _mlContext.Data.LoadLandmarks(null!, "images")).ParamName);
        Assert.AreEqual("imageFolder",
            Assert.ThrowsExactly<ArgumentNullException>(() => _mlContext.Data.LoadLandmarks(csv, null!)).ParamName);
        Assert.AreEqual("csvFile", Assert.ThrowsExactly<ArgumentException>(() => new LandmarkSource("", "images")).ParamName);
        Assert.AreEqual("imageFolder", Assert.ThrowsExactly<ArgumentException>(() => new LandmarkSource(csv, "")).ParamName);
        Assert.AreEqual("sources", Assert.ThrowsExactly<ArgumentNullException>(() => _mlContext.Data.LoadLandmarks(null!)).ParamName);
        Assert.AreEqual("catalog", Assert.ThrowsExactly<ArgumentNullException>(()
            => LandmarksCatalog.LoadLandmarks(null!, csv, "images")).ParamName);
        Assert.AreEqual("columnsNeeded", Assert.ThrowsExactly<ArgumentNullException>(
            () => _mlContext.Data.LoadLandmarks(csv, "images").GetRowCursor(null!)).ParamName);
    }

    [TestMethod]
    public void LoadLandmarks_NoSourceOrANullOne_Throws()
    {
        const string Message = "There is no source, or one is null. Name at least one CSV file. (Parameter 'sources')";
        string csv = _folder.Write("rows.csv", "id,landmark_id\nabc,1\n");

        Assert.AreEqual(Message, Assert.ThrowsExactly<ArgumentException>(() => _mlContext.Data.LoadLandmarks()).Message);
        Assert.AreEqual(Message, Assert.ThrowsExactly<ArgumentException>(()
            => _mlContext.Data.LoadLandmarks(new LandmarkSource(csv, "images"), null!)).Message);
    }

    [TestMethod]
    public void LoadLandmarks_ArrayChangedAfterwards_DoesNotChangeTheView()
    {
        LandmarkSource[] sources = [new LandmarkSource(_folder.Write("rows.csv", "id,landmark_id\nabc,1\n"), "images")];
        IDataView view = _mlContext.Data.LoadLandmarks(sources);

        sources[0] = null!;

        CollectionAssert.AreEqual(new[] { "abc" }, view.Texts("Id"));
    }

    private IDataView Load(string csv) => _mlContext.Data.LoadLandmarks(_folder.Write("rows.csv", csv), "images");

    private static string PathOf(string id, string folder = "images")
        => Path.Combine(folder, $"{id[0]}", $"{id[1]}", $"{id[2]}", $"{id}.jpg");

    private static string IdOf(DataViewRow row)
    {
        ReadOnlyMemory<char> value = default;
        row.GetGetter<ReadOnlyMemory<char>>(row.Schema["Id"])(ref value);
        return value.ToString();
    }

    private sealed class Row
    {
        public string Id { get; set; } = "";
    }
}
