using System.Globalization;
using k8s;
using k8s.Models;
using YamlDotNet.Core;

namespace Landmarks.Demo.Schedulers.Tests;

[TestClass]
public sealed class KubernetesTests
{
    private static readonly string s_text = File.ReadAllText(ExampleFolder.Example("kubernetes.yaml"));

    [TestMethod]
    public void Example_Jobs_AreOfKubernetesTypes()
    {
        V1Job[] jobs = Read(s_text);

        Assert.AreSequenceEqual(["embed", "penalties", "merge"], jobs.Select(job => job.Metadata.Labels["step"]));
        foreach (V1Job job in jobs)
        {
            Assert.AreEqual(("batch/v1", "Job", $"landmarks-{job.Metadata.Labels["step"]}", "Never"),
                (job.ApiVersion, job.Kind, job.Metadata.Name, job.Spec.Template.Spec.RestartPolicy));
            V1Container container = job.Spec.Template.Spec.Containers.Single();
            Assert.AreSequenceEqual(job.Spec.Template.Spec.Volumes.Select(volume => volume.Name),
                container.VolumeMounts.Select(mount => mount.Name));
            Assert.AreEqual(container.Name, job.Spec.PodFailurePolicy.Rules[0].OnExitCodes.ContainerName);
        }

        foreach (V1JobSpec shards in jobs[..2].Select(job => job.Spec))
            Assert.AreEqual(("Indexed", shards.Completions, 3), (shards.CompletionMode, shards.Parallelism, shards.BackoffLimitPerIndex));
    }

    [TestMethod]
    [DataRow("completionMode:", "completionsMode:")]
    [DataRow("backoffLimitPerIndex:", "backoffLimitPerindex:")]
    [DataRow("onExitCodes:", "onExitcodes:")]
    [DataRow("claimName:", "claim:")]
    [DataRow("restartPolicy:", "RestartPolicy:")]
    public void Example_MisspelledField_IsRefused(string field, string misspelled)
    {
        Assert.Contains(field, s_text);
        StringAssert.Contains(Assert.ThrowsExactly<YamlException>(() => Read(s_text.Replace(field, misspelled, StringComparison.Ordinal)))
            .Message, $"Property '{misspelled[..^1]}' not found on type");
    }

    [TestMethod]
    public void Example_CommandsOfEachIndex_LeaveTheModelOfOneFit()
    {
        using var folder = new ExampleFolder();
        foreach (V1Job job in Read(s_text))
        {
            V1Container container = job.Spec.Template.Spec.Containers.Single();
            // The volume is the folder.
            string[] command = [.. container.Command.Concat(container.Args).Select(argument => argument.Replace(
                container.VolumeMounts.Single().MountPath + "/", folder.Folder.FullPath + "/", StringComparison.Ordinal))];
            Parallel.For(0, job.Spec.Completions ?? 1, new ParallelOptions { MaxDegreeOfParallelism = 2 }, index => folder.Run(
                [string.Create(CultureInfo.InvariantCulture, $"JOB_COMPLETION_INDEX={index}")], command).AssertSuccess());
        }

        folder.AssertModel();
    }

    private static V1Job[] Read(string text) => [.. KubernetesYaml.LoadAllFromString(text, strict: true).Cast<V1Job>()];
}
