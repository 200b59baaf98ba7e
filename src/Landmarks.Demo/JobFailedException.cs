namespace Landmarks.Demo;

/// <summary>A job can't be done; the message tells the user all there is to know.</summary>
internal sealed class JobFailedException(string message, Exception? inner = null) : Exception(message, inner);
