namespace Landmarks.Demo.Tests;

/// <summary>Folders of small photographs, a folder for each landmark, of which no two are alike.</summary>
internal static class PhotoFolders
{
    private const int Size = 8;

    /// <summary>Writes photographs, <c>0.bmp</c>, <c>1.bmp</c> and so on.</summary>
    /// <param name="folder">Where they are written.</param>
    /// <param name="name">The folder of folders.</param>
    /// <param name="landmark">The folder in it.</param>
    /// <param name="count">How many.</param>
    /// <param name="first">The number of the first.</param>
    public static void Add(WorkFolder folder, string name, string landmark, int count, int first = 0)
    {
        // HashCode is another in each process.
        var random = new Random(first + 1_000 * landmark[^1]);
        byte[] level = new byte[Size * Size];
        for (int i = first; i < first + count; i++)
        {
            random.NextBytes(level);
            BitmapFile.Write(folder[$"{name}/{landmark}/{i}.bmp"], Size, (x, y) => level[y * Size + x]);
        }
    }

    /// <summary>The arguments that fit a model to 8 landmarks of 5 photographs and 60 of none, in the folder photos.</summary>
    public static string[] Fit(WorkFolder folder, string output, params string[] more)
    {
        for (int landmark = 0; landmark < 8; landmark++)
            Add(folder, "photos", $"Tower {landmark}", 5);
        Add(folder, "photos", "none", 60);
        return ["fit", "--train-folders", "photos", "--non-landmark-folder", "none", "--network", SampleFiles.FastNetwork, "--output",
            output, .. more];
    }
}
