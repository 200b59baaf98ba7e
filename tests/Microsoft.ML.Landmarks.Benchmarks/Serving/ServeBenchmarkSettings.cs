namespace Microsoft.ML.Landmarks.Benchmarks.Serving;

/// <param name="Model">The model's file.</param>
/// <param name="Photos">The photographs that are asked for, over and over.</param>
/// <param name="Parts">What is measured.</param>
/// <param name="Clients">How many clients ask at a time.</param>
/// <param name="Passes">Times over; the fastest pass counts.</param>
/// <param name="Requests">Requests of the test of memory and of that of answers.</param>
/// <param name="Reloads">Reloads of the model.</param>
/// <param name="Limit">How long all of it may take.</param>
internal sealed record ServeBenchmarkSettings(string Model, string[] Photos, ServedPart[] Parts, int Clients, int Passes, int Requests,
    int Reloads, TimeSpan Limit);
