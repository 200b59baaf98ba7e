using Microsoft.ML;

namespace Landmarks.Demo.Serving;

/// <summary>Finds landmarks by what people call them.</summary>
internal static class LandmarkLabels
{
    /// <summary>The label of a landmark.</summary>
    /// <param name="model">What the model consists of.</param>
    /// <param name="landmark">A label, or a name.</param>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="RequestRefusedException">Several have the name.</exception>
    public static string? Find(LandmarkModelInfo model, string landmark)
    {
        if (model.Landmarks.Any(known => known.Label == landmark))
            return landmark;
        string[] labels = [.. model.Landmarks.Where(known => known.Name == landmark).Select(known => known.Label)];
        return labels.Length < 2 ? labels.SingleOrDefault() : throw Errors.SeveralLandmarks(landmark, labels);
    }
}
