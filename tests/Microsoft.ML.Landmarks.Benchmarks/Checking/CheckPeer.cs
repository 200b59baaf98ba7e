using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Microsoft.ML.Landmarks.Benchmarks.Checking;

/// <summary>The rules of cleanlab's Datalab, by a script that applies them to the same features.</summary>
internal static class CheckPeer
{
    private const string Script = "check_peer.py";

    /// <exception cref="PeerFailedException">Python can't be started, or the script ended with an error.</exception>
    public static FoundFaults Find(string python, IReadOnlyList<PlantedPhotograph> photographs, IReadOnlyList<float[]> features,
        string folder)
    {
        string rows = Path.Combine(folder, "features.f32"), labels = Path.Combine(folder, "labels.txt");
        using (FileStream file = File.Create(rows))
        {
            foreach (float[] row in features)
                file.Write(MemoryMarshal.AsBytes<float>(row));
        }

        File.WriteAllLines(labels, photographs.Select(p => p.Label.ToString(CultureInfo.InvariantCulture)));
        using var found = JsonDocument.Parse(PythonScript.Run(python, Script, [rows, labels]));
        int[] issues = [.. found.RootElement.GetProperty("label").EnumerateArray().Select(row => row.GetInt32())];
        return new FoundFaults([.. issues.Where(row => photographs[row].Label != -1)],
            [.. issues.Where(row => photographs[row].Label == -1)],
            [.. found.RootElement.GetProperty("near_duplicate").EnumerateArray().Select(pair => (pair[0].GetInt32(), pair[1].GetInt32()))]);
    }
}
