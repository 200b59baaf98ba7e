using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace Landmarks.Demo.Databases;

/// <summary>
/// How a server is reached, as all programs of libpq are told it, psql among them: by a service of pg_service.conf, and for what that does
/// not say by environment variables. Nothing of it is told in a message but the names of settings.
/// </summary>
/// <remarks>Npgsql itself reads some of the variables, and neither PGHOST, PGPORT, PGDATABASE, PGSSLMODE and PGCONNECT_TIMEOUT nor
/// services.</remarks>
internal sealed class ConnectionSettings
{
    private const string ServiceVariable = "PGSERVICE";

    // Those of libpq that are obeyed.
    private static readonly Dictionary<string, string> s_variables = new()
    {
        ["host"] = "PGHOST",
        ["hostaddr"] = "PGHOSTADDR",
        ["port"] = "PGPORT",
        ["dbname"] = "PGDATABASE",
        ["user"] = "PGUSER",
        ["password"] = "PGPASSWORD",
        ["passfile"] = "PGPASSFILE",
        ["sslmode"] = "PGSSLMODE",
        ["sslrootcert"] = "PGSSLROOTCERT",
        ["sslcert"] = "PGSSLCERT",
        ["sslkey"] = "PGSSLKEY",
        ["sslnegotiation"] = "PGSSLNEGOTIATION",
        ["channel_binding"] = "PGCHANNELBINDING",
        ["require_auth"] = "PGREQUIREAUTH",
        ["gssencmode"] = "PGGSSENCMODE",
        ["application_name"] = "PGAPPNAME",
        ["connect_timeout"] = "PGCONNECT_TIMEOUT",
        ["options"] = "PGOPTIONS",
        ["target_session_attrs"] = "PGTARGETSESSIONATTRS",
    };

    // What is asked for by these would not be kept, and who asked would not know.
    private static readonly string[] s_notObeyed = ["PGSSLCRL", "PGSSLCRLDIR", "PGREQUIREPEER", "PGREQUIRESSL", "PGSSLCERTMODE",
        "PGSSLMINPROTOCOLVERSION", "PGSSLMAXPROTOCOLVERSION"];

    // Where the sockets of Debian's and of PostgreSQL's own servers are: libpq takes the one that it was built for.
    private static readonly string[] s_socketFolders = ["/var/run/postgresql", "/tmp"];

