using System.Diagnostics;
using System.IO.Compression;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace Landmarks.Demo.Tests;

[TestClass]
[OSCondition(OperatingSystems.Linux)]
[SupportedOSPlatform("linux")]
public sealed class OutputTests
{
    private const string Header = "id,landmarks";

    private static WorkFolder s_models = null!;

    private static string Model => s_models["model.zip"];

    [ClassInitialize]
    public static void Fit(TestContext _)
    {
        s_models = new WorkFolder();
        DemoProgram.Run(s_models, SampleFiles.FitArguments(s_models, "model.zip")).AssertSuccess();
    }

    [ClassCleanup]
    public static void CleanUp() => s_models.Dispose();

    [TestMethod]
    public void Predict_OutputThatIsALink_WritesWhatItStandsFor()
    {
        using var folder = new WorkFolder();
        folder.WriteText("answers.csv", "older");
        File.CreateSymbolicLink(folder["first"], "second");
        File.CreateSymbolicLink(folder["second"], "answers.csv");

        StringAssert.StartsWith(Predict(folder, "first").AssertSuccess().OutputLines[^1], $"Wrote {folder["first"]}: 6 rows in ");

        Assert.AreEqual(Header, File.ReadLines(folder["answers.csv"]).First());
        folder.AssertFiles("answers.csv", "first", "second");
        Assert.AreEqual("second", new FileInfo(folder["first"]).LinkTarget);
        Assert.AreEqual("answers.csv", new FileInfo(folder["second"]).LinkTarget);
    }

    [TestMethod]
    public void Predict_OutputThatIsALinkToNothing_MakesItsTarget()
    {
        using var folder = new WorkFolder();
        Directory.CreateDirectory(folder["deep/er"]);
        Directory.CreateSymbolicLink(folder["short"], "deep/er");
        // Beside the folder that the link is in, not beside the one that it is reached by.
        File.CreateSymbolicLink(folder["deep/er/link"], "../answers.csv");

        Predict(folder, "short/link").AssertSuccess();

        Assert.AreEqual(Header, File.ReadLines(folder["deep/answers.csv"]).First());
        Assert.AreEqual("../answers.csv", new FileInfo(folder["deep/er/link"]).LinkTarget);
    }

    [TestMethod]
    public void Predict_OutputThatIsAPipe_WritesThroughIt()
    {
        using var folder = new WorkFolder();
        Run("mkfifo", folder["pipe"]);
        Task<string[]> read = Task.Run(() => File.ReadAllLines(folder["pipe"]));

        Predict(folder, "pipe").AssertSuccess();

        Assert.AreEqual(Header, read.Result[0]);
        Assert.HasCount(7, read.Result);
        folder.AssertFiles("pipe");
    }

    [TestMethod]
    [DataRow("/dev/stdout", "/dev/stdout")]
    [DataRow("-", "standard output")]
    public void Predict_OutputThatIsStandardOutput_WritesAnswersThereAndAllElseToStandardError(string output, string shown)
    {
        using var folder = new WorkFolder();

        ProgramResult result = Predict(folder, output).AssertSuccess();

        Assert.HasCount(7, result.OutputLines);
        Assert.AreEqual(Header, result.OutputLines[0]);
        StringAssert.StartsWith(result.ErrorLines[^1], $"Wrote {shown}: 6 rows in ");
        folder.AssertFiles();
    }

    [TestMethod]
    [DataRow("/dev/stdout")]
    [DataRow("-")]
    public void Fit_OutputThatIsStandardOutput_WritesAWholeModelThereAndAllElseToStandardError(string output)
    {
        using var folder = new WorkFolder();
        string train = folder.WriteText("mine.csv",
            $"id,landmark_id\n{string.Join('\n', SampleFiles.Ids("train.csv")[..6].Select(id => $"{id},1"))}\n");
        string[] arguments = [DemoProgram.Program, .. SampleFiles.FitArguments(folder, output, "--hold-out", "50%")];
        arguments[Array.IndexOf(arguments, "--train") + 1] = train;

        ProgramResult fit = DemoProgram.RunOther("sh", folder, ["-c", "exec dotnet \"$@\" > m.zip", "sh", .. arguments]).AssertSuccess();

        // The figures of what was held out too.
        Assert.Contains(line => line.StartsWith("GAP", StringComparison.Ordinal), fit.ErrorLines);
        DemoProgram.Run(folder, "predict", "--model", "m.zip", SampleFiles.Photo(SampleFiles.Ids("train.csv")[0])).AssertSuccess();
        folder.AssertFiles("m.zip", "mine.csv", "train.csv", "valid.csv");
    }

