using Microsoft.ML.Landmarks.Recognition;
using Microsoft.ML.Landmarks.Voting;
using Microsoft.ML.Landmarks.Voting.Index;
using Npgsql;

namespace Microsoft.ML.Landmarks.PostgreSql;

// How rows come and go.
public sealed partial class PostgresLandmarkIndex
{
    /// <summary>Adds rows, as <see cref="KnnLandmarkTransformer.With"/> does in memory: penalties and answers are the bits of a fit to the
    /// rows that there are, and then the new ones. All servers or none take them, but for a server that is lost between the last
    /// words.</summary>
    /// <param name="model">A model whose rows these are: the steps before the last make features of photographs. One that was made by
    /// <see cref="LandmarkModelExtensions.WithIndex"/> was compared with the index then; another is each time.</param>
    /// <param name="rows">Rows as the model takes them, with the columns of labels, and of ids where it was fitted with some. All
    /// non-landmarks make penalties: none is held out.</param>
    /// <param name="replace">Whether a row with the id of one that there is takes its place.</param>
    /// <param name="cancellation">Ends it, and nothing is changed.</param>
    /// <returns>What came and went.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than those that were fitted.</exception>
    /// <exception cref="ArgumentException">A row has an id that another has, without <paramref name="replace"/>, or that stands there
    /// twice.</exception>
    /// <exception cref="InvalidOperationException">The model is another; its rows are smoothed; the role may not change rows; or none of a
    /// kind would be left.</exception>
    /// <exception cref="NpgsqlException">A server can't be asked.</exception>
    public async Task<LandmarkChange> AddAsync(
        ITransformer model, IDataView rows, bool replace = false, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(rows);
        CheckChangeable();
        var steps = new LandmarkSteps(model);
        if (steps.Step.Index != this)
            steps = new LandmarkSteps(model.WithIndex(this));
        IDataView features = steps.Before.Aggregate(rows, (view, step) => step.Transform(view));
        LandmarkRows added = steps.Step.ReadRows(features, new ParallelOptions { CancellationToken = cancellation });
        string[] ids = [.. added.Ids ?? [], .. added.NonLandmarkIds ?? []];
        bool changesNonLandmarks = added.NonLandmarks.Count > 0 || replace;
        return await ChangeAsync(changesNonLandmarks, async changes =>
        {
            FoundIds known = await changes.FindAsync(KnowsIds ? [.. ids.Where(id => id.Length > 0)] : []);
            RowIds.CheckAdded(ids, known.All, replace);
            int removed = await changes.RemoveLandmarksAsync(known.Landmarks);
            int removedOthers = await changes.ChangeNonLandmarksAsync(known.NonLandmarks, added.NonLandmarks, added.NonLandmarkIds);
            await changes.AddLandmarksAsync(added);
            return new LandmarkChange
            {
                AddedLandmarkRows = added.Landmarks.Count,
                AddedNonLandmarkRows = added.NonLandmarks.Count,
                RemovedLandmarkRows = removed,
                RemovedNonLandmarkRows = removedOthers,
            };
        }, cancellation);
    }

    /// <summary>Removes rows, landmarks and non-landmarks.</summary>
    /// <param name="ids">Their ids.</param>
    /// <param name="cancellation">Ends it, and nothing is changed.</param>
    /// <returns>What went.</returns>
    /// <exception cref="ArgumentException">No row has one of the ids.</exception>
    /// <exception cref="InvalidOperationException">The rows have no ids, or are smoothed; the role may not change rows; or none of a kind
    /// would be left.</exception>
    /// <exception cref="NpgsqlException">A server can't be asked.</exception>
    public async Task<LandmarkChange> RemoveAsync(IEnumerable<string> ids, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        CheckChangeable();
        if (!KnowsIds)
            throw Landmarks.Errors.ModelWithoutIds();
        string[] asked = [.. ids];
        return await ChangeAsync(changesNonLandmarks: true, async changes =>
        {
            FoundIds known = await changes.FindAsync(asked);
            RowIds.CheckRemoved(asked, known.All);
            return new LandmarkChange
            {
                RemovedLandmarkRows = await changes.RemoveLandmarksAsync(known.Landmarks),
                RemovedNonLandmarkRows
                    = await changes.ChangeNonLandmarksAsync(known.NonLandmarks, new Vectors.UnitRows(Dimension), addedIds: null),
            };
        }, cancellation);
    }

    /// <summary>Removes landmarks with all their rows.</summary>
    /// <param name="labels">Their labels as text.</param>
    /// <param name="cancellation">Ends it, and nothing is changed.</param>
    /// <returns>What went.</returns>
    /// <exception cref="ArgumentException">There is no landmark with one of the labels.</exception>
    /// <exception cref="InvalidOperationException">The rows are smoothed; the role may not change rows; or no landmark would be
    /// left.</exception>
    /// <exception cref="NpgsqlException">A server can't be asked.</exception>
    public async Task<LandmarkChange> RemoveLandmarksAsync(IEnumerable<string> labels, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(labels);
        CheckChangeable();
        string[] asked = [.. labels.Distinct()];
        return await ChangeAsync(changesNonLandmarks: false, async changes =>
        {
            Dictionary<string, int> known = await changes.FindLandmarksAsync(asked);
            string[] unknown = [.. asked.Where(label => !known.ContainsKey(label))];
            if (unknown.Length > 0)
                throw Landmarks.Errors.UnknownLandmarks(unknown[0], unknown.Length);
            return new LandmarkChange { RemovedLandmarkRows = await changes.RemoveLandmarksAsync(known.Values) };
        }, cancellation);
    }

    // Each smoothed row holds something of others, as they were before.
    private void CheckChangeable()
    {
        if (_attached.IsSmoothed)
            throw Errors.SmoothedRows(Schema);
    }

    // Nothing is left of a change that was cut off before its commit, so it is tried again.
    private Task<LandmarkChange> ChangeAsync(bool changesNonLandmarks, Func<RowChanges, Task<LandmarkChange>> change,
        CancellationToken cancellation) => Attempts.RunAsync(Schema, async () =>
    {
        try
        {
            (LandmarkChange changed, IndexHeader[] headers) = await Transactions.RunAsync(Schema, _sources, async connections =>
            {
                RowChanges changes = await RowChanges.BeginAsync(connections, _tables, changesNonLandmarks, cancellation);
                CheckSame(changes.Header);
                LandmarkChange made = await change(changes) with { Time = DateTimeOffset.UtcNow };
                return (made, await changes.EndAsync(made));
            }, cancellation);
            Learn(Counts.Of(headers));
            return changed;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation && e.TableName == "landmark")
        {
            throw Errors.IdTakenMeanwhile(Schema, e);
        }
    }, cancellation);
}
