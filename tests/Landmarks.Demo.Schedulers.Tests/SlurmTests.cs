using Landmarks.Demo.Tests;

namespace Landmarks.Demo.Schedulers.Tests;

[TestClass]
public sealed class SlurmTests
{
    private const string Shard = "embeddings-00002-of-00003.json";

    // The second shard is stopped in its midst, twice: where it was done before it could be stopped it is made again.
    private const string Hook = $$"""
        if [[ "$*" == *' --shard 2/3 '* && ! -e killed-by-slurm ]]; then
          until [ -e halfway ]; do
            rm -f "$SHARDS/{{Shard}}"
            PROGRAM "$@" &
            while kill -0 $!; do
              if compgen -G "$SHARDS/{{Shard}}?*"; then
                kill -STOP $!
                [ -e "$SHARDS/{{Shard}}" ] || touch halfway
                break
              fi
            done
            [ -e halfway ] || kill -KILL $!
          done
          if [ -e killed ]; then wait; fi
          touch killed
          rm halfway
          kill -KILL $!
          wait $!
          exit $?
        fi
        """;

    [TestMethod]
    public async Task Slurm_KilledShards_AreRunAgainAndLeaveTheModelOfOneFit()
    {
        await using SlurmCluster cluster = await SlurmCluster.StartAsync();
        using var folder = new ExampleFolder(Hook.Replace("PROGRAM", $"dotnet '{DemoProgram.Program}'", StringComparison.Ordinal));

        // A process that the system kills, for want of memory say: what waits for its shard goes.
        Submit();
        await WaitAsync(() => cluster.Ask(folder, "squeue", "--noheader").Length == 0);
        Assert.AreSequenceEqual(["embeddings-00001-of-00003.json", "embeddings-00003-of-00003.json"], Manifests());

        // All once more; a node that fails, or is taken by jobs that matter more.
        Submit();
        await WaitAsync(() => File.Exists(folder.Folder["halfway"]));
        string job = Shards("RUNNING").Single(name => name.EndsWith("_2", StringComparison.Ordinal));
        File.Create(folder.Folder["killed-by-slurm"]).Dispose();
        cluster.Ask(folder, "scontrol", "requeue", job);
        await WaitAsync(() => Shards("PENDING").Contains(job));
        // Of its own accord Slurm waits two minutes.
        cluster.Ask(folder, "scontrol", "update", $"JobId={job}", "StartTime=now");
        await WaitAsync(() => cluster.Ask(folder, "squeue", "--noheader").Length == 0);
        string[] logs = [.. Directory.GetFiles(folder.Folder.FullPath, "slurm-*.out").Order().Select(File.ReadAllText)];
        folder.AssertModel(string.Join('\n', logs));
        // The first and the third shard had been made before.
        Assert.HasCount(2, logs.Where(log => log.Contains("/3 is complete", StringComparison.Ordinal)));

        void Submit() => cluster.Run(folder, [$"PHOTOS={folder.Folder["photos"]}", $"SHARDS={folder.Folder["shards"]}",
            $"MODEL={folder.Folder["landmarks.zip"]}", "EMBED=3", "PENALTIES=2"], "bash", ExampleFolder.Example("slurm.sh"))
            .AssertSuccess();

        string[] Shards(string state)
            => cluster.Ask(folder, "squeue", "--noheader", "--name=landmarks-embed", $"--states={state}", "--format=%F_%K");

        string[] Manifests() => [.. Directory.GetFiles(folder.Folder["shards"], "*.json").Select(file => Path.GetFileName(file)!).Order()];
    }

    private static async Task WaitAsync(Func<bool> condition)
    {
        for (int tries = 0; !condition(); tries++)
        {
            Assert.IsLessThan(600, tries, "It has not come after minutes.");
            await Task.Delay(200);
        }
    }
}
