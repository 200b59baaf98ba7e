using Landmarks.Demo.Output;

namespace Landmarks.Demo.Jobs;

/// <summary>Fits a model and writes it to a zip file.</summary>
internal static class FitJob
{
    /// <param name="session">The job's session.</param>
    /// <param name="settings">What the model is fitted to.</param>
    /// <param name="method">How; null: what suits the photographs.</param>
    /// <param name="outputFile">The zip file.</param>
    public static void Run(Session session, FitSettings settings, Method? method, string outputFile)
    {
        var training = new Training(session, settings);
        using OutputFile output = session.Outputs.Create(outputFile);
        if (training.Data.LeftOut is { } leftOut)
            session.Terminal.WriteLine(leftOut);
        (LandmarkModel model, ChosenMethod chosen, string? tuned) = training.Fit(method);
        using LandmarkModel fitted = model;
        session.Terminal.WriteLine($"Method: {chosen}.");
        if (tuned is not null)
            session.Terminal.WriteLine($"Tuned: {tuned}.");
        fitted.Save(session.ML, training.Data.Rows.Schema, output);
        output.Commit();
        session.WriteSummary(output, $"{training.Data.Counts}", training.Data.Counts.All);
    }
}
