using System.Globalization;
using System.Security.Cryptography;
using Landmarks.Demo.Methods;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.Serving;

/// <summary>Photographs that were sent, as the rows of a model.</summary>
internal static class AddedRows
{
    // Of 64: a chance of 1 in 2^64 that two photographs have one.
    private const int DigitsOfId = 16;

    /// <summary>The step of a model that names landmarks, with more rows.</summary>
    /// <param name="ml">What the model works with.</param>
    /// <param name="model">The model.</param>
    /// <param name="landmark">The landmark that the photographs show, by its label or its name; a label that the model does not know is a
    /// new one.</param>
    /// <param name="photographs">The photographs, all of which can be read.</param>
    /// <param name="replaces">Whether they take the place of those with their ids.</param>
    /// <exception cref="RequestRefusedException">An id is taken or comes twice, or there is no such landmark.</exception>
    public static BatchTransformer Add(MLContext ml, LandmarkModel model, string landmark, IReadOnlyList<SentPhotograph> photographs,
        bool replaces)
    {
        LandmarkModelInfo info = model.Describe();
        return model.With(Embed(ml, model, info, landmark, photographs, ids => replaces ? [] : ids.Intersect(info.Ids)), replaces,
            names: null);
    }

    /// <summary>Photographs as rows with embeddings and labels, which come as they are read.</summary>
    /// <param name="ml">What the model works with.</param>
    /// <param name="model">The model.</param>
    /// <param name="info">What it consists of.</param>
    /// <param name="landmark">The landmark, by its label or its name.</param>
    /// <param name="photographs">The photographs, all of which can be read.</param>
    /// <param name="findTaken">Those of their ids that may not be taken.</param>
    /// <inheritdoc cref="Add"/>
    public static IDataView Embed(MLContext ml, LandmarkModel model, LandmarkModelInfo info, string landmark,
        IReadOnlyList<SentPhotograph> photographs, Func<string[], IEnumerable<string>> findTaken)
    {
        string[] ids = [.. photographs.Select(IdOf)];
        if (ids.Distinct().Count() < ids.Length)
            throw Errors.PhotographTwice(ids.GroupBy(id => id).First(same => same.Count() > 1).Key);
        string[] taken = [.. findTaken(ids)];
        if (taken.Length > 0)
            throw Errors.PhotographsTaken(taken.Length, ids.Length, taken[0]);
        string label = LandmarkLabels.Find(info, landmark) ?? landmark;
        IDataView Before(IDataView rows) => model.StepsBefore.Aggregate(rows, (view, step) => step.Transform(view));
        IDataView named = Before(Rows(ml, ids, label, photographs));
        if (model.LabelType(named.Schema) is TextDataViewType)
            return named;
        // Written otherwise it would be another label in the answers: 01, or -01, which would be no landmark.
        return int.TryParse(label, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            && number.ToString(CultureInfo.InvariantCulture) == label
            ? Before(Rows(ml, ids, number, photographs)) : throw Errors.NoSuchLandmark(landmark);
    }

    private static IDataView Rows<TLabel>(MLContext ml, string[] ids, TLabel label, IReadOnlyList<SentPhotograph> photographs)
        => ml.Data.LoadFromEnumerable(ids.Zip(photographs, (id, photograph) => new Row<TLabel>
        {
            Id = id,
            Label = label,
            ImagePath = photograph.File,
        }));

    // Two photographs are one where they have the same bytes.
    private static string IdOf(SentPhotograph photograph) => photograph.Id is { Length: > 0 } id ? id
        : Convert.ToHexStringLower(SHA256.HashData(photograph.File))[..DigitsOfId];

    // As fit names its columns.
    private sealed class Row<TLabel>
    {
        public string Id { get; set; } = "";

        public TLabel Label { get; set; } = default!;

        public byte[] ImagePath { get; set; } = [];
    }
}
