using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.ML.Landmarks.Tests.Plumbing;
using Microsoft.ML.Landmarks.Tests.Voting;

namespace Microsoft.ML.Landmarks.Tests.Recognition;

/// <summary>What becomes of a saved RecognizeLandmarks that is damaged, or was written by a newer version.</summary>
[TestClass]
public sealed class SavedRecognitionTests
{
    private const int Dimension = 6;

    private static readonly MLContext s_mlContext = new(seed: 1);
    private static readonly ModelZip s_zip = Save(falseAlarmRate: 0.3), s_folds = Save(falseAlarmRate: 0.1);
    private static readonly string s_main = s_zip.MainEntry("LMRECOGN");

    [TestMethod]
    public void Save_Step_WritesItsEntriesAndThoseOfItsParts()
    {
        string[] expected = ["FalseAlarms", "HeldOut", "HeldOutIds", "HeldOutNearest", "HeldOutNearestScores", "Ids", "Labels",
            "LandmarkOfRow", "Landmarks", "Mean", "NamedLabels", "Names", "NearestCosines", "NearestNonLandmarks", "NonLandmarkIds",
            "NonLandmarks", "Penalties", "Projection", "Reasons", "RightAnswers", "UnknownLandmarks"];

        CollectionAssert.AreEqual(expected, s_zip.EntriesBeside(s_main).Select(NameOf).ToArray());
    }

    [TestMethod]
    public void Load_MissingOrFlippedEntry_ThrowsWithItsName()
    {
        foreach (string entry in s_zip.EntriesBeside(s_main))
        {
            Assert.Contains($"its entry '{NameOf(entry)}' is missing", Refuse(s_zip.With(entry, _ => null)));
            Assert.Contains($"its entry '{NameOf(entry)}' ", Refuse(s_zip.With(entry, bytes => [.. bytes, 0])));
        }
    }

    [TestMethod]
    public void Save_VerdictByFolds_WritesTheRowsThatFoldsLearnFrom()
    {
        string[] entries = [.. s_folds.EntriesBeside(s_main).Select(NameOf)];

        CollectionAssert.IsSubsetOf(new[] { "FoldIds", "FoldLabels", "FoldRows" }, entries);
        Assert.IsEmpty(entries.Where(entry => entry.StartsWith("HeldOut", StringComparison.Ordinal)));
        foreach (string entry in s_folds.EntriesBeside(s_main).Where(entry => NameOf(entry).StartsWith("Fold", StringComparison.Ordinal)))
        {
            Assert.Contains($"its entry '{NameOf(entry)}' is missing", Refuse(s_folds.With(entry, _ => null)));
            Assert.Contains($"its entry '{NameOf(entry)}' ", Refuse(s_folds.With(entry, bytes => [.. bytes, 0])));
        }
    }

    [TestMethod]
    public void Load_HeldOutRowsThatAreNone_Throws()
    {
        Assert.Contains("its entry 'HeldOutNearest' has the value 30 at 1", RefuseHeldOut("HeldOutNearest", bytes
            => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(sizeof(int)), 30)));
        Assert.Contains("its entry 'HeldOutNearest' has the value -2 at 0", RefuseHeldOut("HeldOutNearest", bytes
            => BinaryPrimitives.WriteInt32LittleEndian(bytes, -2)));
        Assert.Contains("its entry 'HeldOutNearestScores' has the value NaN at 0", RefuseHeldOut("HeldOutNearestScores", bytes
            => BinaryPrimitives.WriteDoubleLittleEndian(bytes, double.NaN)));
        Assert.Contains("its entry 'HeldOut' has a row that is not of unit length, number 0", RefuseHeldOut("HeldOut", bytes
            => BinaryPrimitives.WriteSingleLittleEndian(bytes, 7)));

