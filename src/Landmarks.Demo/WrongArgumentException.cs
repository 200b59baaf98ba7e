namespace Landmarks.Demo;

/// <summary>An argument that the parser could not know to be wrong.</summary>
internal sealed class WrongArgumentException(string message, Exception? inner = null) : Exception(message, inner);
