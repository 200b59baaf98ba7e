using Landmarks.Demo.Methods;
using Landmarks.Demo.Output;
using Microsoft.Extensions.Logging;
using Microsoft.ML;
using Microsoft.ML.Landmarks.Files;
using Microsoft.ML.Runtime;

namespace Landmarks.Demo.Serving;

/// <summary>Loads models and warms them, so that the first who asks does not wait longer than others.</summary>
internal sealed class ModelLoader(ServeSettings settings, ScratchFolder scratch, ILogger<ModelLoader> log)
{
    // A photograph of one pixel.
    private static readonly byte[] s_smallest = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=");

    private int _count;

    /// <summary>The file as it was before it was last loaded, or tried to; null before that.</summary>
    public ModelFile? LastTried { get; private set; }

    /// <summary>Reads the model as its file has it, with the rows of its index where it has one.</summary>
    /// <exception cref="JobFailedException">The file is missing, a pipe or a device, or no model.</exception>
    /// <exception cref="InvalidOperationException">There is no such index, or it is another model's.</exception>
    public (MLContext ML, LandmarkModel Model) Read()
    {
        Tried();
        RequireFile();
        // One for each model: what it keeps of steps goes with them.
        var ml = new MLContext { TempFilePath = scratch.Path };
        ml.Log += (_, message) => Tell(message);
        return (ml, LandmarkModel.Load(ml, scratch, settings.Model).WithRows(settings.Index, CancellationToken.None, settings.Hnsw));
    }

    /// <summary>Checks that reading the model can't wait for what another program writes.</summary>
    /// <exception cref="JobFailedException">It is a pipe or a device.</exception>
    public void RequireFile()
    {
        if (FileStatus.Of(settings.Model) is { Kind: FileKind.Stream or FileKind.Socket })
            throw Errors.ServedStream(settings.Model);
    }

    /// <summary>Takes the file for what is served, or was tried to be.</summary>
    public void Tried() => LastTried = ModelFile.Of(settings.Model);

    /// <summary>Reads the model, and makes it one that is served.</summary>
    /// <exception cref="JobFailedException">The file is missing or no model.</exception>
    /// <exception cref="InvalidOperationException">The model has no verdict at the rate that is asked for.</exception>
    public ServedModel Load()
    {
        (MLContext ml, LandmarkModel model) = Read();
        try
        {
            return Serve(ml, model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Makes a model one that is served: it is warm afterwards.</summary>
    /// <param name="ml">What it works with.</param>
    /// <param name="model">The model; disposed with the one that is served.</param>
    /// <exception cref="JobFailedException">It takes no photographs, or names no landmarks.</exception>
    /// <exception cref="InvalidOperationException">It has no verdict at the rate that is asked for.</exception>
    public ServedModel Serve(MLContext ml, LandmarkModel model)
    {
        model.SkipUnreadable(settings.MaxPixels);
        LandmarkRecognizer recognizer = model.CreateRecognizer(ml);
        recognizer.NumberOfTopLandmarks = settings.Top;
        if (settings.FalseAlarmRate is { } rate)
            recognizer.FalseAlarmRate = rate;
        LandmarkAnswer answer = recognizer.Recognize(Enumerable.Repeat(s_smallest, RecognitionQueue.MostAtOnce).ToArray())[0];
        if (answer.Error is not null)
            throw Errors.NotAModel(settings.Model, answer.Error);
        ServedIndex? index = model.Index is null ? null : new ServedIndex(ml, model, log);
        if (model.Index?.Recall is { } recall)
            ServeLog.Recall(log, RecallSummary.InShort(recall));
        return new ServedModel(++_count, InfoOf(model), recognizer.FalseAlarmRate, index is null ? recognizer.Recognize
            : (files, cancellation) => index.Ask(() => recognizer.Recognize(files, cancellation)), () =>
            {
                recognizer.Dispose();
                model.Dispose();
            }, index);
    }

    private static LandmarkModelInfo? InfoOf(LandmarkModel model)
    {
        try
        {
            return LandmarkModelInfo.Of(model.Steps);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private void Tell(LoggingEventArgs message)
    {
        if (message.Kind == ChannelMessageKind.Warning)
            ServeLog.ModelWarning(log, LibraryTexts.Translate(message.RawMessage));
    }
}
