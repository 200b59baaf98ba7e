using System.CommandLine;
using Landmarks.Demo.Jobs;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Sessions;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.CommandLine;

/// <summary><c>landmarks penalties</c>.</summary>
internal static class PenaltiesCommand
{
    public static Command Create(JobRunner runner, Option<bool> verbose)
    {
        Option<string> folder = ShardOptions.Folder("The folder in which embed has written the embeddings of all parts.");
        Option<LandmarkShard> shard = ShardOptions.Shard();
        var learning = new LearningOptions();
        Option<string> like = CommandOptions.Text("--like", "ZIP", "Fit as this model was: its settings but for the network's, and its "
            + "names, where no option here says otherwise.");
        Option<int?> gpu = CommandOptions.Gpu();
        Option<bool> fallbackToCpu = CommandOptions.FallbackToCpu();
        var command = new Command("penalties", "Finds the penalties of a part of the landmark rows that embed has made, by a search of "
            + "all rows of no landmark.")
        {
            folder, shard, like, learning.Plain, learning.Names,
        };
        foreach (Option option in learning.All)
            command.Add(option);
        command.Add(gpu);
        command.Add(fallbackToCpu);
        command.AddCheck(result =>
        {
            if (result.IsGiven(learning.Plain) && learning.NotWithPlain.FirstOrDefault(result.IsGiven) is { } option)
                result.AddError(Errors.OnlyWithoutPlain(option.Name, learning.Plain.Name));
        });
        command.SetAction((parsed, cancellation) => runner.RunAsync(session => PenaltiesJob.Run(session,
            parsed.GetRequiredValue(folder), parsed.GetValue(shard),
            (others, isBest) => Read(session, parsed, others, isBest),
            parsed.GetValue(gpu), parsed.GetValue(fallbackToCpu)), parsed.GetValue(verbose), cancellation));
        return command;

        // As fit reads them.
        LearningSettings Read(Session session, ParseResult parsed, LearningSettings settings, bool isBest)
        {
            if (parsed.GetValue(like) is { } file)
            {
                LikeModel model = LikeModel.Read(session, file);
                if (model.IsPlain && learning.NotWithPlain.FirstOrDefault(parsed.CommandResult.IsGiven) is { } option)
                    throw Errors.OnlyWithoutPlainModel(option.Name, file);
                settings = model.Over(settings);
            }

            bool isPlain = parsed.GetValue(learning.Plain);
            settings = learning.Read(parsed, settings);
            if ((isPlain || settings.IsPlain) && isBest)
                throw Errors.PlainOfBest(parsed.GetRequiredValue(folder), isPlain ? learning.Plain.Name : like.Name);
            return settings with
            {
                IsPlain = isPlain || settings.IsPlain,
                Smoothing = isBest ? LearningSettings.BestSmoothing : isPlain ? 0 : settings.Smoothing,
            };
        }
    }
}
