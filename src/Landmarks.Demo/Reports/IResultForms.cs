namespace Landmarks.Demo.Reports;

/// <summary>The forms that results are written in.</summary>
/// <typeparam name="T">What a result is.</typeparam>
internal interface IResultForms<T>
{
    /// <param name="writeLine">Writes a line.</param>
    IResultWriter<T> CreateText(Action<string> writeLine);

    /// <param name="stream">Left open.</param>
    IResultWriter<T> CreateJson(Stream stream);

    /// <inheritdoc cref="CreateJson"/>
    IResultWriter<T> CreateCsv(Stream stream);
}
