namespace Microsoft.ML.Landmarks.Voting.Index;

/// <summary>Where rows are that are no part of a model: what its file says of them.</summary>
/// <param name="Kind">What holds them: PostgreSQL.</param>
/// <param name="Name">What they are called there: a schema.</param>
/// <param name="Fingerprint">What tells them from the rows of other models: what made them, and how their penalties were made. The rows
/// themselves, which come and go, are no part of it.</param>
/// <param name="Dimension">Values of a row.</param>
internal sealed record ExternalRows(string Kind, string Name, string Fingerprint, int Dimension);
