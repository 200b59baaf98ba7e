namespace Landmarks.Demo.Reports;

/// <summary>Writes results in one form, each whole as soon as it is there.</summary>
/// <typeparam name="T">What a result is.</typeparam>
internal interface IResultWriter<T>
{
    /// <exception cref="IOException">It could not be written.</exception>
    void Write(T result);
}
