using Npgsql;

namespace Microsoft.ML.Landmarks.PostgreSql.Tests;

/// <summary>What a refusal says.</summary>
internal static class Refusal
{
    /// <summary>Fails unless something is refused by a sentence, in which, and in what led to it, no secret stands.</summary>
    /// <returns>The sentence.</returns>
    public static async Task<string> OfAsync<T>(Func<Task> work)
        where T : Exception
    {
        T error = await Assert.ThrowsExactlyAsync<T>(work);
        Assert.EndsWith(".", error.Message.Split(" (Parameter ")[0]);
        Assert.DoesNotContain("/srv/", error.Message);
        Assert.DoesNotContain("127.0.0.1", error.Message);
        foreach (string secret in (string[])[PostgresServer.Password, "Password=", "Host=", "Username="])
            Assert.DoesNotContain(secret, error.ToString(), StringComparison.OrdinalIgnoreCase);
        return error.Message;
    }

    /// <summary>What can be tried again later says so by <see cref="NpgsqlException.IsTransient"/>.</summary>
    public static async Task<(string Message, bool IsTransient)> OfServerAsync(Func<Task> work)
    {
        bool isTransient = false;
        string message = await OfAsync<NpgsqlException>(async () =>
        {
            try
            {
                await work();
            }
            catch (NpgsqlException e)
            {
                isTransient = e.IsTransient;
                throw;
            }
        });
        return (message, isTransient);
    }
}
