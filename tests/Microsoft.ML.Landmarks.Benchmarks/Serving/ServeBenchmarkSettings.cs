namespace Microsoft.ML.Landmarks.Benchmarks.Serving;

/// <param name="Model">The model's file.</param>
/// <param name="Network">The network of the sample, for chains of ML.NET's own steps; null: they are left out.</param>
/// <param name="Photos">The photographs that are asked for, over and over.</param>
/// <param name="Parts">What is measured.</param>
/// <param name="Clients">How many clients ask at a time.</param>
/// <param name="Engines">How many prediction engines are in a pool; there is a pool for each number.</param>
/// <param name="Passes">Times over; the fastest pass counts.</param>
/// <param name="Requests">Requests of the test of memory and of that of answers.</param>
/// <param name="Reloads">Reloads of the model.</param>
/// <param name="Limit">How long all of it may take.</param>
internal sealed record ServeBenchmarkSettings(string Model, string? Network, string[] Photos, ServedPart[] Parts, int Clients,
    int[] Engines, int Passes, int Requests, int Reloads, TimeSpan Limit);
