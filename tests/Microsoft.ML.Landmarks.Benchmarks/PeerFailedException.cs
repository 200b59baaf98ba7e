namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>What the library is compared with gave no figures; the message says why.</summary>
internal sealed class PeerFailedException(string message, Exception? inner = null) : Exception(message, inner);
