using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Checking;

/// <summary>Finds the rows that show one photograph, and the queries that show one of the rows.</summary>
/// <param name="rows">The rows.</param>
/// <param name="nearest">The rows that are nearest to each.</param>
/// <param name="parallelism">Threads and cancellation.</param>
internal sealed class PhotographPairs(CheckedRows rows, NearestRows nearest, ParallelOptions parallelism)
{
    /// <summary>How many rows of each kind are looked at beside each: what is made of a photograph is nearly always the nearest row of
    /// all.</summary>
    public const int Candidates = 8;

    // Source: cleanlab 2.6, Datalab's issue type near_duplicate, whose default threshold this is.
    private const double ShareOfMedianDistance = 0.13;

    private const int PlacesBetweenReports = 256;

    /// <summary>Rows whose pixels are the same, and of those that are nearest to each other those whose pixels are nearly the
    /// same.</summary>
    /// <param name="sketches">[n], the photographs; null where one can't be read.</param>
    /// <param name="progress">Told how many rows were looked at.</param>
    public IReadOnlyList<SamePhotograph> OfPixels(PhotographSketch?[] sketches, IProgress<long>? progress)
    {
        var found = new List<SamePhotograph>[rows.PlaceCount];
        int done = 0;
        ParallelLoop.For(found.Length, parallelism, place =>
        {
            found[place] = [.. CandidatesOf(nearest, place)
                // Each pair once.
                .Where(other => other > place || !CandidatesOf(nearest, other).Contains(place))
                .Select(other => Compare(sketches, rows.RowAt(place), rows.RowAt(other))).OfType<SamePhotograph>()];
            if (Interlocked.Increment(ref done) is var count && (count % PlacesBetweenReports == 0 || count == found.Length))
                progress?.Report(count);
        });
        SamePhotograph[] pairs = [.. ByPixels(sketches).SelectMany(OfSamePixels), .. found.SelectMany(own => own)];
        return [.. pairs, .. OfOneLandmark(sketches, pairs)];
    }

    /// <summary>Where there are no pixels: rows of one landmark, or two non-landmarks, that are far nearer than rows mostly are.</summary>
    public IReadOnlyList<SamePhotograph> OfFeatures()
    {
        double most = MostDistance();
        return [.. Enumerable.Range(0, rows.PlaceCount).SelectMany(place => NeighborsOf(nearest, place, Candidates)
            .Where(other => 1 - other.Score < most)
            .Select(other => Pair(rows.RowAt(place), rows.RowAt(other.Row), other.Score)))
            .Where(pair => rows.LandmarkOf(pair.Row) == rows.LandmarkOf(pair.Other)).Distinct()];
    }

    /// <summary>Queries that show a photograph of the rows, each with the row that is likest.</summary>
    /// <param name="queries">The queries.</param>
    /// <param name="nearQueries">The rows that are nearest to each.</param>
    /// <param name="sketches">The photographs of rows, and of queries; null where features decide.</param>
    /// <returns>A query's row, and the row's.</returns>
    public IEnumerable<SamePhotograph> OfQueries(CheckedRows queries, NearestRows nearQueries,
        (PhotographSketch?[] OfRows, PhotographSketch?[] OfQueries)? sketches)
    {
        var likest = new SamePhotograph?[queries.Count];
        Dictionary<(int, int, ulong), int> exact = sketches is { } known
            ? ByPixels(known.OfRows).ToDictionary(same => same.Key, same => same.First()) : [];
        for (int query = 0; query < queries.Count; query++)
        {
            if (sketches?.OfQueries[query] is { } sketch && exact.TryGetValue(sketch.Pixels, out int row))
                likest[query] = new SamePhotograph(query, row, 1, IsExact: true);
        }

        double most = sketches is null ? MostDistance() : 0;
        ParallelLoop.For(queries.PlaceCount, parallelism, place =>
        {
            int query = queries.RowAt(place);
            likest[query] ??= NeighborsOf(nearQueries, place, Candidates)
                .Select(other => LikenessOf(query, other) is { } likeness
                    ? new SamePhotograph(query, rows.RowAt(other.Row), likeness, IsExact: false) : (SamePhotograph?)null)
                .MaxBy(pair => pair?.Likeness);
        });
        return likest.OfType<SamePhotograph>();

        double? LikenessOf(int query, Neighbor other) => sketches is not { } pixels
            ? 1 - other.Score < most ? other.Score : null
            : pixels.OfQueries[query] is { } own && pixels.OfRows[rows.RowAt(other.Row)] is { } its
                ? SketchComparison.Compare(own, its) : null;
    }

