namespace Landmarks.Demo.Methods;

/// <summary>A method that was chosen by the rows it is to learn from.</summary>
/// <param name="Method">The method.</param>
/// <param name="Why">What speaks for it, in words; null where it was asked for.</param>
internal sealed record ChosenMethod(Method Method, string? Why = null)
{
    /// <summary>Its name, and why it is.</summary>
    public override string ToString() => Why is null ? Method.Name : $"{Method.Name}; {Why}";
}
