using Landmarks.Demo.Tests;
using Microsoft.ML.Landmarks.PostgreSql.Tests;

namespace Landmarks.Demo.PostgreSql.Tests;

/// <summary>How the program is told of servers: as psql is.</summary>
[TestClass]
public sealed class ConnectionTests
{
    private const string LookAt = "Look at PGHOST, PGPORT and PGSSLMODE, or at the service that PGSERVICE names.",
        Refused = "The server does not let the role in (28P01). Look at PGUSER, at the password in PGPASSWORD or in the file that "
            + "PGPASSFILE names, and at pg_hba.conf of the server.";

    [TestMethod]
    public async Task Password_OfTheEnvironmentAFileOrAService_IsTaken()
    {
        await using PostgresServer server = await PostgresServer.StartNewAsync("tool-password");
        await TestDatabase.ExecuteAsync(server, "create role guest login password 'right'; create extension vector");
        string rules = Path.Combine(Path.GetDirectoryName(server.Socket)!, "data", "pg_hba.conf");
        await File.WriteAllTextAsync(rules, $"local all guest scram-sha-256\n{await File.ReadAllTextAsync(rules)}");
        await TestDatabase.ExecuteAsync(server, "select pg_reload_conf()");
        using var folder = new WorkFolder();
        const string Entered = "The database has no index 'none'. Make it by landmarks index create, or name another schema.";
        folder.WriteText("right.pgpass", $"{server.Socket}:*:*:guest:right\n");
        folder.WriteText("wrong.pgpass", "*:*:*:*:wrong\n");
        // Npgsql and libpq alike ignore a file that others may read.
        DemoProgram.RunOther("chmod", folder, "600", folder["right.pgpass"], folder["wrong.pgpass"]).AssertSuccess();
        folder.WriteText("services", $"# Of the tests\n[other]\nhost=nowhere\n\n[guest]\nhost={server.Socket}\nuser=guest\n"
            + "password=right\ndbname=postgres\nport=5432\n[last]\n");

        Info(("PGPASSWORD", "right")).AssertError(1, Entered);
        Info(("PGPASSFILE", folder["right.pgpass"])).AssertError(1, Entered);
        Info(("PGPASSWORD", "wrong")).AssertError(1, Refused);
        Info(("PGPASSFILE", folder["wrong.pgpass"])).AssertError(1, Refused);
        Info(("PGPASSFILE", folder["none"])).AssertError(1, $"'{folder["none"]}' does not exist.");
        Info(("PGPASSFILE", folder.WriteText("empty.pgpass", "")))
            .AssertError(1, $"The database can't be reached: it asks for a password, and there is none. {LookAt}");
        // A service counts before variables.
        Info(("PGSERVICEFILE", folder["services"]), ("PGSERVICE", "guest"), ("PGHOST", "nowhere"), ("PGPASSWORD", "wrong"))
            .AssertError(1, Entered);
        Info(("PGSERVICEFILE", folder["services"]), ("PGSERVICE", "guests")).AssertError(1, "There is no service 'guests' in "
            + $"'{folder["services"]}'. PGSERVICEFILE names the file, which is ~/.pg_service.conf otherwise, and PGSERVICE or "
            + "LANDMARKS_INDEX_SERVICES a service in it.");

        ProgramResult Info(params (string Name, string Value)[] environment) => DemoProgram.Run(TestDatabase.EnvironmentOf(server,
            [("PGUSER", "guest"), ("PGDATABASE", "postgres"), .. environment]), folder, "index", "info", "--schema", "none");
    }

