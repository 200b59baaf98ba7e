using Microsoft.ML.Landmarks.Tests.Plumbing;

namespace Microsoft.ML.Landmarks.Tests.Voting;

/// <summary>Compares the files of models.</summary>
internal static class ModelFiles
{
    /// <summary>Whether all entries of both models' files are the same bytes.</summary>
    public static void AssertSame(MLContext mlContext, IDataView rows, ITransformer expected, ITransformer actual)
    {
        ModelZip expectedZip = Save(mlContext, rows, expected), zip = Save(mlContext, rows, actual);
        CollectionAssert.AreEqual(expectedZip.Names.ToArray(), zip.Names.ToArray());
        foreach (string entry in expectedZip.Names)
            CollectionAssert.AreEqual(expectedZip[entry], zip[entry], entry);
    }

    private static ModelZip Save(MLContext mlContext, IDataView rows, ITransformer model)
    {
        using var stream = new MemoryStream();
        mlContext.Model.Save(model, rows.Schema, stream);
        return new ModelZip(stream.ToArray());
    }
}
