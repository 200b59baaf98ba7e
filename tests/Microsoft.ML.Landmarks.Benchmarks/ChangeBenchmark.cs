using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>Changes a fitted model, and fits another to the same rows, which must answer alike.</summary>
internal static class ChangeBenchmark
{
    private const int Passes = 3;

    /// <param name="settings">The rows, with those that come.</param>
    /// <param name="changed">How many come or go at a time.</param>
    /// <returns>The exit code: 1 where an answer differs.</returns>
    /// <exception cref="WrongInputException">Memory does not suffice for the rows.</exception>
    public static int Run(SearchSettings settings, int changed)
    {
        var rows = SearchRows.Create(settings);
        int train = settings.Train - changed, nonLandmarks = settings.NonLandmarks - changed;
        IDataView before = LabeledRows.View(rows, 0, train, 0, nonLandmarks),
            landmark = LabeledRows.View(rows, train, settings.Train, 0, 0),
            other = LabeledRows.View(rows, 0, 0, nonLandmarks, settings.NonLandmarks);
        KnnLandmarkTransformer model = LabeledRows.Fit(before);
        // What the first change compiles is no part of it; that is told too.
        Cost first = Measure(() => model.With(LabeledRows.View(rows, train, train + 1, nonLandmarks, nonLandmarks + 1)).Dispose());
        Cost addLandmarks = Best(() => model.With(landmark)), addOthers = Best(() => model.With(other));
        Cost removeLandmarks = Best(() => model.Without(LabeledRows.Ids("train", 0, changed))),
            removeOthers = Best(() => model.Without(LabeledRows.Ids("other", 0, changed)));
        KnnLandmarkTransformer changedModel = model.With(landmark).With(other);
        string zip = Path.GetTempFileName();
        Cost save = Best(() => Save(model, before, zip)), saveChanged = Best(() => Save(changedModel, before, zip));
        File.Delete(zip);
        KnnLandmarkTransformer? anew = null;
        Cost fit = Measure(() => anew = LabeledRows.Fit(LabeledRows.View(rows, 0, settings.Train, 0, settings.NonLandmarks)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Processor.Name}, {Environment.ProcessorCount} cores, .NET ")
            + string.Create(CultureInfo.InvariantCulture, $"{Environment.Version}; {settings.Rows} rows: {train} for training, ")
            + string.Create(CultureInfo.InvariantCulture, $"{nonLandmarks} non-landmarks, {rows.Train.Dimension} dimensions."));
        Console.WriteLine();
        Console.WriteLine("| what | ms | of fitting all again | processor time, ms | of fitting all again |");
        Console.WriteLine("|---|---:|---:|---:|---:|");
        Write("fitting all again", fit);
        Write($"{changed} landmark rows more", addLandmarks);
        Write($"{changed} non-landmarks more", addOthers);
        Write($"{changed} landmark rows fewer", removeLandmarks);
        Write($"{changed} non-landmarks fewer", removeOthers);
        Write("the first change, one row of each kind", first);
        Write("saving the model before", save);
        Write("saving it changed", saveChanged);
        bool isExact = Answers(changedModel, rows.Queries).SequenceEqual(Answers(anew!, rows.Queries));
        Console.WriteLine();
        Console.WriteLine(isExact ? $"All {rows.Queries.Count} queries have the answers of the model that is fitted again."
            : "Answers differ from those of the model that is fitted again.");
        return isExact ? ExitCodes.Success : ExitCodes.Failed;

        void Write(string what, Cost cost) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {what} | {1000 * cost.Seconds:F0} | 1 / {fit.Seconds / cost.Seconds:F0} | {1000 * cost.Processor:F0} | "
            + $"1 / {fit.Processor / cost.Processor:F0} |"));
    }

    private static IDisposable? Save(KnnLandmarkTransformer model, IDataView rows, string file)
    {
        LabeledRows.Context.Model.Save(model, rows.Schema, file);
        return null;
    }

    private static Cost Best(Func<IDisposable?> work)
        => Enumerable.Range(0, Passes).Select(_ => Measure(() => work()?.Dispose())).MinBy(cost => cost.Seconds);

    private static Cost Measure(Action work)
    {
        GC.Collect();
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        work();
        return new Cost(Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }

    private static (int, float)[] Answers(KnnLandmarkTransformer model, UnitRows queries)
    {
        IDataView answers = model.Transform(LabeledRows.View(queries));
        return [.. answers.GetColumn<int>("PredictedLabel").Zip(answers.GetColumn<float>("Score"))];
    }

    /// <param name="Seconds">On the clock.</param>
    /// <param name="Processor">Seconds of all threads: where others use the machine, the better measure.</param>
    private readonly record struct Cost(double Seconds, double Processor);
}
