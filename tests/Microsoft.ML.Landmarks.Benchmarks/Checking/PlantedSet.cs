using SkiaSharp;

namespace Microsoft.ML.Landmarks.Benchmarks.Checking;

/// <summary>Plants faults into a set of photographs, the same for the same seed.</summary>
internal static class PlantedSet
{
    // Of the landmark rows, of the non-landmarks, and of all photographs.
    private const double WrongLabels = 0.05, Contamination = 0.02, Duplicates = 0.03;

    private const double CroppedShare = 0.05;
    private const int NonLandmark = -1, LowestQuality = 40, HighestQuality = 70, QualityOfCopies = 90;

    private static readonly PlantedFault[] s_copies = [PlantedFault.Recompressed, PlantedFault.Cropped, PlantedFault.Mirrored];

    /// <param name="photographs">Landmarks and non-landmarks; their order stays.</param>
    /// <param name="donors">Other photographs of landmarks, some of which become non-landmarks.</param>
    /// <param name="seed">Decides which.</param>
    /// <param name="folder">Where copies are written.</param>
    public static IReadOnlyList<PlantedPhotograph> Plant(IReadOnlyList<PlantedPhotograph> photographs,
        IReadOnlyList<PlantedPhotograph> donors, int seed, string folder)
    {
        var random = new Random(seed);
        List<PlantedPhotograph> planted = [.. photographs];
        int[] landmarks = [.. RowsWhere(label => label != NonLandmark)];
        int nonLandmarkCount = photographs.Count - landmarks.Length;
        int[] labels = [.. photographs.Select(p => p.Label).Where(label => label != NonLandmark).Distinct().Order()];
        foreach (int row in Draw(random, landmarks, WrongLabels * landmarks.Length))
        {
            int[] others = [.. labels.Where(label => label != photographs[row].Label)];
            planted[row] = photographs[row] with { Label = others[random.Next(others.Length)], Fault = PlantedFault.WrongLabel };
        }

        foreach (int donor in Draw(random, [.. Enumerable.Range(0, donors.Count)], Contamination * nonLandmarkCount))
            planted.Add(donors[donor] with { Label = NonLandmark, Fault = PlantedFault.Contamination });
        int[] clean = [.. Enumerable.Range(0, photographs.Count).Where(row => planted[row].Fault == PlantedFault.None)];
        foreach ((int number, int row) in Draw(random, clean, Duplicates * photographs.Count).Index())
        {
            PlantedFault fault = s_copies[number % s_copies.Length];
            string id = $"{planted[row].Id}-{fault}", path = Path.Combine(folder, $"{seed}-{id}.jpg");
            SaveCopy(planted[row].ImagePath, path, fault, random);
            planted.Add(new PlantedPhotograph(id, planted[row].Label, path, fault, row));
        }

        return planted;

        IEnumerable<int> RowsWhere(Func<int, bool> isTaken)
            => Enumerable.Range(0, photographs.Count).Where(row => isTaken(photographs[row].Label));
    }

    private static int[] Draw(Random random, int[] rows, double count)
    {
        int[] drawn = [.. rows];
        random.Shuffle(drawn);
        return drawn[..Math.Min(rows.Length, (int)Math.Round(count))];
    }

    private static void SaveCopy(string source, string target, PlantedFault fault, Random random)
    {
        using SKBitmap photograph = SKBitmap.Decode(source)
            ?? throw new WrongInputException($"'{source}' is no photograph that can be copied. Leave it out of the CSV file.");
        using var copy = new SKBitmap();
        int quality = QualityOfCopies;
        switch (fault)
        {
            case PlantedFault.Cropped:
                int left = (int)(photograph.Width * CroppedShare), top = (int)(photograph.Height * CroppedShare);
                photograph.ExtractSubset(copy, SKRectI.Create(random.Next(left + 1), random.Next(top + 1), photograph.Width - left,
                    photograph.Height - top));
                break;
            case PlantedFault.Mirrored:
                copy.TryAllocPixels(photograph.Info);
                using (var canvas = new SKCanvas(copy))
                {
                    canvas.Scale(-1, 1, photograph.Width / 2f, 0);
                    canvas.DrawBitmap(photograph, 0, 0);
                }

                break;
            default:
                photograph.CopyTo(copy);
                quality = random.Next(LowestQuality, HighestQuality + 1);
                break;
        }

        using FileStream file = File.Create(target);
        copy.Encode(file, SKEncodedImageFormat.Jpeg, quality);
    }
}
