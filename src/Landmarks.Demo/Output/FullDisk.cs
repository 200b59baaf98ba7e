namespace Landmarks.Demo.Output;

/// <summary>Tells a disk that is full from what else keeps a file from being written.</summary>
internal static class FullDisk
{
    // ENOSPC and EDQUOT, as Linux and macOS number them; ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL of Windows.
    private static readonly int[] s_codes = OperatingSystem.IsWindows() ? [unchecked((int)0x80070027), unchecked((int)0x80070070)]
        : [28, OperatingSystem.IsMacOS() ? 69 : 122];

    /// <summary>What says so before a disk is full: what is to be written has no room on it.</summary>
    public static IOException Foreseen() => new(message: null, s_codes[0]);

    /// <summary>Whether it is what has failed in the end.</summary>
    public static bool IsCauseOf(Exception failure)
        => failure is IOException && s_codes.Contains(failure.HResult) || failure.InnerException is { } inner && IsCauseOf(inner);
}
