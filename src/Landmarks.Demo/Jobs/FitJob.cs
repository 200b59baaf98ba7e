using Landmarks.Demo.Output;

namespace Landmarks.Demo.Jobs;

/// <summary>Fits a model and writes it to a zip file.</summary>
internal static class FitJob
{
    public static void Run(Session session, FitSettings settings, Method method, string outputFile)
    {
        var training = new Training(session, settings);
        using OutputFile output = session.Outputs.Create(outputFile);
        if (training.Data.LeftOut is { } leftOut)
            session.Terminal.WriteLine(leftOut);
        (LandmarkModel model, string? choice) = training.Fit(method);
        using LandmarkModel fitted = model;
        if (choice is not null)
            session.Terminal.WriteLine($"Tuned: {choice}.");
        fitted.Save(session.ML, training.Data.Rows.Schema, output);
        output.Commit();
        session.WriteSummary(output, $"{training.Data.Counts}", training.Data.Counts.All);
    }
}
