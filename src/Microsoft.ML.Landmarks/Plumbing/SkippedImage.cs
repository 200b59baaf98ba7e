using Microsoft.ML.Landmarks;

namespace Microsoft.ML;

/// <summary>A photograph that could not be read, and whose row is a missing one therefore.</summary>
/// <param name="Row">The row, from 0, in the view that the step reads.</param>
/// <param name="Message">What <see cref="BadImageHandling.Throw"/> would say: the row, the file and what is wrong with it.</param>
public sealed record SkippedImage(long Row, string Message)
{
    /// <summary>The same without the row.</summary>
    internal string Reason
        => Message.StartsWith(Errors.InRow(Row), StringComparison.Ordinal) ? Message[Errors.InRow(Row).Length..] : Message;
}
