using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Adaptive;
using Microsoft.ML.Landmarks.Search.Fused;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Voting.Index;

/// <summary>
/// Makes of a fitted index that of rows which were changed: the same as one that is fitted to them, at the cost of what has changed. Rows
/// whose nearest non-landmarks are known need no search but for those that are new, or that lose one of theirs.
/// </summary>
/// <param name="index">The index before, which stays as it is, and may be disposed before the new one or after it.</param>
/// <param name="penaltyNeighbors">How many non-landmarks make the penalty of a row.</param>
/// <param name="smoothing">How far landmark rows are drawn towards those of their landmark.</param>
/// <param name="parallelism">Threads and cancellation.</param>
/// <param name="env">The environment.</param>
internal sealed class LandmarkIndexChange(MemoryLandmarkIndex index, int penaltyNeighbors, double smoothing, ParallelOptions parallelism,
    IHostEnvironment env)
{
    // Rows that are brought together to be searched: some megabytes.
    private const int RowsAtOnce = 4096;

    // As many are worth being given to a thread.
    private const int RowsInPart = 512;

    // Where nothing is sought, nothing is near enough.
    private static readonly Neighbor s_unbeatable = new(int.MinValue, double.PositiveInfinity);

    private readonly Gallery _before = index.Gallery;

    /// <param name="landmarks">What becomes of the landmark rows, before they are smoothed.</param>
    /// <param name="nonLandmarks">What becomes of the non-landmarks.</param>
    /// <param name="added">The new rows; null for none.</param>
    /// <param name="labelColumn">Where their labels stand.</param>
    /// <exception cref="ArgumentOutOfRangeException">The new labels are of another type.</exception>
    /// <exception cref="InvalidOperationException">There are more keys than their type holds.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public MemoryLandmarkIndex Apply(RowChange landmarks, RowChange nonLandmarks, LandmarkRows? added, string labelColumn)
    {
        var none = new UnitRows(_before.Landmarks.Dimension);
        LandmarkLabels labels = _before.Labels.After(landmarks, added?.Labels, labelColumn);
        UnitRows rows = Pack((_before.Unsmoothed ?? _before.Landmarks).After(landmarks, added?.Landmarks ?? none)), read = rows;
        UnitRows others = Pack(_before.NonLandmarks.After(nonLandmarks, added?.NonLandmarks ?? none));
        string[]? ids = Apply(landmarks, _before.Ids, added?.Ids);
        string[]? nonLandmarkIds = Apply(nonLandmarks, _before.NonLandmarkIds ?? EmptyIds(nonLandmarks), added?.NonLandmarkIds);
        if (smoothing > 0)
            (rows, landmarks) = Smooth(read, labels, landmarks);
        INeighborEngine engine = index.ChangeNonLandmarkEngine(nonLandmarks, others, rows, parallelism, env);
        try
        {
            (double[] penalties, NearestNonLandmarks? nearest) = ComputePenalties(rows, landmarks, others, nonLandmarks, engine);
            var gallery = new Gallery(rows, labels, ids, penalties, others, nonLandmarkIds, smoothing > 0 ? read : null);
            return index.Change(landmarks, gallery, engine, nearest, parallelism, env);
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    // A model of format 3 or older has no ids of its non-landmarks, and those that come have theirs all the same.
    private string[]? EmptyIds(RowChange nonLandmarks)
        => _before.Ids is null || nonLandmarks.AddedCount == 0 ? null : [.. Enumerable.Repeat("", _before.NonLandmarks.Count)];

    private static string[]? Apply(RowChange change, string[]? before, string[]? added)
        => before is null ? null : change.Apply<string>(before, added);

    // Rows that are gone take memory until they are many.
    private static UnitRows Pack(UnitRows rows)
        => NeighborEngines.AreMany(rows.HeldCount - rows.Count, rows.HeldCount) ? rows.Pack() : rows;

    /// <summary>Smooths the rows of landmarks to which one came, or of which one went; the others are as they were.</summary>
    /// <returns>The rows, and how they came of those before: one that has become another is new.</returns>
    private (UnitRows Rows, RowChange Change) Smooth(UnitRows read, LandmarkLabels labels, RowChange change)
    {
        int[] numbersNow = change.NumbersNow(), sources = [.. change.Sources];
        ReadOnlySpan<int> landmarkBefore = _before.Labels.LandmarkOfRow;
        var lostOne = new bool[_before.Labels.LandmarkCount];
        for (int row = 0; row < numbersNow.Length; row++)
            lostOne[landmarkBefore[row]] |= numbersNow[row] == RowChange.Gone;
        var isChanged = new bool[labels.LandmarkCount];
        for (int row = 0; row < sources.Length; row++)
            isChanged[labels.LandmarkOfRow[row]] |= sources[row] == RowChange.New || lostOne[landmarkBefore[sources[row]]];
        int[] smoothedRows = [.. Enumerable.Range(0, sources.Length).Where(row => isChanged[labels.LandmarkOfRow[row]])];
        UnitRows smoothed = RowSmoothing.Smooth(read.Take(smoothedRows),
            Array.ConvertAll(smoothedRows, row => labels.LandmarkOfRow[row]), smoothing, parallelism);
        var added = new UnitRows(read.Dimension);
        for (int i = 0; i < smoothedRows.Length; i++)
        {
            ref int source = ref sources[smoothedRows[i]];
            if (source != RowChange.New && smoothed[i].SequenceEqual(_before.Landmarks[source]))
                continue;
            source = RowChange.New;
            added.Add(smoothed[i]);
        }

        var whole = new RowChange(change.CountBefore, sources);
        return (Pack(_before.Landmarks.After(whole, added)), whole);
    }

    private (double[] Penalties, NearestNonLandmarks? Nearest) ComputePenalties(UnitRows rows, RowChange landmarks, UnitRows others,
        RowChange nonLandmarks, INeighborEngine engine)
    {
        var penalties = new double[rows.Count];
        int count = Math.Min(penaltyNeighbors, others.Count);
        if (count == 0)
            return (penalties, null);
        bool othersStay = nonLandmarks.AddedCount + nonLandmarks.RemovedCount == 0;
        // Where many come, all products with them take longer than a search of all, by way of a filter.
        bool isKept = index.Nearest is not null && !NeighborEngines.AreMany(nonLandmarks.AddedCount, nonLandmarks.CountBefore);
        NearestNonLandmarks? nearest = othersStay && index.Nearest is null
            ? null : NearestNonLandmarks.Allocate(rows, NearestNonLandmarks.CountOf(penaltyNeighbors, others.Count));
        List<int> searched = [];
        var isKnown = new bool[penalties.Length];
        int[] othersNow = nonLandmarks.NumbersNow();
        for (int row = 0; row < penalties.Length; row++)
        {
            int source = landmarks.Sources[row];
            if (source != RowChange.New && othersStay)
            {
                penalties[row] = _before.Penalties[source];
                nearest?.Copy(row, index.Nearest!, source);
            }
            else if (source != RowChange.New && nearest is not null && isKept && index.Nearest!.KeepsAll(source, othersNow))
            {
                isKnown[row] = true;
            }
            else
            {
                searched.Add(row);
            }
        }

        if (!othersStay && index.Nearest is null)
            Say($"The nearest non-landmarks of {searched.Count:N0} rows were not kept, and are searched for.");
        if (!othersStay && isKept)
            Improve(isKnown, rows, landmarks, others, nonLandmarks, Take);
        foreach (int[] some in searched.Chunk(RowsAtOnce))
            NearestNonLandmarks.Search(engine, rows.Take(some), nearest?.Count ?? count, parallelism, (i, found) => Take(some[i], found));
        return (penalties, nearest);

        void Take(int row, ReadOnlySpan<NonLandmarkNeighbor> found)
        {
            penalties[row] = Penalty.Mean(found[..count]);
            nearest?.Set(row, found);
        }
    }

    /// <summary>Visits rows whose nearest non-landmarks are all there still, with those that are nearest now; in no order, several at a
    /// time.</summary>
    private void Improve(bool[] isKnown, UnitRows rows, RowChange landmarks, UnitRows others, RowChange nonLandmarks,
        NearestNonLandmarks.Visitor visit)
    {
        int[] othersNow = nonLandmarks.NumbersNow(), addedNumbers = nonLandmarks.NumbersOfAdded();
        var added = new FusedNeighborEngine(others.Take(addedNumbers), penalties: null);
        // The new ones follow all others: counted from the first of them, those are below 0.
        int firstAdded = others.Count - addedNumbers.Length, count = NearestNonLandmarks.CountOf(penaltyNeighbors, others.Count), first = 0;
        int most = NeighborEngines.QueriesAtOnce(count, Math.Min(RowsAtOnce, rows.Count));
        var best = new Neighbor[most * count];
        foreach (ReadOnlyMemory<float> batch in rows.Batches(most))
        {
            int start = first, rowsInBatch = batch.Length / rows.Dimension;
            first += rowsInBatch;
            InParts(rowsInBatch, i =>
            {
                Span<Neighbor> own = best.AsSpan(i * count, count);
                own.Fill(isKnown[start + i] ? Neighbor.None : s_unbeatable);
                if (isKnown[start + i])
                    index.Nearest!.CopyTo(landmarks.Sources[start + i], own, othersNow, firstAdded);
            });
            if (addedNumbers.Length > 0)
                added.Improve(batch, count, best.AsMemory(0, rowsInBatch * count), parallelism);
            InParts(rowsInBatch, i =>
            {
                if (!isKnown[start + i])
                    return;
                var own = new NonLandmarkNeighbor[count];
                for (int place = 0; place < count; place++)
                    own[place] = new NonLandmarkNeighbor(best[i * count + place].Row + firstAdded, best[i * count + place].Score);
                visit(start + i, own);
            });
        }
    }

    private void InParts(int count, Action<int> body) => ParallelLoop.For((count + RowsInPart - 1) / RowsInPart, parallelism, part =>
    {
        for (int i = part * RowsInPart; i < Math.Min(count, (part + 1) * RowsInPart); i++)
            body(i);
    });

    private void Say(FormattableString message)
    {
        using IChannel channel = env.Start("Changing landmarks");
        channel.Info(MessageSensitivity.None, FormattableString.Invariant(message));
    }
}