        static string RefuseHeldOut(string name, Action<byte[]> change)
            => Refuse(s_zip.WithEntry(s_main, s_zip.EntriesBeside(s_main).Single(entry => NameOf(entry) == name), bytes =>
            {
                change(bytes);
                return bytes;
            }));
    }

    [TestMethod]
    public void Load_NewerFormatOfTheStepOrOfItsRows_SaysToUpdate()
    {
        Assert.AreEqual("The model has format 7; this version reads 1 to 2. Update Microsoft.ML.Landmarks.",
            Refuse(s_zip.WithVersion(s_main, written: 7, readable: 7)));
        // The version of the rows' format stands before the name of their column.
        Assert.StartsWith("The model has format 77; this version reads 1 to ", Refuse(s_zip.WithValues(s_main, values
            => BinaryPrimitives.WriteInt32LittleEndian(values.AsSpan(values.AsSpan().IndexOf("\bFeatures"u8) - sizeof(int)), 77))));
    }

    [TestMethod]
    [DataRow(-1, "the method is -1")]
    [DataRow(5, "the method is 5")]
    public void Load_MethodThatIsNone_Throws(int method, string what) => Assert.Contains($"in 'LandmarkRecognition', {what}",
        Refuse(s_zip.WithValues(s_main, values => BinaryPrimitives.WriteInt32LittleEndian(values, method))));

    [TestMethod]
    public void Load_NamesOfOneLandmark_Throws()
    {
        string entry = s_zip.EntriesBeside(s_main).Single(e => NameOf(e) == "NamedLabels");

        Assert.Contains("its entry 'NamedLabels' has the same one twice", Refuse(s_zip.WithEntry(s_main, entry, bytes =>
        {
            bytes.AsSpan(0, bytes.Length / 2).CopyTo(bytes.AsSpan(bytes.Length / 2));
            return bytes;
        })));
    }

    [TestMethod]
    public void Load_RowsOfAnotherLengthThanTheWhitened_Throws()
    {
        string projection = s_zip.EntriesBeside(s_main).Single(e => NameOf(e) == "Projection"),
            mean = s_zip.EntriesBeside(s_main).Single(e => NameOf(e) == "Mean");
        byte[] hash = SHA256.HashData(s_zip[mean]);
        var shorter = new ModelZip(s_zip.WithEntry(s_main, projection, bytes => bytes[..(2 * Dimension * sizeof(float))]));

        // The number of axes stands behind the checksum of the mean.
        Assert.Contains($"in 'LandmarkRecognition', rows are whitened to 2 values, and have {Dimension}",
            Refuse(shorter.WithValues(s_main, values => BinaryPrimitives.WriteInt32LittleEndian(
                values.AsSpan(values.AsSpan().IndexOf(hash) + hash.Length), 2))));
    }

    [TestMethod]
    public void Load_ScoresOrRatesThatAreNone_Throws()
    {
        string entry = s_zip.EntriesBeside(s_main).Single(e => NameOf(e) == "FalseAlarms");

        Assert.Contains("its entry 'FalseAlarms' has the value NaN at 0", Refuse(s_zip.WithEntry(s_main, entry, bytes =>
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes, float.NaN);
            return bytes;
        })));
        // Three scores allow a quarter at least.
        Assert.Contains("The model judges by 3 photographs of nothing, and FalseAlarmRate = 0.2 takes 4.", Refuse(WithRate(0.2)));
        Assert.Contains("in 'LandmarkRecognition', the false alarm rate is 1", Refuse(WithRate(1)));

        static byte[] WithRate(double rate) => s_zip.WithValues(s_main, values
            => BinaryPrimitives.WriteDoubleLittleEndian(values.AsSpan(values.AsSpan().IndexOf(BitConverter.GetBytes(0.3))), rate));
    }

    private static ModelZip Save(double falseAlarmRate)
    {
        IDataView rows = FeatureView.Create(s_mlContext, FeatureView.Random(40, Dimension, seed: 3), Dimension);
        IDataView names = s_mlContext.Data.LoadFromEnumerable(new[] { new { Label = 1, Name = "One" }, new { Label = 2, Name = "Two" } });
        LandmarkRecognizingTransformer step = s_mlContext.Transforms.RecognizeLandmarks(new LandmarkRecognizingEstimator.Options
        {
            Method = LandmarkMethod.Whitened,
            FalseAlarmRate = falseAlarmRate,
            IdColumnName = "Id",
            Names = names,
        }).Fit(rows);
        using var stream = new MemoryStream();
        s_mlContext.Model.Save(step, rows.Schema, stream);
        return new ModelZip(stream.ToArray());
    }

    private static string Refuse(byte[] zip)
    {
        Exception error = Assert.Throws<Exception>(() => s_mlContext.Model.Load(new MemoryStream(zip), out _));
        while (error is not FormatException && error.InnerException is { } inner)
            error = inner;
        return Assert.IsInstanceOfType<FormatException>(error).Message;
    }

    private static string NameOf(string entry) => entry[(entry.LastIndexOfAny(['/', '\\']) + 1)..];
}