    // Those of one landmark are joined by themselves, and then the landmarks: no more pairs than there are rows.
    private IEnumerable<SamePhotograph> OfSamePixels(IEnumerable<int> same)
    {
        IGrouping<int, int>[] byLandmark = [.. same.GroupBy(rows.LandmarkOf)];
        return byLandmark.Append(byLandmark.Select(own => own.First())).SelectMany(
            own => own.Skip(1).Select(row => new SamePhotograph(own.First(), row, 1, IsExact: true)));
    }

    // The nearest rows of a copy may all be copies under another landmark: those of its own are joined by the first of them.
    private IEnumerable<SamePhotograph> OfOneLandmark(PhotographSketch?[] sketches, SamePhotograph[] pairs)
    {
        var same = new SamePhotographs(rows.Count, pairs);
        var ofOne = new SamePhotographs(rows.Count, pairs.Where(pair => rows.LandmarkOf(pair.Row) == rows.LandmarkOf(pair.Other)));
        return pairs.SelectMany(pair => new[] { pair.Row, pair.Other }).Select(ofOne.FirstOf).Distinct().Order()
            .GroupBy(row => (same.FirstOf(row), rows.LandmarkOf(row)))
            .SelectMany(own => own.Skip(1).Select(row => Compare(sketches, own.First(), row)).OfType<SamePhotograph>());
    }

    private static SamePhotograph Pair(int row, int other, double likeness)
        => new(Math.Min(row, other), Math.Max(row, other), likeness, IsExact: false);

    // Those of the same pixels are known without.
    private static SamePhotograph? Compare(PhotographSketch?[] sketches, int row, int other)
        => sketches[row] is { } first && sketches[other] is { } second && first.Pixels != second.Pixels
            && SketchComparison.Compare(first, second) is { } likeness ? Pair(row, other, likeness) : null;

    // In the order of their first rows.
    private static IEnumerable<IGrouping<(int, int, ulong), int>> ByPixels(PhotographSketch?[] sketches)
        => Enumerable.Range(0, sketches.Length).Where(row => sketches[row] is not null).GroupBy(row => sketches[row]!.Pixels);

    // Nearer than this are duplicates.
    private double MostDistance()
    {
        double[] distances = [.. Enumerable.Range(0, rows.PlaceCount).Select(place => NeighborsOf(nearest, place, 1))
            .Where(own => own.Length > 0).Select(own => 1 - own.Max(neighbor => neighbor.Score)).Order()];
        return distances.Length == 0 ? 0 : ShareOfMedianDistance * distances[distances.Length / 2];
    }

    private static int[] CandidatesOf(NearestRows nearest, int place)
        => [.. NeighborsOf(nearest, place, Candidates).Select(neighbor => neighbor.Row)];

    private static Neighbor[] NeighborsOf(NearestRows nearest, int place, int count)
    {
        ReadOnlySpan<Neighbor> landmarks = nearest.LandmarksOf(place), nonLandmarks = nearest.NonLandmarksOf(place);
        return [.. landmarks[..Math.Min(count, landmarks.Length)], .. nonLandmarks[..Math.Min(count, nonLandmarks.Length)]];
    }
}
