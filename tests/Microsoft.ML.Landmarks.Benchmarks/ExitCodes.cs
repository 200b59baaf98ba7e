namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>What the program answers its shell.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    public const int Failed = 1;

    public const int WrongArguments = 2;
}