    // That of Npgsql and of libpq where none is named.
    private static readonly string s_authority = OperatingSystem.IsWindows()
        ? Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "postgresql", "root.crt")
        : Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".postgresql", "root.crt");

    private readonly string? _service;
    private readonly IReadOnlyDictionary<string, string> _ofService;

    /// <param name="service">The service; null for the one that PGSERVICE names, or none.</param>
    /// <exception cref="JobFailedException">There is no such service, or a setting can't be obeyed.</exception>
    public ConnectionSettings(string? service = null)
    {
        _service = service ?? Variable(ServiceVariable);
        _ofService = _service is null ? new Dictionary<string, string>() : ServiceFile.Read(_service);
        if (_ofService.Keys.FirstOrDefault(setting => !s_variables.ContainsKey(setting)) is { } unknown)
            throw Errors.ServiceSetting(_service!, unknown);
        if (s_notObeyed.FirstOrDefault(name => Variable(name) is not null) is { } variable)
            throw Errors.VariableNotObeyed(variable);
    }

    /// <summary>The settings as Npgsql takes them.</summary>
    /// <exception cref="JobFailedException">One can't be obeyed.</exception>
    public NpgsqlConnectionStringBuilder Build()
    {
        var built = new NpgsqlConnectionStringBuilder
        {
            Database = Get("dbname"),
            Username = Get("user"),
            Password = Get("password"),
            Passfile = Get("passfile"),
            SslMode = Choose("sslmode", SslMode.Prefer),
            RootCertificate = Get("sslrootcert"),
            SslCertificate = Get("sslcert"),
            SslKey = Get("sslkey"),
            SslNegotiation = Choose("sslnegotiation", SslNegotiation.Postgres),
            ChannelBinding = Choose("channel_binding", ChannelBinding.Prefer),
            RequireAuth = Get("require_auth"),
            GssEncryptionMode = Choose("gssencmode", GssEncryptionMode.Prefer),
            ApplicationName = Get("application_name") ?? "landmarks",
            Options = Get("options"),
            TargetSessionAttributes = Get("target_session_attrs"),
            // PGCLIENTENCODING is of programs that show texts; Npgsql would send UTF-8 and call it so.
            ClientEncoding = "UTF8",
            // As psql: statement_timeout, of the role or in PGOPTIONS, decides how long a statement may take.
            CommandTimeout = 0,
        };
        (built.Host, built.Port) = Hosts();
        // A network that is gone without a word is noticed within a minute or two.
        if (!built.Host.Contains('/', StringComparison.Ordinal))
            (built.TcpKeepAlive, built.TcpKeepAliveTime, built.TcpKeepAliveInterval) = (true, 30, 10);
        if (Number("connect_timeout") is { } seconds)
            built.Timeout = Math.Clamp(seconds, 0, 1_024);
        if (built.Passfile is { } file && !File.Exists(file))
            throw Errors.FileMissing(file);
        if (built.RootCertificate == "system")
            throw Errors.ConnectionSetting(NameOf("sslrootcert"), "system", "the file of an authority's certificate");
        // As libpq has it, so that a certificate that is there is not for nothing.
        if (built.SslMode == SslMode.Require && (built.RootCertificate is not null || File.Exists(s_authority)))
            built.SslMode = SslMode.VerifyCA;
        return built;
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private string? Get(string setting)
        => _ofService.TryGetValue(setting, out string? value) && value.Length > 0 ? value : Variable(s_variables[setting]);

    // As a user knows it.
    private string NameOf(string setting)
        => _ofService.ContainsKey(setting) ? $"{setting} of the service {_service}" : s_variables[setting];

    // Several, each with its port, are tried in turn.
    private (string Host, int Port) Hosts()
    {
        string[] ports = (Get("port") ?? $"{NpgsqlConnection.DefaultPort}").Split(',');
        if (ports.FirstOrDefault(port => !ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out _)) is { } wrong)
            throw Errors.ConnectionSetting(NameOf("port"), wrong, "the number of a port");
        string? named = Get("host"), address = Get("hostaddr");
        if (address is not null && named is not null && Choose("sslmode", SslMode.Prefer) == SslMode.VerifyFull)
            throw Errors.AddressBesideHost(NameOf("hostaddr"), NameOf("host"));
        string[] hosts = [.. (address ?? named ?? "").Split(',').Select(host => host.Length == 0 ? DefaultHost(ports[0]) : host)];
        if (ports.Length > 1 && ports.Length != hosts.Length)
            throw Errors.PortsOfHosts(NameOf("port"), ports.Length, hosts.Length);
        if (hosts.Length == 1)
            return (hosts[0], int.Parse(ports[0], CultureInfo.InvariantCulture));
        return (string.Join(',', hosts.Select((host, i)
            => $"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{ports[ports.Length == 1 ? 0 : i]}")),
            NpgsqlConnection.DefaultPort);
    }

    private static string DefaultHost(string port)
        => s_socketFolders.FirstOrDefault(folder => File.Exists(Path.Join(folder, $".s.PGSQL.{port}"))) ?? "localhost";

    private T Choose<T>(string setting, T byDefault) where T : struct, Enum
    {
        if (Get(setting) is not { } text)
            return byDefault;
        // Npgsql's names are libpq's words in another writing: verify-full is VerifyFull.
        Dictionary<string, T> values = Enum.GetValues<T>().ToDictionary(value => JsonNamingPolicy.KebabCaseLower.ConvertName($"{value}"));
        return values.TryGetValue(text, out T chosen) ? chosen
            : throw Errors.ConnectionSetting(NameOf(setting), text, $"one of {string.Join(", ", values.Keys)}");
    }

    private int? Number(string setting) => Get(setting) is not { } text ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number
        : throw Errors.ConnectionSetting(NameOf(setting), text, "a number of seconds");
}
