using System.Text.Json;

namespace Landmarks.Demo.Schedulers.Tests;

[TestClass]
public sealed class AzureBatchTests
{
    [TestMethod]
    public async Task Example_Requests_AreOfAzureBatchsTypes()
    {
        AzureBatchModels models = await AzureBatchModels.LoadAsync();
        using var folder = new ExampleFolder();
        (string job, string tasks) = Submit(folder);

        Assert.AreSequenceEqual([], Problems("JobAddParameter", job));
        Assert.AreSequenceEqual([], Problems("TaskAddCollectionParameter", tasks));
        // What is misspelled, missing or of another type is told.
        Assert.AreSequenceEqual(["$: JobAddParameter has no usesTaskDependency."],
            Problems("JobAddParameter", job.Replace("usesTaskDependencies", "usesTaskDependency", StringComparison.Ordinal)));
        Assert.AreSequenceEqual([".poolInfo.autoPoolSpecification.pool: PoolSpecification has no vmsize.",
            ".poolInfo.autoPoolSpecification.pool: PoolSpecification needs vmSize."],
            Problems("JobAddParameter", job.Replace("vmSize", "vmsize", StringComparison.Ordinal)).Select(problem => problem[1..]));
        Assert.AreSequenceEqual(["$.onTaskFailure: performexitoptions is no OnTaskFailure."],
            Problems("JobAddParameter", job.Replace("performexitoptionsjobaction", "performexitoptions", StringComparison.Ordinal)));
        Assert.AreSequenceEqual(["$.value[12].dependsOn.taskIdRanges[0].start: nine is no int."],
            Problems("TaskAddCollectionParameter", tasks.Replace("\"start\": 9,", "\"start\": \"nine\",", StringComparison.Ordinal)));

        string[] Problems(string type, string json) => [.. models.FindProblems(type, JsonElement.Parse(json), "$")];
    }

    [TestMethod]
    public void Example_CommandsOfEachTask_LeaveTheModelOfOneFit()
    {
        using var folder = new ExampleFolder();
        JsonElement tasks = JsonElement.Parse(Submit(folder, "EMBED=3", "PENALTIES=2").Tasks).GetProperty("value");
        Dictionary<string, Request> waiting = tasks.EnumerateArray().Select(Request.Read).ToDictionary(task => task.Id);
        while (waiting.Count > 0)
        {
            Request[] next = [.. waiting.Values.Where(task => !task.WaitsFor.Any(waiting.ContainsKey))];
            Assert.IsNotEmpty(next, "Tasks wait for each other.");
            Parallel.ForEach(next, new ParallelOptions { MaxDegreeOfParallelism = 2 }, task => folder.Run(
                [$"AZ_BATCH_NODE_MOUNTS_DIR={folder.Folder["mounts"]}"], "bash", "-c", task.CommandLine).AssertSuccess());
            foreach (Request task in next)
                waiting.Remove(task.Id);
        }

        folder.AssertModel();
    }

    /// <summary>Runs the example, with an Azure that keeps what it is sent.</summary>
    private static (string Job, string Tasks) Submit(ExampleFolder folder, params string[] variables)
    {
        folder.Write("az", """
            echo "$*" >>az.log
            while [ $# -gt 0 ]; do if [ "$1" = --json-file ]; then cat "$2" >>az.json; echo , >>az.json; fi; shift; done
            """);
        Directory.CreateSymbolicLink(Directory.CreateDirectory(folder.Folder["mounts"]).FullName + "/data", folder.Folder.FullPath);
        folder.Run(["IMAGE=landmarks", "SHARE=files:/account/share", "SUBNET=subnet", .. variables], "bash",
            ExampleFolder.Example("azure-batch.sh")).AssertSuccess();
        Assert.AreSequenceEqual(["batch job create", "batch task create --job-id landmarks",
            "batch job set --job-id landmarks --on-all-tasks-complete terminatejob"],
            File.ReadLines(folder.Folder["az.log"]).Select(line => line.Split(" --json-file")[0]));
        JsonElement sent = JsonElement.Parse($"[{File.ReadAllText(folder.Folder["az.json"]).TrimEnd(',', '\n')}]");
        return (sent[0].GetRawText(), sent[1].GetRawText());
    }

    private sealed record Request(string Id, string CommandLine, string[] WaitsFor)
    {
        public static Request Read(JsonElement task) => new(task.GetProperty("id").GetString()!,
            task.GetProperty("commandLine").GetString()!,
            [.. task.GetProperty("dependsOn").GetProperty("taskIdRanges").EnumerateArray().SelectMany(Range).Select(id => $"{id}")]);

        private static IEnumerable<int> Range(JsonElement range)
        {
            int first = range.GetProperty("start").GetInt32();
            return Enumerable.Range(first, range.GetProperty("end").GetInt32() - first + 1);
        }
    }
}
