namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>What the user named can't be measured; the message says what was found, what is allowed, and the way out.</summary>
internal sealed class WrongInputException(string message, Exception? inner = null) : Exception(message, inner);
