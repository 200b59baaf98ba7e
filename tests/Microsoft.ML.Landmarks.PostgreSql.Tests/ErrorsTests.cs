using System.Security.Authentication;
using Microsoft.ML.Landmarks.Tests;
using Npgsql;

namespace Microsoft.ML.Landmarks.PostgreSql.Tests;

/// <summary>Messages that no server is needed for.</summary>
[TestClass]
public sealed class ErrorsTests
{
    [TestMethod]
    public void Errors_HostileText_IsShownAndCut() => HostileMessages.AssertShown(typeof(Errors), type
        => type == typeof(long[]) ? new long[] { 1, 2 }
        : type.IsAssignableFrom(typeof(PostgresException)) && type != typeof(Exception) ? Of(PostgresErrorCodes.InsufficientPrivilege)
        : null);

    [TestMethod]
    public void OfServer_AnyState_IsASentence()
    {
        NpgsqlException[] errors = [.. typeof(PostgresErrorCodes).GetFields().Select(field => Of((string)field.GetValue(null)!)),
            Of("ZZ999"), new NpgsqlException(""), new NpgsqlException("", new TimeoutException()),
            new NpgsqlException("", new AuthenticationException()), new NpgsqlException("", new IOException())];
        Assert.IsGreaterThan(200, errors.Length);
        foreach (NpgsqlException error in errors)
        {
            Exception told = Errors.OfServer("the index", error);
            Assert.AreSame(error, told.InnerException);
            Assert.Contains("'the index'", told.Message);
            Assert.EndsWith(".", told.Message);
            if (told is NpgsqlException sentence)
                Assert.AreEqual(error.IsTransient, sentence.IsTransient, error.SqlState);
        }
    }

    [TestMethod]
    public void OfCreating_NoPackageOnTheServer_SaysWhichOne()
    {
        var error = new PostgresException(
            "extension \"vector\" is not available", "ERROR", "ERROR", PostgresErrorCodes.FeatureNotSupported);

        Assert.AreEqual("The server has no pgvector: extension \"vector\" is not available. Install its package, postgresql-17-pgvector "
            + "say.", Errors.OfCreating("index", error)!.Message);
    }

    private static PostgresException Of(string state) => new("what it says", "ERROR", "ERROR", state);
}
