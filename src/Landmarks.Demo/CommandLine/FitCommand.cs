using System.CommandLine;
using Landmarks.Demo.Jobs;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Sessions;

namespace Landmarks.Demo.CommandLine;

/// <summary><c>landmarks fit</c>.</summary>
internal static class FitCommand
{
    public static Command Create(JobRunner runner, Option<bool> verbose)
    {
        var training = new TrainingOptions();
        Option<string> output = CommandOptions.Text("--output", "ZIP", "The model that is written; - for standard output.", required: true);
        Option<int[]> imageSizes = CommandOptions.ImageSizes();
        // Its older name, which scripts may give.
        var notebook = new Option<bool>("--notebook") { Hidden = true };
        Option<bool> best = CommandOptions.Best();
        Option<double?> holdOut = CommandOptions.Rate("--hold-out",
            "Measure the model by this share of the photographs of each landmark and of none, and print the figures. It is fitted to the "
            + "others alone, and so it is written.");
        Option<string> like = CommandOptions.Text("--like", "ZIP", "Fit as this model was: its network, image sizes, preparation and other "
            + "settings, and its names, where no option here says otherwise.");

        var command = new Command("fit", "Fits a model to photographs of landmarks and of none.");
        training.AddDataTo(command);
        command.Add(output);
        command.Add(like);
        command.Add(holdOut);
        command.Add(best);
        command.Add(training.Learning.Plain);
        command.Add(notebook);
        command.Add(training.Learning.Names);
        command.Add(imageSizes);
        training.AddNetworkTo(command);
        training.AddFitTo(command);
        training.Cache.AddTo(command);

        Option[] notWithPlain = [best, .. training.Learning.NotWithPlain];
        command.AddCheck(result =>
        {
            if (training.FindMistake(result) is { } mistake)
                result.AddError(mistake);
            else if (new[] { training.Learning.Plain, notebook }.FirstOrDefault(result.IsGiven) is { } given
                && notWithPlain.FirstOrDefault(result.IsGiven) is { } option)
                result.AddError(Errors.OnlyWithoutPlain(option.Name, given.Name));
            else if (training.FindMistakeOfNetwork(result, like, best, imageSizes) is { } twice)
                result.AddError(twice);
        });
        command.SetAction((parsed, cancellation) => runner.RunAsync(session =>
        {
            LikeModel? model = parsed.GetValue(like) is { } file ? LikeModel.Read(session, file) : null;
            FitJob.Run(session, Read(parsed, model), parsed.GetRequiredValue(output), model?.File);
        }, parsed.GetValue(verbose), cancellation));
        return command;

        FitSettings Read(ParseResult parsed, LikeModel? model)
        {
            bool isPlain = parsed.GetValue(training.Learning.Plain) || parsed.GetValue(notebook), isBest = parsed.GetValue(best);
            if (model is { IsPlain: true } && notWithPlain.FirstOrDefault(parsed.CommandResult.IsGiven) is { } option)
                throw Errors.OnlyWithoutPlainModel(option.Name, model.File);
            FitSettings settings = training.Read(parsed, parsed.GetValue(imageSizes) ?? [], model);
            if (isBest)
                settings = settings.AsBest();
            string? namesFile = parsed.GetValue(training.Learning.Names);
            return settings with
            {
                Learning = settings.Learning with
                {
                    IsPlain = isPlain || settings.Learning.IsPlain,
                    Smoothing = isPlain ? 0 : settings.Learning.Smoothing,
                },
                HeldOutShare = parsed.GetValue(holdOut),
                InputFiles = [.. settings.InputFiles, .. new[] { namesFile }.OfType<string>()],
            };
        }
    }
}
