namespace Landmarks.Demo.Serving;

/// <summary>A request gets no answer but a problem.</summary>
/// <param name="status">The status of HTTP.</param>
/// <param name="message">What is wrong, for who asked.</param>
internal sealed class RequestRefusedException(int status, string message) : Exception(message)
{
    public int Status => status;
}
