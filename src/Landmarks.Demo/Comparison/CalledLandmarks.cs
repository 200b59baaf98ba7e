using Landmarks.Demo.Data;
using Microsoft.ML;

namespace Landmarks.Demo.Comparison;

/// <summary>The landmarks of a model, as queries call them: by their labels, or by the names that it has for these.</summary>
internal sealed class CalledLandmarks
{
    private const string PredictedLabel = "PredictedLabel";

    private readonly IReadOnlyList<LandmarkInfo> _landmarks;

    /// <param name="landmarks">Those that the model knows.</param>
    /// <param name="queries">What calls them; where labels and names are both known, more of the queries decide.</param>
    public CalledLandmarks(IReadOnlyList<LandmarkInfo> landmarks, KnownQueries queries)
    {
        _landmarks = landmarks;
        int byLabels = CountUnknown(areNames: false), byNames = CountUnknown(areNames: true);
        (AreNames, UnknownCount) = (byNames < byLabels, Math.Min(byNames, byLabels));

        int CountUnknown(bool areNames)
            => queries.CountUnknown(new KnownLandmarks(landmarks.Select(landmark => Call(landmark, areNames))));
    }

    /// <summary>Whether queries call them by their names, which are not their labels.</summary>
    public bool AreNames { get; }

    /// <summary>How many of the queries with a landmark show none of them.</summary>
    public int UnknownCount { get; }

    /// <summary>What each is called; a landmark without a name by its label.</summary>
    public IEnumerable<string> Landmarks => _landmarks.Select(landmark => Call(landmark, AreNames));

    /// <summary>The same as rows with the column Label.</summary>
    public IDataView ToView(MLContext ml) => ml.Data.LoadFromEnumerable(Landmarks.Select(called => new Row { Label = called }));

    /// <summary>Answers of the model, with what queries call the landmarks in the place of its labels.</summary>
    public IDataView Call(MLContext ml, IDataView answers)
    {
        if (!AreNames)
            return answers;
        IDataView labeled = TextColumn.Convert(ml, answers, PredictedLabel);
        return ml.Transforms.Conversion.MapValue(PredictedLabel,
            _landmarks.Select(landmark => KeyValuePair.Create(landmark.Label, Call(landmark, AreNames)))).Fit(labeled).Transform(labeled);
    }

    private static string Call(LandmarkInfo landmark, bool areNames) => areNames ? landmark.Name ?? landmark.Label : landmark.Label;

    private sealed class Row
    {
        public string Label { get; init; } = "";
    }
}
