using Landmarks.Demo.Data;
using Landmarks.Demo.Reports;
using Microsoft.ML;

namespace Landmarks.Demo.Jobs;

/// <summary>By which queries the recall of an HNSW index is measured, and how it is told.</summary>
/// <param name="Model">The zip file of the model that makes embeddings of them.</param>
/// <param name="Candidates">How many rows of a query the index proposes.</param>
/// <param name="Find">Finds the photographs.</param>
/// <param name="InputFiles">The files that say which they are.</param>
/// <param name="MaxPixels">The most pixels of a photograph; null: what the model says.</param>
/// <param name="Format">How it is told; null for text.</param>
/// <param name="OutputFile">Where; null for standard output.</param>
internal sealed record RecallSettings(string Model, int Candidates, Func<MLContext, IEnumerable<PhotoQuery>> Find,
    IReadOnlyList<string> InputFiles, int? MaxPixels, ResultFormat? Format, string? OutputFile);
