using System.Diagnostics;
using System.Net.Sockets;

namespace Microsoft.ML.Landmarks.Tests.Images;

[TestClass]
public sealed class FileBytesTests
{
    private const string WhyNoFile = "is no regular file but a pipe, a device or the like. Name a file with a photograph.";

    private static readonly byte[] s_jpeg = File.ReadAllBytes(TestFiles.Golden("images", "tiny_97x61.jpg"));

    // Whoever opens a pipe that nobody writes to waits for ever.
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Transform_PipeAmongPhotographs_IsRefused(bool isLink)
    {
        RequireUnix();
        using var folder = new TemporaryFolder();
        string pipe = folder["pipe.jpg"], link = folder["link.jpg"];
        using (Process made = Process.Start("mkfifo", [pipe]))
            made.WaitForExit();
        File.CreateSymbolicLink(link, "pipe.jpg");

        AssertRefused($"'{(isLink ? link : pipe)}' {WhyNoFile}", isLink ? link : pipe);
    }

    [TestMethod]
    public void Transform_Socket_IsRefused()
    {
        RequireUnix();
        using var folder = new TemporaryFolder();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(folder["s.jpg"]));

        AssertRefused($"'{folder["s.jpg"]}' {WhyNoFile}", folder["s.jpg"]);
    }

    [TestMethod]
    public void Transform_LinkToADeviceWithoutEnd_IsRefused()
    {
        RequireUnix();
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder["zero.jpg"], "/dev/zero");

        AssertRefused($"'{folder["zero.jpg"]}' {WhyNoFile}", folder["zero.jpg"]);
    }

    // A name that leads to no file: what the shell makes of <(command), and /dev/stdin of a program that is piped to.
    [TestMethod]
    public void Transform_PipeWithoutAName_IsRefused()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("Needs /proc.");
        using var pipe = new System.IO.Pipes.AnonymousPipeServerStream();
        string path = $"/proc/self/fd/{pipe.SafePipeHandle.DangerousGetHandle()}";

        AssertRefused($"'{path}' {WhyNoFile}", path);
    }

    [TestMethod]
    public void Transform_LinkToNothing_IsMissing()
    {
        RequireUnix();
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder["link.jpg"], "gone.jpg");

        AssertRefused($"'{folder["link.jpg"]}' does not exist.", folder["link.jpg"]);
    }

    [TestMethod]
    public void Transform_LinkToALink_ReadsThePhotograph()
    {
        RequireUnix();
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["photo.jpg"], s_jpeg);
        File.CreateSymbolicLink(folder["first.jpg"], "photo.jpg");
        File.CreateSymbolicLink(folder["second.jpg"], folder["first.jpg"]);

        Assert.IsTrue(Prepare(folder["second.jpg"]).All(float.IsFinite));
    }

    [TestMethod]
    public void Transform_MoreBytesThanAFileMayHave_IsRefusedUnread()
    {
        using var folder = new TemporaryFolder();
        Extend(folder["huge.jpg"], s_jpeg, 3L << 30);
        long before = GC.GetAllocatedBytesForCurrentThread();

        AssertRefused($"'{folder["huge.jpg"]}' has 3221225472 bytes, more than 536870912. Save the photograph as JPEG.",
            folder["huge.jpg"]);

        Assert.IsLessThan(16L << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    // What begins like no photograph is not read to its end, however long it is.
    [TestMethod]
    [DoNotParallelize]
    public void Transform_LongFileOfAnotherKind_IsNotRead()
    {
        using var folder = new TemporaryFolder();
        Extend(folder["disk.jpg"], "anything"u8, 3L << 30);
        Extend(folder["film.jpg"], "\0\0\0\u0018ftypmp42"u8, 3L << 30);
        long before = GC.GetTotalAllocatedBytes(precise: true);

        AssertRefused($"'{folder["disk.jpg"]}' is not a readable image.", folder["disk.jpg"]);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Prepare(folder["film.jpg"])).Message, "MP4",
            StringComparison.Ordinal);

        Assert.IsLessThan(16L << 20, GC.GetTotalAllocatedBytes(precise: true) - before);
    }

    private static void RequireUnix()
    {
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("Needs pipes and devices among files.");
    }

    private static void AssertRefused(string message, string path)
        => Assert.AreEqual($"Row 0: {message}", Assert.ThrowsExactly<InvalidDataException>(() => Prepare(path)).Message);

    private static float[] Prepare(string path)
    {
        var mlContext = new MLContext();
        IDataView view = mlContext.Data.LoadFromEnumerable([new PathRow { ImagePath = path }]);
        return mlContext.Transforms.PrepareImages("Pixels", "ImagePath", 8).Fit(view).Transform(view).Vectors("Pixels")[0];
    }

    // The rest takes no space on the disk.
    private static void Extend(string path, ReadOnlySpan<byte> start, long length)
    {
        using FileStream file = File.Create(path);
        file.Write(start);
        file.SetLength(length);
    }
}