    [TestMethod]
    [DataRow("/dev/stdout")]
    [DataRow("-")]
    public void Fit_OutputThatIsATerminal_IsAWrongArgument(string output)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/script"))
            Assert.Inconclusive("Needs script, which makes a terminal.");
        using var folder = new WorkFolder();
        string[] command = ["dotnet", DemoProgram.Program, .. SampleFiles.FitArguments(folder, output)];

        ProgramResult result = DemoProgram.RunOther("/usr/bin/script", folder, "-qec",
            string.Join(' ', command.Select(argument => $"'{argument}'")), folder["typescript"]);

        Assert.AreEqual(2, result.ExitCode);
        Assert.Contains("error: A model is nothing to be shown on a terminal. Name a file, or send standard output to one.", result.Output);
    }

    [TestMethod]
    public void Predict_ReportAndAnswersOnStandardOutput_IsAMistake()
    {
        using var folder = new WorkFolder();
        string photo = SampleFiles.Photo(SampleFiles.Ids("train.csv")[0]);
        string[] arguments = ["predict", "--model", Model, photo];

        DemoProgram.Run(folder, [.. arguments, "--report", "-"])
            .AssertError(1, "'-' is to be written twice in this run. Name another file for one of the two.");
        ProgramResult result = DemoProgram.Run(folder, [.. arguments, "--output", "answers.txt", "--report", "-"]).AssertSuccess();

        StringAssert.StartsWith(result.Output, "<!DOCTYPE html>");
        StringAssert.EndsWith(result.Output.TrimEnd(), "</html>");
        folder.AssertFiles("answers.txt");
    }

    [TestMethod]
    public void Fit_OutputThatIsAPipe_WritesAWholeModel()
    {
        using var folder = new WorkFolder();
        Run("mkfifo", folder["pipe"]);
        Task copy = Task.Run(() =>
        {
            using FileStream pipe = File.OpenRead(folder["pipe"]), file = File.Create(folder["copy.zip"]);
            pipe.CopyTo(file);
        });

        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "pipe")).AssertSuccess();

        copy.Wait();
        DemoProgram.Run(folder, "predict", "--model", "copy.zip", SampleFiles.Photo(SampleFiles.Ids("train.csv")[0])).AssertSuccess();
    }

    [TestMethod]
    public void Fit_DeviceThatIsFull_Fails()
    {
        using var folder = new WorkFolder();
        // A device of its own where that can be made: a program that replaces what is named must not get at that of the machine.
        if (Environment.IsPrivilegedProcess)
            Run("mknod", folder["full"], "c", "1", "7");
        else
            File.CreateSymbolicLink(folder["full"], "/dev/full");

        ProgramResult result = DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "full", "--notebook"));

        Assert.AreEqual(1, result.ExitCode);
        StringAssert.StartsWith(Assert.ContainsSingle(result.ErrorLines), "error: No space left on device : '");
        Assert.AreEqual("character special file", Run("stat", "-L", "-c", "%F", folder["full"]));
    }

    [TestMethod]
    public void Predict_OutputThatCannotBeWritten_FailsBeforeAPhotographIsRead()
    {
        using var folder = new WorkFolder();
        Directory.CreateDirectory(folder["folder"]);
        File.CreateSymbolicLink(folder["circle"], "circle");
        File.SetUnixFileMode(folder.WriteText("protected.csv", "older"), UnixFileMode.UserRead);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(folder["socket"]));
        string tooLong = new('n', 256);

        AssertNothingRead("folder", "'folder' is a folder; name a file in it.");
        AssertNothingRead("new/", "'new/' is a folder; name a file in it.");
        AssertNothingRead("no/answers.csv", $"The folder '{folder["no"]}' does not exist.");
        AssertNothingRead("circle",
            $"'{folder["circle"]}' is a link that leads to no file: links go round in a circle. Delete it, or name another file.");
        AssertNothingRead("protected.csv", $"'{folder["protected.csv"]}' is read-only. Allow that it is written, or name another file.");
        AssertNothingRead("socket",
            $"'{folder["socket"]}' is a socket, which can't be written to as a file; name a file, a device or a pipe.");
        string error = Assert.ContainsSingle(Predict(folder, tooLong).ErrorLines);
        StringAssert.StartsWith(error, $"error: Nothing can be written to the folder '{folder.FullPath}': ");
        Assert.AreEqual("older", File.ReadAllText(folder["protected.csv"]));
        folder.AssertFiles("folder", "circle", "protected.csv", "socket");

        void AssertNothingRead(string output, string message)
        {
            ProgramResult result = Predict(folder, output);
            result.AssertError(1, message);
            Assert.AreEqual("", result.Output);
        }
    }

    [TestMethod]
    // One byte an n; two bytes an é, where a cut in the middle would be no name.
    [DataRow('n', 255)]
    [DataRow('n', 249)]
    [DataRow('é', 127)]
    public void Predict_OutputOfALongName_IsWritten(char letter, int count)
    {
        using var folder = new WorkFolder();
        string name = new(letter, count);
        Predict(folder, name).AssertSuccess();
        folder.AssertFiles(name);
    }

    [TestMethod]
    public void Fit_OlderModel_KeepsItsModeAndItsAttributes()
    {
        using var folder = new WorkFolder();
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        File.SetUnixFileMode(folder.WriteText("model.zip", "older"), Mode);
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip")).AssertSuccess();
        Assert.AreEqual(Mode, File.GetUnixFileMode(folder["model.zip"]));
        Assert.IsGreaterThan(1000, new FileInfo(folder["model.zip"]).Length);
        folder.AssertFiles("train.csv", "valid.csv", "model.zip");
    }

    [TestMethod]
    public void Fit_OlderModelOfAnotherUser_StaysWithThatUser()
    {
        if (!Environment.IsPrivilegedProcess)
            Assert.Inconclusive("Only root can give a file to another user.");
        using var folder = new WorkFolder();
        Run("chown", "1234:4321", folder.WriteText("model.zip", "older"));
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip")).AssertSuccess();
        Assert.AreEqual("1234 4321", Run("stat", "-c", "%u %g", folder["model.zip"]));
    }

    [TestMethod]
    public void Fit_MountedFile_IsWrittenInPlace()
    {
        using WorkFolder folder = new(), other = new();
        using var mount = Mounted.File(other.WriteText("real.zip", "older"), folder.WriteText("model.zip", ""));
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip")).AssertSuccess();
        ZipFile.OpenRead(other["real.zip"]).Dispose();
        folder.AssertFiles("train.csv", "valid.csv", "model.zip");
    }

    [TestMethod]
    public void Fit_ProgramThatRuns_CannotBeWritten()
    {
        using var folder = new WorkFolder();
        File.Copy("/bin/sleep", folder["program"]);
        using Process running = Process.Start(folder["program"], ["60"])!;
        try
        {
            DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "program"))
                .AssertError(1, $"'{folder["program"]}' can't be written: Text file busy : '{folder["program"]}'");
        }
        finally
        {
            running.Kill();
        }
    }

    [TestMethod]
    public void Fit_OutputThatIsAnInput_IsRefusedByAnyName()
    {
        using var folder = new WorkFolder();
        string[] arguments = SampleFiles.FitArguments(folder, "");
        string network = folder["network.onnx"], photo = folder["images/1/2/3/123456.jpg"];
        File.Copy(SampleFiles.FastNetwork, network);
        Directory.CreateDirectory(Path.GetDirectoryName(photo)!);
        File.Copy(SampleFiles.Photo(SampleFiles.Ids("train.csv")[0]), photo);
        folder.WriteText("mine.csv", "id,landmark_id\n123456,7\n");
        folder.WriteText("others.csv", "id,landmark_id\n123456,-1\n");
        File.CreateSymbolicLink(folder["link"], "network.onnx");
        Run("ln", network, folder["hard"]);
        Run("ln", photo, folder["hard.jpg"]);

        AssertRefused("network.onnx", ", as '../work/network.onnx'");
        AssertRefused("../work/network.onnx", "");
        AssertRefused("link", ", as '../work/network.onnx'");
        AssertRefused("hard", ", as '../work/network.onnx'");
        AssertRefused("mine.csv", "");
        AssertRefused("others.csv", "");
        AssertRefused("images/1/2/3/123456.jpg", "");
        AssertRefused("hard.jpg", ", as 'images/1/2/3/123456.jpg'");
        CollectionAssert.AreEqual(File.ReadAllBytes(SampleFiles.FastNetwork), File.ReadAllBytes(network));

        void AssertRefused(string output, string asWhat)
            => DemoProgram.Run(folder, "fit", "--train", "mine.csv", "--non-landmarks", "others.csv", "--images", "images", "--network",
                "../work/network.onnx", "--output", output)
                .AssertError(1, $"'{output}' is to be written and is read in this run{asWhat}. Name another file to write.");
    }

    [TestMethod]
    public void Predict_OutputThatIsAnInput_IsRefused()
    {
        using var folder = new WorkFolder();
        string model = folder["model.zip"], queries = folder.WriteText("queries.csv", Header + "\n"), names = folder.WriteText("names.csv",
            "landmark_id,name\n");
        File.Copy(Model, model);

        foreach (string file in (string[])["model.zip", "queries.csv", "names.csv"])
        {
            DemoProgram.Run(folder, "predict", "--model", "model.zip", "--queries", "queries.csv", "--images", SampleFiles.Images,
                "--names", "names.csv", "--output", file)
                .AssertError(1, $"'{file}' is to be written and is read in this run. Name another file to write.");
        }

        CollectionAssert.AreEqual(File.ReadAllBytes(Model), File.ReadAllBytes(model));
        folder.AssertFiles("model.zip", "queries.csv", "names.csv");
    }

    [TestMethod]
    public void Predict_OutputOfAnotherRunAtWork_IsRefused()
    {
        using var folder = new WorkFolder();
        using (var other = new FileStream(folder["answers.csv.unfinished"], FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            Predict(folder, "answers.csv").AssertError(1,
                $"Another run is writing '{folder["answers.csv"]}'. Wait until it is done, or name another file.");

        // That one is gone now.
        Predict(folder, "answers.csv").AssertSuccess();
        folder.AssertFiles("answers.csv");
    }

    [TestMethod]
    public void Fit_DiskTooSmallForTheModel_FailsBeforeAPhotographIsRead()
    {
        using WorkFolder folder = new(), disk = new();
        using var small = Mounted.Disk(disk.FullPath, "16k");
        string[] arguments = SampleFiles.FitArguments(folder, disk["model.zip"]);

        ProgramResult result = DemoProgram.Run(folder, arguments);

        Assert.AreEqual(1, result.ExitCode);
        StringAssert.Matches(Assert.ContainsSingle(result.ErrorLines),
            new(@"^error: The folder '.*' has 0\.0 MB left, and up to 0\.\d MB are to be written\. Free some, or name another\.$"));
        Assert.AreEqual("", result.Output);
        Assert.IsEmpty(Directory.EnumerateFileSystemEntries(disk.FullPath));
    }

    // Rows are whitened by few axes, however long they are.
    [TestMethod]
    public void Fit_LongEmbeddingsOnADiskThatHoldsTheModel_WritesIt()
    {
        using WorkFolder folder = new(), disk = new();
        using var small = Mounted.Disk(disk.FullPath, "8m");

        string[] arguments = SampleFiles.FitArgumentsOf(SampleFiles.Network("pixels"), folder, disk["model.zip"], "--image-size", "64");
        DemoProgram.Run(folder, arguments).AssertSuccess();

        Assert.IsTrue(File.Exists(disk["model.zip"]));
    }

    [TestMethod]
    public void Predict_FullTemporaryFolder_NamesIt()
    {
        using WorkFolder folder = new(), disk = new();
        using var small = Mounted.Disk(disk.FullPath, "16k");
        folder.Temporary = disk.FullPath;

        ProgramResult result = Predict(folder, "answers.csv");

        Assert.AreEqual(1, result.ExitCode);
        StringAssert.Matches(Assert.ContainsSingle(result.ErrorLines),
            new($@"^error: The temporary folder '{disk.FullPath}' has 0\.0 MB left, and 1\.0 MB are needed there\. "
                + @"Free some, or name another one by TMPDIR\.$"));
        Assert.IsEmpty(Directory.EnumerateFileSystemEntries(disk.FullPath));
    }

    [TestMethod]
    public void TemporaryFolderMissing_IsNamedByWhatNeedsItAlone()
    {
        using var folder = new WorkFolder();
        folder.Temporary = folder.WriteText("file", "");
        Predict(folder, "answers.csv").AssertError(1,
            $"The temporary folder '{folder["file"]}' can't be used: it is a file. Name another one by TMPDIR.");
        folder.Temporary = folder["nowhere"];
        string truth = folder.WriteText("truth.csv", "id,landmark_id\nabc,1\n"), predictions = folder.WriteText("predictions.csv",
            $"{Header}\nabc,1 0.5\n");
        string message = $"The temporary folder '{folder["nowhere"]}' can't be used: it does not exist. Name another one by TMPDIR.";

        Predict(folder, "answers.csv").AssertError(1, message);
        ProgramResult fit = DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip"));
        fit.AssertError(1, message);
        Assert.AreEqual("", fit.Output);
        ProgramResult evaluate = DemoProgram.Run(folder, "evaluate", "--predictions", predictions, "--truth", truth).AssertSuccess();
        Assert.IsEmpty(evaluate.ErrorLines);
        ProgramResult compare = DemoProgram.Run(folder, "compare", "--train", "train.csv", "--non-landmarks", "valid.csv", "--queries",
            "train.csv", "--truth", "train.csv", "--images", SampleFiles.Images,
            "--network", SampleFiles.FastNetwork).AssertSuccess();
        StringAssert.Contains(compare.Output, "Nothing was written.");
    }

    [TestMethod]
    public void Fit_StandardOutputThatIsFull_WritesTheModelAndSaysSo()
    {
        using var folder = new WorkFolder();
        string[] arguments = ["-c", "exec dotnet \"$@\" > /dev/full", "sh", DemoProgram.Program, .. SampleFiles.FitArguments(folder,
            "model.zip", "--notebook")];
        ProgramResult result = DemoProgram.RunOther("sh", folder, arguments);
        result.AssertError(1, "Standard output could not be written: No space left on device");
        ZipFile.OpenRead(folder["model.zip"]).Dispose();
    }

    [TestMethod]
    public void Fit_ReaderThatLeaves_WritesTheModelQuietly()
    {
        using var folder = new WorkFolder();
        ProgramResult result = DemoProgram.RunOther("bash", folder, ["-c", "set -o pipefail; dotnet \"$@\" | head -n 1", "bash",
            DemoProgram.Program, .. SampleFiles.FitArguments(folder, "model.zip", "--notebook")]);
        result.AssertSuccess();
        Assert.AreEqual("", result.Error);
        Assert.HasCount(1, result.OutputLines);
        folder.AssertFiles("train.csv", "valid.csv", "model.zip");
    }

    [TestMethod]
    public void Fit_UnreadablePhotographs_AreNotCountedAsWritten()
    {
        using var folder = new WorkFolder();
        string[] ids = SampleFiles.Ids("train.csv");
        string train = folder.WriteText("mine.csv", $"id,landmark_id\nabcdef,1\n{ids[0]},2\n{ids[1]},3\n");
        string[] arguments = ["--train", train, "--non-landmarks", SampleFiles.WriteRows(folder, "valid.csv", 2), "--images",
            SampleFiles.Images, "--network", SampleFiles.FastNetwork, "--on-bad-image", "skip"];
        foreach (string[] method in (string[][])[["fit", "--plain"], ["fit"]])
        {
            ProgramResult fit = DemoProgram.Run(folder, [.. method, .. arguments, "--output", "model.zip"]).AssertSuccess();
            StringAssert.StartsWith(fit.OutputLines[^1], $"Wrote {folder["model.zip"]}: 2 landmark rows and 2 non-landmark rows in ");
        }

        ProgramResult predict = DemoProgram.Run(folder, "predict", "--model", "model.zip", "--queries", train, "--images",
            SampleFiles.Images, "--on-bad-image", "skip").AssertSuccess();
        StringAssert.StartsWith(predict.OutputLines[^1], $"Wrote {folder["submission.csv"]}: 3 rows, 1 of them without an answer in ");
    }

    private static ProgramResult Predict(WorkFolder folder, string output)
        => DemoProgram.Run(folder, "predict", "--model", Model, "--queries", s_models["train.csv"], "--images", SampleFiles.Images,
            "--output", output);

    private static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, program);
        return output.TrimEnd();
    }
}
