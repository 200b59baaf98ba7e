namespace Microsoft.ML.Landmarks.Voting.Index;

/// <summary>A landmark row that is near a query.</summary>
/// <param name="Row">Its number among the landmark rows, from 0.</param>
/// <param name="Landmark">The number of the landmark that it shows.</param>
/// <param name="Cosine">Of the row and the query.</param>
/// <param name="Penalty">What is taken off the cosine: the row's penalty times its weight.</param>
/// <param name="Score">The cosine less the penalty, by which rows are ranked; higher is nearer.</param>
internal readonly record struct LandmarkNeighbor(long Row, int Landmark, double Cosine, double Penalty, double Score);
