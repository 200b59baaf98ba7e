
namespace Landmarks.Demo.Data;

/// <summary>What a method answered.</summary>
/// <param name="Method">Its name.</param>
/// <param name="ImageSize">Side of the images in pixels; several, by +, where the mean of their embeddings is taken.</param>
/// <param name="Answers">In the order of the queries.</param>
internal sealed record MethodAnswers(string Method, string ImageSize, IReadOnlyList<Answer> Answers);
