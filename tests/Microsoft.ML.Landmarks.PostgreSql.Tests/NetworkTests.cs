using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.ML.Landmarks.Tests;
using Npgsql;
using static Microsoft.ML.Landmarks.PostgreSql.Tests.TestIndex;

namespace Microsoft.ML.Landmarks.PostgreSql.Tests;

/// <summary>A server over a network, with certificates and passwords.</summary>
[TestClass]
public sealed class NetworkTests
{
    [TestMethod]
    public async Task AttachAsync_CertificatesAndPasswords_AreLookedAtAndNeverTold()
    {
        const string Name = "network";
        using var folder = new TemporaryFolder();
        using X509Certificate2 authority = Authority("authority"), another = Authority("another");
        await File.WriteAllTextAsync(folder["authority.crt"], authority.ExportCertificatePem());
        await File.WriteAllTextAsync(folder["another.crt"], another.ExportCertificatePem());
        int port = FreePort();
        PostgresServer.DeleteData(Name);
        WriteFiles(PostgresServer.HomeOf(Name), authority);
        await using PostgresServer server = await PostgresServer.StartAsync(Name, "listen_addresses=127.0.0.1", $"port={port}", "ssl=on",
            $"ssl_cert_file=/srv/{Name}/server.crt", $"ssl_key_file=/srv/{Name}/server.key", $"hba_file=/srv/{Name}/hba.conf");
        await using NpgsqlDataSource owner = server.Open(configure: text => text.Port = port);
        await PostgresServer.RunAsync(owner, $"create role web login password '{PostgresServer.Password}'");
        KnnLandmarkTransformer model = Fit([.. Rows(new Random(1), 60, "first", 0.3)]);
        await PostgresLandmarkIndex.CreateAsync([owner], "index", model, new LandmarkIndexRoles { Readers = ["web"] });
        (await PostgresLandmarkIndex.LoadAsync([owner], "index", model)).Dispose();

        IDataView queries = View([.. Rows(new Random(9), 20, "query", 0.2)]);
        await using (NpgsqlDataSource source = Open("authority.crt"))
        {
            using PostgresLandmarkIndex index = await PostgresLandmarkIndex.AttachAsync([source], "index");
            ViewReader.AssertSameRows(model.Transform(queries).AllRows(), model.WithIndex(index).Transform(queries).AllRows());
        }

        const string Certificate = "The certificate of a server of the index 'index' is not one that the data source's SSL Mode takes. "
            + "Give the authority that signed it as Root Certificate, and call the server by the name in it.";
        const string Role = "A server of the index 'index' does not let the data source's role in. Look at its name and password, and at "
            + "pg_hba.conf there.";
        Assert.AreEqual(Certificate, await RefuseAsync("another.crt"));
        Assert.AreEqual(Certificate, await RefuseAsync("authority.crt", text => text.Host = "127.0.0.1"));
        Assert.AreEqual(Role, await RefuseAsync("authority.crt", text => text.Password = $"not {PostgresServer.Password}"));
        Assert.AreEqual(Role, await RefuseAsync("authority.crt", text => text.Username = "nobody"));
        Assert.AreEqual(Role, await RefuseAsync(null, text => text.SslMode = SslMode.Disable));
        Assert.AreEqual("A server that should hold the index 'index' has no such database: database \"other\" does not exist. Look at the "
            + "data source.", await RefuseAsync("authority.crt", text => text.Database = "other"));

        NpgsqlDataSource Open(string? certificate, Action<NpgsqlConnectionStringBuilder>? configure = null) => server.Open("web", text =>
        {
            (text.Host, text.Port, text.SslMode) = ("localhost", port, SslMode.VerifyFull);
            text.RootCertificate = certificate is null ? null : folder[certificate];
            configure?.Invoke(text);
        });

        async Task<string> RefuseAsync(string? certificate, Action<NpgsqlConnectionStringBuilder>? configure = null)
        {
            await using NpgsqlDataSource source = Open(certificate, configure);
            (string message, bool isTransient) = await Refusal.OfServerAsync(() => PostgresLandmarkIndex.AttachAsync([source], "index"));
            Assert.IsFalse(isTransient);
            return message;
        }
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static void WriteFiles(string home, X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.Create(
            authority, DateTimeOffset.UtcNow.AddHours(-12), DateTimeOffset.UtcNow.AddHours(12), [1, 2, 3]);
        Directory.CreateDirectory(home);
        File.WriteAllText(Path.Combine(home, "server.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(home, "server.key"), key.ExportPkcs8PrivateKeyPem());
        // A server takes no key that others may read.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(home, "server.key"), UnixFileMode.UserRead);
        File.WriteAllText(Path.Combine(home, "hba.conf"), "local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
