using Landmarks.Demo.Data;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Output;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Files;

namespace Landmarks.Demo.Jobs;

/// <summary>Adds photographs to a model. Those that it has are not looked at again.</summary>
internal static class AddJob
{
    /// <param name="session">The job's session.</param>
    /// <param name="settings">What is added to which model.</param>
    /// <param name="outputFile">The zip file that is written, which may be the model's.</param>
    public static void Run(Session session, AddSettings settings, string outputFile)
    {
        TrainingData data = session.TellWarnings(() => settings.OpenData(session.ML, session.Cancellation));
        using OutputFile output = session.CreateModelOutput(outputFile,
            [.. settings.InputFiles, .. new[] { settings.Names }.OfType<string>()], changed: settings.Model);
        OutputFiles.ThrowIfInput(outputFile, ImagePaths.Of(data.Rows, session.Cancellation));
        if (data.Remark is { } remark)
            session.Terminal.WriteLine(remark);
        (session.ML.GpuDeviceId, session.ML.FallbackToCpu) = (settings.Gpu, settings.FallbackToCpu);
        // Once the file is held: of two runs that change it the second finds what the first has made of it.
        using LandmarkModel model = LandmarkModel.Load(session, settings.Model);
        session.EndWhenCanceled(model.Steps);
        model.RequireOwnRows();
        LandmarkModelInfo before = model.Describe();
        ModelIds.Check(settings.Model, before.Ids, data.Rows, settings.Replaces, session.Cancellation);
        // Read before hours of work on photographs: the file may be broken.
        IDataView? names = settings.Names is { } file
            ? KeptView.Keep(session.ML, session.ML.Data.LoadLandmarkNames(file), "Label", "Name") : null;
        using var added = new AddedPhotographs(session, model, before.NonLandmarkLabel, data, settings);
        output.Require(LargestModel(settings.Model, before, data.Counts));
        using BatchTransformer changed = session.Follow(board => model.With(added.Embed(board), settings.Replaces, names));
        FittedStep written = ModelChange.Write(session, model, changed, output, before);
        session.WriteSummary(output, $"{written.Rows}", data.Counts.All);
    }

    // Some models keep rows as they were before they were whitened or smoothed too.
    private static long LargestModel(string file, LandmarkModelInfo model, RowCounts added)
        => new FileInfo(file).Length + 2 * added.All * model.Dimension * sizeof(float);
}
