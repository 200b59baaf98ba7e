namespace Microsoft.ML.Landmarks.Search.Filter;

/// <summary>
/// What the bounds of the filter are stated in, fixed with the gallery. Any values are right; good ones let few rows through.
/// </summary>
/// <param name="Query">Size of a code of a query's prefix, s_Q.</param>
/// <param name="Row">Size of a code of a row's prefix, s_G.</param>
/// <param name="Balance">λ, the residual of rows over that of queries.</param>
/// <param name="QueryLength">X, the length of a centered query that the rows' constants allow for; what a query has more is added to its
/// threshold.</param>
internal sealed record FilterScales(float Query, float Row, double Balance, double QueryLength)
{
    /// <summary>The size of a product of codes, u.</summary>
    public double Unit { get; } = (double)Query * Row;
}
