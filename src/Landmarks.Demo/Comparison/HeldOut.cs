using System.Globalization;
using Landmarks.Demo.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Landmarks.Demo.Comparison;

/// <summary>Training photographs that a model is not fitted to, but measured by.</summary>
internal static class HeldOut
{
    /// <summary>
    /// Holds out a share of the photographs of each landmark, and of those of none. One of each landmark stays at the least, so that the
    /// model knows all that it is asked for. Which ones depends on their order alone.
    /// </summary>
    /// <exception cref="JobFailedException">No photograph of a landmark can be held out.</exception>
    public static (TrainingData Fitted, KnownQueries HeldOut) Split(MLContext ml, TrainingData data, double share)
        => data.Rows.Schema["Label"].Type is TextDataViewType ? Split<string>(ml, data, share) : Split<int>(ml, data, share);

    private static (TrainingData Fitted, KnownQueries HeldOut) Split<TLabel>(MLContext ml, TrainingData data, double share)
        where TLabel : notnull
    {
        TrainingPhoto<TLabel>[] all = [.. TrainingPhoto<TLabel>.Read(ml, data.Rows)];
        string[] labels = [.. all.Select(photo => Convert.ToString(photo.Label, CultureInfo.InvariantCulture)!)];
        HashSet<int> chosen = [.. Choose(labels, share)];
        TrainingPhoto<TLabel>[] fitted = [.. all.Where((_, row) => !chosen.Contains(row))], heldOut = [.. chosen.Order()
            .Select(row => new TrainingPhoto<TLabel> { Id = IdOf(row), Label = all[row].Label, ImagePath = all[row].ImagePath })];
        Truth[] truth = [.. chosen.Order().Select(row => Truth.Of(IdOf(row), labels[row]))];
        int landmarks = truth.Count(t => t.ShowsLandmark);
        if (landmarks == 0)
            throw Errors.NothingHeldOut(share);
        KnownQueries.Check(ml, truth);
        var counts = new RowCounts(data.Counts.Landmarks - landmarks, data.Counts.NonLandmarks - (truth.Length - landmarks));
        return (data with { Rows = ml.Data.LoadFromEnumerable(fitted), Counts = counts },
            new KnownQueries(ml.Data.LoadFromEnumerable(heldOut), truth));

        // Of its own: a photograph may stand in several rows.
        string IdOf(int row) => $"{all[row].Id} ({row})";
    }

    private static IEnumerable<int> Choose(string[] labels, double share)
    {
        // What landmarks of few photographs owe is paid by the next, half a photograph being owed by the first: so many are held out of
        // all of them, however few each has.
        double owed = 0.5;
        foreach (IGrouping<string, int> landmark in Enumerable.Range(0, labels.Length).GroupBy(row => labels[row]))
        {
            int[] rows = [.. landmark];
            // There is but one kind of non-landmarks, and it owes nothing to the landmarks.
            double due = rows.Length * share + (landmark.Key == Truth.NonLandmark ? 0.5 : owed);
            int count = Math.Min((int)due, rows.Length - 1);
            if (landmark.Key != Truth.NonLandmark && rows.Length > 1)
                owed = Math.Min(due - count, 1);
            for (int i = 0; i < count; i++)
                yield return rows[(2 * i + 1) * rows.Length / (2 * count)];
        }
    }
}
