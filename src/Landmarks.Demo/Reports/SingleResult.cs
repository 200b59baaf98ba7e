using Landmarks.Demo.Output;
using Microsoft.ML.Landmarks.Files;

namespace Landmarks.Demo.Reports;

/// <summary>Writes all that a job tells where that is one thing.</summary>
internal static class SingleResult
{
    /// <summary>Writes it, and puts the file in its place.</summary>
    /// <param name="terminal">Gives standard output up, but where a person reads what else is said there.</param>
    /// <param name="forms">The forms that it may have.</param>
    /// <param name="format">Its form; null for text.</param>
    /// <param name="file">Takes it; null: it is text among what else is said.</param>
    /// <param name="result">The thing.</param>
    /// <exception cref="JobFailedException">Standard output can't be written.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Write<T>(Terminal terminal, IResultForms<T> forms, ResultFormat? format, OutputFile? file, T result)
    {
        using var output = new ResultOutput<T>(terminal, forms, format, file);
        if (output.TryWrite(result) && output.TryComplete())
            file?.Commit();
    }
}
