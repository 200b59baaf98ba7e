using Landmarks.Demo.Data;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Landmarks.Demo.Comparison;

/// <summary>Queries whose truth is known: what methods are compared by.</summary>
/// <param name="Rows">Id, Label and ImagePath of each query.</param>
/// <param name="Truth">What each of them shows, in another order; at least one shows a landmark.</param>
/// <param name="LieInFolders">Whether ids are names of files in a folder of their own, which another's may be like.</param>
internal sealed record KnownQueries(IDataView Rows, IReadOnlyList<Truth> Truth, bool LieInFolders = false)
{
    private const string ImagePath = "ImagePath";

    public int WithLandmarkCount => Truth.Count(t => t.ShowsLandmark);

    /// <summary>
    /// Reads the files, and no photograph. A row of the truth that is no query is left out with a warning, and a query that the truth says
    /// to ignore: they say nothing of a method.
    /// </summary>
    /// <exception cref="JobFailedException">The folder or a file is missing, there is no query, or one has no truth.</exception>
    /// <exception cref="InvalidOperationException">A query stands twice, or none shows a landmark.</exception>
    public static KnownQueries OfCsvFile(Session session, LandmarkSource queries, string truthFile)
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
        Check(session.ML, ofQueries);
        if (ofQueries.Length < all.Count)
            session.Log.Warn(Errors.TruthWithoutQueries(queries.CsvFile, truthFile, all.Count - ofQueries.Length));
        if (counted.Length == ofQueries.Length)
            return new KnownQueries(rows, counted);
        session.Log.Warn(Errors.QueriesIgnored(queries.CsvFile, truthFile, ofQueries.Length - counted.Length));
        HashSet<string> ignored = [.. ofQueries.Where(t => !t.Counts).Select(t => t.Id)];
        return new KnownQueries(session.ML.Data.FilterByCustomPredicate<Query>(rows, query => ignored.Contains(query.Id)), counted);
    }

    /// <summary>Photographs that lie in a folder for each landmark that they show; reads the names in them, and no photograph.</summary>
    /// <param name="session">The job's session.</param>
    /// <param name="folder">The folder that holds them.</param>
    /// <param name="nonLandmarkFolder">The one whose photographs show no landmark, which need not be there; null for none.</param>
    /// <exception cref="JobFailedException">The folder is missing, or there is no photograph in it.</exception>
    /// <exception cref="InvalidOperationException">None shows a landmark.</exception>
    public static KnownQueries OfFolders(Session session, string folder, string? nonLandmarkFolder)
    {
        ImageFolder.Require(folder);
        IDataView rows = Load(session.ML, folder, nonLandmarkFolder);
        Truth[] truth = [.. TrainingPhoto<string>.Read(session.ML, rows).Select(photo => Data.Truth.Of(photo.Id, photo.Label))];
        if (truth.Length == 0)
            throw Errors.NoPhotographs(folder);
        Check(session.ML, truth);
        return new KnownQueries(rows, truth, LieInFolders: true);
    }

    /// <summary>Warns of queries whose answers do not depend on the method.</summary>
    /// <param name="session">The job's session.</param>
    /// <param name="training">Id, Label and ImagePath of the training photographs.</param>
    public void Check(Session session, IDataView training)
    {
        var known = KnownLandmarks.Of(session.ML, training);
        int unknown = CountUnknown(known), trained = CountTrained(training);
        if (unknown > 0)
            session.Log.Warn(Errors.LandmarksNotTrained(unknown, WithLandmarkCount));
        if (trained > 0)
            session.Log.Warn(Errors.QueriesTrained(trained, Truth.Count, LieInFolders ? "file" : "id"));
    }

    /// <summary>How many show a landmark, and none of those that are known.</summary>
    public int CountUnknown(KnownLandmarks known) => Truth.Count(t => known.AreUnknown(t.Label));

    /// <summary>How many are among the photographs of a model. Those in folders have ids that another folder's photographs may have
    /// too: of them nothing is told.</summary>
    /// <param name="find">Which of some ids photographs of the model have, and others that it may have.</param>
    public int CountTrained(Func<IReadOnlyList<string>, IEnumerable<string>> find)
    {
        string[] ids = LieInFolders ? [] : [.. Truth.Select(t => t.Id)];
        return ids.Length == 0 ? 0 : ids.Intersect(find(ids)).Count();
    }

    /// <summary>Measures as if nothing were answered: what is wrong with the truth is found before hours of work on photographs.</summary>
    /// <exception cref="InvalidOperationException">A query stands twice, its label can't be one, or none shows a landmark.</exception>
    public static void Check(MLContext ml, IEnumerable<Truth> truth) => AnswerMetrics.Of(ml, [], truth);

    private static IDataView Load(MLContext ml, string folder, string? nonLandmarkFolder)
    {
        try
        {
            return ml.Data.LoadLandmarkFolders(folder, nonLandmarkFolder);
        }
        // All queries may show a landmark.
        catch (DirectoryNotFoundException) when (nonLandmarkFolder is not null)
        {
            return ml.Data.LoadLandmarkFolders(folder);
        }
    }

    private int CountTrained(IDataView training)
    {
        if (LieInFolders)
        {
            HashSet<string> files = [.. training.GetColumn<string>(ImagePath).Select(Path.GetFullPath)];
            return Rows.GetColumn<string>(ImagePath).Count(path => files.Contains(Path.GetFullPath(path)));
        }

        return CountTrained(_ => training.GetColumn<string>(Embedding.Id));
    }

    private sealed class Query
    {
        public string Id { get; set; } = "";
    }
}
