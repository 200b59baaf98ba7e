using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Search.Adaptive;

/// <summary>What an engine searches.</summary>
/// <param name="Name">What the rows are, for the log.</param>
/// <param name="Gallery">The rows to find.</param>
/// <param name="Penalties">[n], what is taken off the similarity of each row; null for nothing.</param>
/// <param name="LikelyQueries">Rows like the queries that will come; they decide what is fast, not what is found.</param>
internal sealed record SearchedRows(string Name, UnitRows Gallery, double[]? Penalties, UnitRows LikelyQueries);
