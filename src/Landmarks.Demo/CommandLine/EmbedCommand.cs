using System.CommandLine;
using Landmarks.Demo.Jobs;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Sessions;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.CommandLine;

/// <summary><c>landmarks embed</c>.</summary>
internal static class EmbedCommand
{
    public static Command Create(JobRunner runner, Option<bool> verbose)
    {
        var training = new TrainingOptions();
        Option<string> folder = ShardOptions.Folder(
            "The folder, seen by all processes, in which the embeddings are written. It is made where it is missing.");
        Option<LandmarkShard> shard = ShardOptions.Shard();
        Option<string> like = CommandOptions.Text("--like", "ZIP", "Embed as this model does: by its network, at its image sizes and with "
            + "its preparation, where no option here says otherwise.");
        Option<bool> best = CommandOptions.Best();
        Option<int[]> imageSizes = CommandOptions.ImageSizes();

        var command = new Command("embed", "Embeds a part of the photographs of a fit, for landmarks penalties and landmarks merge.");
        training.AddDataTo(command);
        command.Add(folder);
        command.Add(shard);
        command.Add(like);
        command.Add(best);
        command.Add(imageSizes);
        training.AddNetworkTo(command);
        command.Add(training.OnBadImage);
        training.Cache.AddTo(command);
        command.AddCheck(result =>
        {
            if (training.FindMistake(result) is { } mistake)
                result.AddError(mistake);
            else if (training.FindMistakeOfNetwork(result, like, best, imageSizes) is { } twice)
                result.AddError(twice);
        });
        command.SetAction((parsed, cancellation) => runner.RunAsync(session =>
        {
            LikeModel? model = parsed.GetValue(like) is { } file ? LikeModel.Read(session, file) : null;
            if (model is { IsPlain: true } && parsed.GetValue(best))
                throw Errors.OnlyWithoutPlainModel(best.Name, model.File);
            FitSettings settings = training.Read(parsed, parsed.GetValue(imageSizes) ?? [], model);
            EmbedJob.Run(session, parsed.GetValue(best) ? settings.AsBest() : settings, parsed.GetRequiredValue(folder),
                parsed.GetValue(shard), parsed.GetValue(training.TrainFolders));
        }, parsed.GetValue(verbose), cancellation));
        return command;
    }
}