    [TestMethod]
    public void Settings_ThatCantBeObeyed_AreNamed()
    {
        using var folder = new WorkFolder();
        folder.WriteText("services", "[a]\nport=5432\nldap://here\n[b]\nkrbsrvname=x\n[c]\nsslmode=safe\n");
        string file = folder["services"];

        Info(1, "PGPORT is port; it must be the number of a port.", ("PGPORT", "port"));
        Info(1, "PGPORT names 3 ports of 2 hosts. Name one for all, or one for each.", ("PGHOST", "a,b"), ("PGPORT", "1,2,3"));
        Info(1, "PGSSLMODE is safe; it must be one of disable, allow, prefer, require, verify-ca, verify-full.", ("PGSSLMODE", "safe"));
        Info(1, "PGCONNECT_TIMEOUT is soon; it must be a number of seconds.", ("PGCONNECT_TIMEOUT", "soon"));
        Info(1, "PGSSLROOTCERT is system; it must be the file of an authority's certificate.", ("PGSSLROOTCERT", "system"));
        Info(1, "PGHOSTADDR and PGHOST are both given, and a certificate is compared with the one that is connected to. Leave PGHOSTADDR "
            + "out.", ("PGHOSTADDR", "127.0.0.1"), ("PGHOST", "here"), ("PGSSLMODE", "verify-full"));
        Info(1, "PGSSLCRL asks for what this program can't do. Leave it out, and have the server see to it.", ("PGSSLCRL", "crl.pem"));
        Info(1, $"Line 3 of '{file}' is no setting, NAME=VALUE, without spaces around the sign.", ("PGSERVICE", "a"));
        Info(1, "The service 'b' has the setting krbsrvname, which this program does not know. Leave it out.", ("PGSERVICE", "b"));
        Info(1, "sslmode of the service c is safe; it must be one of disable, allow, prefer, require, verify-ca, verify-full.",
            ("PGSERVICE", "c"));
        Info(1, $"The database can't be reached: Connection refused. {LookAt}", ("PGHOST", "127.0.0.1"), ("PGPORT", "9"));

        void Info(int exitCode, string message, params (string Name, string Value)[] settings)
        {
            Dictionary<string, string> environment = new() { ["PGSERVICEFILE"] = file };
            foreach ((string name, string value) in settings)
                environment[name] = value;
            DemoProgram.Run(environment, folder, "index", "info", "--schema", "none").AssertError(exitCode, message);
        }
    }

    [TestMethod]
    public async Task Servers_Several_ShareTheRowsAndAnswerAsOne()
    {
        PostgresServer first = await TestDatabase.Server, second = await TestDatabase.Other;
        using var folder = new WorkFolder();
        folder.WriteText("services", $"[one]\nhost={first.Socket}\nuser=postgres\n[two]\nhost={second.Socket}\nuser=postgres\n");
        Dictionary<string, string> environment = new()
        {
            ["PGSERVICEFILE"] = folder["services"],
            ["LANDMARKS_INDEX_SERVICES"] = "one, two",
        };
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "model.zip")).AssertSuccess();

        string schema = TestDatabase.Load(folder, environment, "model.zip");

        string[] info = DemoProgram.Run(environment, folder, "index", "info", "--schema", schema).AssertSuccess().OutputLines;
        StringAssert.Matches(info[1], new("^On 2 servers, landmark rows: [1-9][0-9]*, [1-9][0-9]*.$"));
        DemoProgram.Run(folder, "predict", "--model", "model.zip", "--format", "json", "--output", "expected", "photos").AssertSuccess();
        DemoProgram.Run(environment, folder, "predict", "--model", "rowless.zip", "--index", schema, "--format", "json", "--output",
            "found", "photos").AssertSuccess();
        CollectionAssert.AreEqual(File.ReadAllBytes(folder["expected"]), File.ReadAllBytes(folder["found"]));
        DemoProgram.Run(TestDatabase.EnvironmentOf(first), folder, "index", "info", "--schema", schema).AssertError(1,
            $"The index '{schema}' is on 2 servers, which are all needed, each once; given were numbers 0 from 0 on. Name a service of "
            + "each in LANDMARKS_INDEX_SERVICES.");
    }

    [TestMethod]
    public async Task Roles_Reader_MayAskAndChangeNothing()
    {
        PostgresServer server = await TestDatabase.Server;
        await TestDatabase.ExecuteAsync(server, "create role \"web reader\" login; create role web_writer login");
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "model.zip", "--plain")).AssertSuccess();
        string schema = TestDatabase.Load(folder, TestDatabase.EnvironmentOf(server), "model.zip", "--reader", "web reader", "--writer",
            "web_writer");

        As("web reader", "predict", "--model", "rowless.zip", "--index", schema, "photos").AssertSuccess();
        As("web reader", "index", "check", "--schema", schema).AssertSuccess();
        As("web reader", "index", "remove", "--schema", schema, "--landmark", "Tower 1").AssertError(1,
            $"The role may not do that with the index '{schema}': permission denied for table non_landmark. Let its owner grant it, as "
            + "landmarks index create does for the roles of --reader and --writer.");
        As("web_writer", "index", "remove", "--schema", schema, "--landmark", "Tower 1").AssertSuccess();

        ProgramResult As(string role, params string[] arguments) => DemoProgram.Run(
            TestDatabase.EnvironmentOf(server, ("PGUSER", role), ("PGDATABASE", "postgres")), folder, arguments);
    }
}
