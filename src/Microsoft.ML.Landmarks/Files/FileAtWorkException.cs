namespace Microsoft.ML.Landmarks.Files;

/// <summary>Another run is writing a file.</summary>
internal sealed class FileAtWorkException(string message) : IOException(message);
