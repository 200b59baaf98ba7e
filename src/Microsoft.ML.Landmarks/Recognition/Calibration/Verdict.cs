using System.Globalization;
using Microsoft.ML.Landmarks.Voting;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Recognition.Calibration;

/// <summary>Judges answers by the scores of photographs that deserve none. Its rates may be changed while several threads ask.</summary>
internal sealed class Verdict : IVerdict
{
    private readonly Lock _changing = new();
    private volatile Rule _rule;

    /// <param name="calibration">The scores to judge by.</param>
    /// <param name="rates">What is to be kept.</param>
    /// <exception cref="InvalidOperationException">There are too few scores for that.</exception>
    public Verdict(VerdictCalibration calibration, VerdictRates rates)
    {
        Calibration = calibration;
        _rule = new Rule(rates, ThresholdOf(rates));
    }

    public VerdictCalibration Calibration { get; }

    public VerdictRates Rates => _rule.Rates;

    /// <summary>Where the true rate of this very model lies with 95 %.</summary>
    public MetricInterval FalseAlarmInterval => Calibration.FalseAlarms.Interval(Rates.FalseAlarms, Rates.Confidence);

    /// <summary>Changes some of the rates. Where several threads do, all that they change is kept.</summary>
    /// <exception cref="InvalidOperationException">There are too few scores for them.</exception>
    public void Change(Func<VerdictRates, VerdictRates> change)
    {
        lock (_changing)
        {
            VerdictRates rates = change(_rule.Rates);
            _rule = new Rule(rates, ThresholdOf(rates));
        }
    }

    /// <inheritdoc/>
    public Judgement Judge(VotedAnswer answer)
    {
        float score = VerdictScore.Of(answer);
        ConformalScores unknown = Calibration.UnknownLandmarks;
        return new Judgement(score > _rule.Threshold, (float)Calibration.FalseAlarms.Probability(score),
            unknown.Count == 0 ? float.NaN : (float)unknown.Probability(score));
    }

    /// <summary>What rates would make of photographs of unknown landmarks, and of right answers.</summary>
    /// <exception cref="InvalidOperationException">There are too few scores for them.</exception>
    public (MeasuredRate UnknownLandmarks, MeasuredRate RightAnswers) Estimate(VerdictRates rates)
    {
        float threshold = ThresholdOf(rates);
        return (Measure(Calibration.UnknownLandmarks), Measure(Calibration.RightAnswers));

        MeasuredRate Measure(ConformalScores scores) => new(scores.CountAbove(threshold), scores.Count);
    }

    /// <summary>What is promised and estimated, in words.</summary>
    public string Describe()
    {
        VerdictRates rates = Rates;
        MetricInterval interval = FalseAlarmInterval;
        string promise = string.Create(CultureInfo.InvariantCulture,
            $"Verdict: of photographs like the non-landmarks at most {rates.FalseAlarms:P1} are answered, "
            + $"{(Calibration.AreProved ? "as promised by" : "as estimated, not proved, by folds of")} {Calibration.FalseAlarms.Count} "
            + $"that were held out; with so many the true rate lies between {interval.Low:P1} and {interval.High:P1} (95 %).");
        return Calibration.UnknownLandmarks.Count == 0 || Calibration.RightAnswers.Count == 0 ? promise
            : $"{promise} Estimated in folds: {DescribeEstimate(rates)}; {(rates.UnknownLandmarks is null
            ? $"with UnknownLandmarkRate = 0.05: {DescribeEstimate(rates with { UnknownLandmarks = 0.05 })}"
            : $"without UnknownLandmarkRate: {DescribeEstimate(rates with { UnknownLandmarks = null })}")}.";
    }

    private string DescribeEstimate(VerdictRates rates)
    {
        (MeasuredRate unknown, MeasuredRate right) = Estimate(rates);
        return string.Create(CultureInfo.InvariantCulture, $"{unknown.Rate:P1} of {unknown.Total} photographs of unknown landmarks are "
            + $"answered, and {right.Rate:P1} of {right.Total} right answers kept");
    }

    // One for both rates, since the score is the same.
    private float ThresholdOf(VerdictRates rates)
    {
        float threshold = Calibration.FalseAlarms.Threshold(rates.FalseAlarms, rates.Confidence);
        if (float.IsPositiveInfinity(threshold))
            throw Errors.TooFewFalseAlarms(Calibration.FalseAlarms.Count, rates);
        if (rates.UnknownLandmarks is not { } rate)
            return threshold;
        float ofUnknown = Calibration.UnknownLandmarks.Threshold(rate, confidence: null);
        return float.IsPositiveInfinity(ofUnknown)
            ? throw Errors.TooFewUnknownLandmarks(Calibration.UnknownLandmarks.Count, rate) : Math.Max(threshold, ofUnknown);
    }

    /// <param name="Rates">What is kept.</param>
    /// <param name="Threshold">What a score must exceed for that.</param>
    private sealed record Rule(VerdictRates Rates, float Threshold);
}
