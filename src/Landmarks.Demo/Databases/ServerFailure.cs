using System.Net.Sockets;
using Npgsql;

namespace Landmarks.Demo.Databases;

/// <summary>Says why a server can't be asked, in the words of those who set variables, and without how it is reached: Npgsql's own texts
/// name hosts and roles.</summary>
internal static class ServerFailure
{
    private const string ClassOfAuthorization = "28", ShuttingDown = "57P";

    /// <summary>What Npgsql throws, or the library in its place, in words.</summary>
    public static string Describe(NpgsqlException e)
    {
        NpgsqlException cause = e;
        while (cause.InnerException is NpgsqlException inner)
            cause = inner;
        return cause.SqlState switch
        {
            null => Errors.ServerUnreachable(Reason(cause)),
            PostgresErrorCodes.InvalidCatalogName => Errors.NoDatabase,
            var refused when refused.StartsWith(ClassOfAuthorization, StringComparison.Ordinal) => Errors.RoleRefused(refused),
            var ended when ended.StartsWith(ShuttingDown, StringComparison.Ordinal)
                => Errors.ServerUnreachable("it is being started or stopped"),
            // The library has said it better.
            _ when cause != e => LibraryTexts.Translate(e.Message),
            var other => Errors.ServerRefused(((PostgresException)cause).MessageText, other),
        };
    }

    // The innermost exception knows it. A socket's own text has the address.
    private static string Reason(NpgsqlException e)
    {
        Exception cause = e;
        while (cause.InnerException is { } inner && cause is not SocketException)
            cause = inner;
        return cause switch
        {
            SocketException socket => new SocketException(socket.ErrorCode).Message,
            TimeoutException => "it does not answer in time",
            NpgsqlException npgsql when npgsql.Message.StartsWith("No password", StringComparison.Ordinal)
                => "it asks for a password, and there is none",
            _ => cause.Message,
        };
    }
}
