namespace Landmarks.Demo.Output;

/// <summary>Shows how far the stages of a job are.</summary>
internal interface IProgressBoard
{
    /// <summary>Adds a stage.</summary>
    /// <param name="title">What is being done.</param>
    /// <param name="total">How many things it is done to.</param>
    /// <returns>To be told, from any thread, how many of them are done.</returns>
    IProgress<long> Add(string title, long total);
}
