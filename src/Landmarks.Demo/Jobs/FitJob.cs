using Landmarks.Demo.Output;

namespace Landmarks.Demo.Jobs;

/// <summary>Fits a model and writes it to a zip file.</summary>
internal static class FitJob
{
    public static void Run(Session session, FitSettings settings, string outputFile)
    {
        var training = new Training(session, settings);
        using OutputFile output = session.Outputs.Create(outputFile);
        if (training.LeftOutCount > 0)
            session.Terminal.WriteLine($"Left out {Quantity.Of(training.LeftOutCount, "row")} of {settings.NonLandmarks.CsvFile}: not labelled -1.");
        using LandmarkModel model = training.Fit();
        model.Save(session.ML, training.Schema, output);
        output.Commit();
        session.WriteSummary(output, $"{Quantity.Of(training.LandmarkCount, "landmark row")} and {Quantity.Of(training.NonLandmarkCount, "non-landmark row")}", training.RowCount);
    }
}
