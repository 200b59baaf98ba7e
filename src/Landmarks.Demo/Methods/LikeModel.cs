using Landmarks.Demo.Data;
using Landmarks.Demo.Sessions;
using Microsoft.ML;

namespace Landmarks.Demo.Methods;

/// <summary>What a model was fitted with, for another that is to be like it.</summary>
/// <param name="file">The model's zip file.</param>
/// <param name="info">What it says of itself.</param>
/// <param name="isPlain">Whether it is of the plain method.</param>
internal sealed class LikeModel(string file, LandmarkModelInfo info, bool isPlain)
{
    /// <summary>The zip file.</summary>
    public string File => file;

    /// <summary>Whether it is of the plain method, which has no verdict and no names.</summary>
    public bool IsPlain => isPlain;

    /// <exception cref="JobFailedException">The file is no model, or has steps that fit does not make.</exception>
    public static LikeModel Read(Session session, string file)
    {
        using LandmarkModel model = LandmarkModel.Load(session, file);
        (LandmarkModelInfo info, bool isPlain) = model.DescribeFit();
        if (info.SameLandmarkSmoothing is null)
            session.Log.Warn(Errors.SmoothingNotKnown(file));
        return new LikeModel(file, info, isPlain);
    }

    /// <summary>The settings with those of the model in the place of all that it knows.</summary>
    public FitSettings Over(FitSettings settings)
    {
        LandmarkNetworkInfo network = info.Networks[0];
        return settings with
        {
            Network = file,
            NetworkContent = network.Content,
            NetworkInput = network.InputName,
            NetworkOutput = network.OutputName,
            Pooling = network.Pooling,
            ImageSizes = network.ImageSizes,
            AverageMirror = network.AveragesMirror,
            Preparation = network.Preparation!,
            Learning = Over(settings.Learning),
        };
    }

    /// <inheritdoc cref="Over(FitSettings)"/>
    public LearningSettings Over(LearningSettings settings)
    {
        settings = settings with
        {
            Neighbors = info.NumberOfNeighbors,
            TrainPenaltyNeighbors = info.NumberOfTrainingPenaltyNeighbors,
            QueryPenaltyNeighbors = info.NumberOfQueryPenaltyNeighbors,
            Smoothing = info.SameLandmarkSmoothing ?? 0,
        };
        if (isPlain)
        {
            return settings with
            {
                IsPlain = true,
                TrainPenaltyWeight = info.TrainingPenaltyWeight,
                QueryPenaltyWeight = info.QueryPenaltyWeight,
                SimilarityExponent = info.SimilarityExponent,
                QueryExpansion = info.QueryExpansion,
            };
        }

        LandmarkVerdictInfo? verdict = info.Verdict;
        return settings with
        {
            // Of one that Fit has chosen there are reasons; other photographs may suit another.
            Method = info.Reasons.Count == 0 ? info.Method : null,
            // Without a verdict there were too few non-landmarks for one, and now there may be enough.
            FalseAlarmRate = verdict?.FalseAlarmRate ?? settings.FalseAlarmRate,
            FalseAlarmConfidence = verdict?.FalseAlarmConfidence,
            UnknownLandmarkRate = verdict?.UnknownLandmarkRate,
            OpenNames = LandmarkNames.Opener(info.Landmarks.Where(landmark => landmark.Name is not null)
                .ToDictionary(landmark => landmark.Label, landmark => landmark.Name!)),
        };
    }
}
