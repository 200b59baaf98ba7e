using Landmarks.Demo.Data;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Landmarks.Demo.Comparison;

/// <summary>Queries whose truth is known: what methods are compared by.</summary>
/// <param name="Rows">Id, Label and ImagePath of each query.</param>
/// <param name="Truth">What each of them shows, in another order; at least one shows a landmark.</param>
internal sealed record KnownQueries(IDataView Rows, IReadOnlyList<Truth> Truth)
{
    public int WithLandmarkCount => Truth.Count(t => t.ShowsLandmark);

    /// <summary>
    /// Reads the files, and no photograph. A row of the truth that is no query is left out with a warning, and a query that the truth says
    /// to ignore: they say nothing of a method.
    /// </summary>
    /// <exception cref="JobFailedException">The folder or a file is missing, there is no query, or one has no truth.</exception>
    /// <exception cref="InvalidOperationException">A query stands twice, or none shows a landmark.</exception>
    public static KnownQueries Read(Session session, LandmarkSource queries, string truthFile)
    {
        ImageFolder.Require(queries.ImageFolder);
        IDataView rows = session.ML.Data.LoadLandmarks(queries);
        string[] ids = [.. rows.GetColumn<string>(Embedding.Id)];
        if (ids.Length == 0)
            throw Errors.NoRows(queries.CsvFile);
        IReadOnlyList<Truth> all = Data.Truth.Read(session.ML, truthFile);
        HashSet<string> asked = [.. ids], known = [.. all.Select(t => t.Id)];
        string[] unknown = [.. ids.Where(id => !known.Contains(id))];
        if (unknown.Length > 0)
            throw Errors.QueriesWithoutTruth(queries.CsvFile, truthFile, unknown.Length, ids.Length, unknown[0]);
        Truth[] ofQueries = [.. all.Where(t => asked.Contains(t.Id))], counted = [.. ofQueries.Where(t => t.Counts)];
        // As if nothing were answered: what is wrong with the truth is found before hours of work on photographs.
        AnswerMetrics.Of(session.ML, ids.Select(id => new Answer { Id = id, PredictedLabel = "", Score = float.NaN }), ofQueries);
        if (ofQueries.Length < all.Count)
            session.Log.Warn(Errors.TruthWithoutQueries(queries.CsvFile, truthFile, all.Count - ofQueries.Length));
        if (counted.Length == ofQueries.Length)
            return new KnownQueries(rows, counted);
        session.Log.Warn(Errors.QueriesIgnored(queries.CsvFile, truthFile, ofQueries.Length - counted.Length));
        HashSet<string> ignored = [.. ofQueries.Where(t => !t.Counts).Select(t => t.Id)];
        return new KnownQueries(session.ML.Data.FilterByCustomPredicate<Query>(rows, query => ignored.Contains(query.Id)), counted);
    }

    /// <summary>Warns of queries whose answers do not depend on the method.</summary>
    /// <param name="session">The job's session.</param>
    /// <param name="training">Id and Label, a number, of the training photographs.</param>
    public void Check(Session session, IDataView training)
    {
        HashSet<string> labels = [.. training.GetColumn<int>(Embedding.Label).Distinct().Select(label => $"{label}")],
            ids = [.. training.GetColumn<string>(Embedding.Id)];
        int unknown = Truth.Count(t => t.ShowsLandmark && !t.Label.Any(labels.Contains)), trained = Truth.Count(t => ids.Contains(t.Id));
        if (unknown > 0)
            session.Log.Warn(Errors.LandmarksNotTrained(unknown, WithLandmarkCount));
        if (trained > 0)
            session.Log.Warn(Errors.QueriesTrained(trained, Truth.Count));
    }

    private sealed class Query
    {
        public string Id { get; set; } = "";
    }
}
