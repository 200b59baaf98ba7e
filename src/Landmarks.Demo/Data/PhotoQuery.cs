namespace Landmarks.Demo.Data;

/// <summary>A photograph to be answered.</summary>
/// <param name="Id">What its answer is called.</param>
/// <param name="Path">Its file.</param>
/// <param name="Problem">Why there is no photograph, where that is known before it is read.</param>
internal sealed record PhotoQuery(string Id, string Path, string? Problem = null);
