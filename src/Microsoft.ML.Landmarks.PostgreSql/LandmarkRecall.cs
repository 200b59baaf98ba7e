namespace Microsoft.ML.Landmarks.PostgreSql;

/// <summary>How well an HNSW index finds what an exact search finds: queries, as they are asked, were asked both ways of one state of the
/// rows.</summary>
public sealed record LandmarkRecall
{
    /// <summary>When they were asked.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>How many rows the index proposed of a query (hnsw.ef_search).</summary>
    public int Candidates { get; init; }

    /// <summary>How many of the nearest rows were compared, k: as many as the model lets vote.</summary>
    public int Neighbors { get; init; }

    /// <summary>The factor of the rows' penalties, as the model has it.</summary>
    public double PenaltyWeight { get; init; }

    /// <summary>How many rows each query was averaged with before, as the model has it; 0 for none.</summary>
    public int QueryExpansion { get; init; }

    /// <summary>How many landmark rows there were, on all servers.</summary>
    public long LandmarkRowCount { get; init; }

    /// <summary>How many queries were asked.</summary>
    public int QueryCount { get; init; }

    /// <summary>How many of the queries are landmark rows of the index themselves, but for rounding: they flatter it.</summary>
    public int OwnRowCount { get; init; }

    /// <summary>How many rows the exact search found, of all queries.</summary>
    public long NeighborCount { get; init; }

    /// <summary>How many of these the search by the index found.</summary>
    public long FoundNeighborCount { get; init; }

    /// <summary>How many queries were given the same landmark both ways.</summary>
    public int SameLandmarkCount { get; init; }

    /// <summary>Whether the index keeps it, so that it can be asked by as many candidates. False where the role may not write.</summary>
    public bool IsStored { get; init; }

    /// <summary>The share of the nearest rows that the index found, recall@k.</summary>
    public double Recall => (double)FoundNeighborCount / NeighborCount;

    /// <summary>Where that share lies for other such queries, by Wilson's score: each query counts once, since its neighbors are found or
    /// missed together.</summary>
    public MetricInterval RecallInterval => MetricInterval.Wilson(Recall, QueryCount);

    /// <summary>The share of queries that were given the same landmark.</summary>
    public double SameLandmarks => (double)SameLandmarkCount / QueryCount;

    /// <summary>Where that share lies for other such queries, by Wilson's score.</summary>
    public MetricInterval SameLandmarksInterval => MetricInterval.Wilson(SameLandmarks, QueryCount);

    /// <summary>Whether landmark rows have become more by a fifth since, so that it should be measured anew.</summary>
    /// <param name="landmarkRowCount">How many there are.</param>
    public bool IsOutdated(long landmarkRowCount) => 5 * landmarkRowCount >= 6 * LandmarkRowCount;
}
