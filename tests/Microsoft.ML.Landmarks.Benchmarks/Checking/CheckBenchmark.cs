using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Benchmarks.Checking;

/// <summary>Plants faults into photographs, and tells how many of them are found, beside the rules of cleanlab's Datalab.</summary>
internal static class CheckBenchmark
{
    /// <exception cref="WrongInputException">A photograph can't be read, or the network does not take it.</exception>
    public static void Run(CheckSettings settings)
    {
        try
        {
            Measure(settings);
        }
        // What the library says of its input.
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or ArgumentException or IOException)
        {
            throw new WrongInputException(e.Message, e);
        }
    }

    private static void Measure(CheckSettings settings)
    {
        var mlContext = new MLContext(seed: 1);
        PlantedPhotograph[] photographs
            = [.. Read(mlContext, settings.Train, settings), .. Read(mlContext, settings.NonLandmarks, settings)];
        PlantedPhotograph[] donors = [.. Read(mlContext, settings.Donors, settings).Where(donor => donor.Label != -1)];
        var embeddings = new Embeddings(mlContext, settings.Network, settings.ImageSize);
        string folder = Directory.CreateTempSubdirectory("landmarks-check-").FullName;
        try
        {
            string[] names = settings.Python is null ? ["CheckLandmarks"] : ["CheckLandmarks", "Datalab's rules"];
            FoundFaults[] before = Find(photographs);
            // One that is among the photographs already would be found rightly as a copy, which was not planted as one.
            HashSet<long> leaks = [.. mlContext.Data.CheckLandmarks(View(photographs), new LandmarkCheckOptions { Queries = View(donors) })
                .Where(finding => finding.Kind == LandmarkFindingKind.Leak).Select(finding => finding.Row)];
            donors = [.. donors.Where((_, row) => !leaks.Contains(row))];
            Console.WriteLine($"{donors.Length} other photographs of landmarks; {leaks.Count} more are left out, as copies of the first.");
            Tell(photographs, names, before);
            Console.WriteLine("""
                | seed | by | wrong labels | duplicates | recompressed | cropped | mirrored | contamination |
                |---|---|---|---|---|---|---|---|
                """);
            var totals = new PlantedScores?[names.Length];
            foreach (int seed in settings.Seeds)
            {
                IReadOnlyList<PlantedPhotograph> planted = PlantedSet.Plant(photographs, donors, seed, folder);
                FoundFaults[] found = Find(planted);
                for (int i = 0; i < names.Length; i++)
                {
                    PlantedScores scores = PlantedScores.Of(planted, found[i], before[i]);
                    totals[i] = totals[i] is { } others ? others + scores : scores;
                    Console.WriteLine($"| {seed} | {names[i]} | {scores} |");
                }
            }

            for (int i = 0; i < names.Length; i++)
                Console.WriteLine($"| all | {names[i]} | {totals[i]} |");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        FoundFaults[] Find(IReadOnlyList<PlantedPhotograph> planted)
        {
            var ours = FoundFaults.Of(mlContext.Data.CheckLandmarks(View(planted)));
            return settings.Python is null ? [ours]
                : [ours, CheckPeer.Find(settings.Python, planted, embeddings.Of(planted.Select(p => p.ImagePath)), folder)];
        }

        IDataView View(IReadOnlyList<PlantedPhotograph> planted)
        {
            float[][] features = embeddings.Of(planted.Select(p => p.ImagePath));
            SchemaDefinition definition = SchemaDefinition.Create(typeof(Row));
            definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features[0].Length);
            return mlContext.Data.LoadFromEnumerable(planted.Zip(features, (p, own) => new Row
            {
                Id = p.Id,
                Label = p.Label,
                ImagePath = p.ImagePath,
                Features = own,
            }), definition);
        }
    }

    // Photographs that others collected have faults of their own: these are named, so that they can be looked at.
    private static void Tell(PlantedPhotograph[] photographs, string[] names, FoundFaults[] found)
    {
        int landmarks = photographs.Count(p => p.Label != -1);
        Console.WriteLine($"""
            {landmarks} photographs of landmarks, {photographs.Length - landmarks} that show none. Found before anything was planted:

            | by | wrong labels | duplicates | contamination |
            |---|---|---|---|
            """);
        for (int i = 0; i < names.Length; i++)
            Console.WriteLine($"| {names[i]} | {found[i].WrongLabels.Count} | {found[i].Duplicates.Count} | "
                + $"{found[i].Contamination.Count} |");
        Console.WriteLine($"""

            By {names[0]}:
            wrong labels: {Join(found[0].WrongLabels.Order().Select(IdOf))}
            duplicates: {Join(found[0].Duplicates.Order().Select(pair => $"{IdOf(pair.Item1)} and {IdOf(pair.Item2)}"))}
            contamination: {Join(found[0].Contamination.Order().Select(IdOf))}

            """);

        string IdOf(int row) => photographs[row].Id;

        static string Join(IEnumerable<string> texts) => string.Join(", ", texts.DefaultIfEmpty("none"));
    }

    private static IEnumerable<PlantedPhotograph> Read(MLContext mlContext, string csv, CheckSettings settings)
    {
        IDataView rows = mlContext.Data.LoadLandmarks(csv, settings.Images);
        return mlContext.Data.CreateEnumerable<Listed>(rows, reuseRowObject: false)
            .Select(row => new PlantedPhotograph(row.Id, row.Label, row.ImagePath));
    }

    // Each photograph is embedded once, however many sets it is in.
    private sealed class Embeddings(MLContext mlContext, string network, int imageSize)
    {
        private readonly Dictionary<string, float[]> _known = [];

        public float[][] Of(IEnumerable<string> paths)
        {
            string[] all = [.. paths], missing = [.. all.Where(path => !_known.ContainsKey(path)).Distinct()];
            if (missing.Length > 0)
            {
                IDataView rows = mlContext.Data.LoadFromEnumerable(missing.Select(path => new Listed { ImagePath = path }));
                IDataView embedded = mlContext.Transforms.PrepareImages("Pixels", "ImagePath", imageSize)
                    .Append(mlContext.Transforms.EmbedImages("Features", "Pixels", network)).Fit(rows).Transform(rows);
                foreach ((int i, float[] features) in embedded.GetColumn<float[]>("Features").Index())
                    _known.Add(missing[i], features);
            }

            return [.. all.Select(path => _known[path])];
        }
    }

    private sealed class Listed
    {
        public string Id { get; set; } = "";

        public int Label { get; set; }

        public string ImagePath { get; set; } = "";
    }

    private sealed class Row
    {
        public string Id { get; set; } = "";

        public int Label { get; set; }

        public string ImagePath { get; set; } = "";

        public float[] Features { get; set; } = [];
    }
}
