namespace Landmarks.Demo;

/// <summary>What the program answers its shell.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    public const int Failed = 1;

    public const int WrongArguments = 2;

    /// <summary>128 and the number of SIGINT; that of other signals too that end the program.</summary>
    public const int Interrupted = 130;
}
