namespace Landmarks.Demo.Tests;

/// <summary>A folder to run the program in, with a place of its own for temporary files; deleted with all that is in it.</summary>
internal sealed class WorkFolder : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("landmarks-demo-tests-").FullName;

    /// <param name="name">Its name.</param>
    public WorkFolder(string name = "work")
    {
        FullPath = Directory.CreateDirectory(Path.Combine(_parent, name)).FullName;
        Temporary = Directory.CreateDirectory(Path.Combine(_parent, "tmp")).FullName;
        Caches = Path.Combine(_parent, "caches");
    }

    public string FullPath { get; }

    /// <summary>Where the program and all that it loads put temporary files.</summary>
    public string Temporary { get; set; }

    /// <summary>Where the program keeps what another run may need, in place of the folder of who runs these tests.</summary>
    public string Caches { get; }

    public string this[string name] => Path.Combine(FullPath, name);

    public string WriteText(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <summary>Asserts that the folder holds these files, and that nothing temporary is left anywhere.</summary>
    public void AssertFiles(params string[] names)
    {
        string[] found = [.. Directory.EnumerateFileSystemEntries(FullPath, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(FullPath, f).Replace('\\', '/'))];
        CollectionAssert.AreEquivalent(names, found, string.Join(", ", found));
        string[] temporary = [.. Directory.EnumerateFileSystemEntries(Temporary).Select(Path.GetFileName).OfType<string>()];
        Assert.IsEmpty(temporary, string.Join(", ", temporary));
    }

    public void Dispose() => Directory.Delete(_parent, recursive: true);
}
