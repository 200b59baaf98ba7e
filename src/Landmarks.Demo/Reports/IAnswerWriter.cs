using Microsoft.ML;

namespace Landmarks.Demo.Reports;

/// <summary>Writes answers in one form, each whole as soon as it is there.</summary>
internal interface IAnswerWriter
{
    /// <exception cref="IOException">It could not be written.</exception>
    void Write(LandmarkAnswer answer);
}
