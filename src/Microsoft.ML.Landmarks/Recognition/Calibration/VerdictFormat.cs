using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting;

namespace Microsoft.ML.Landmarks.Recognition.Calibration;

/// <summary>The layout of a saved <see cref="Verdict"/> and of the names of its columns, as a part of a step.</summary>
/// <remarks>Format 1 knew nothing of the rows that the scores are of.</remarks>
internal static class VerdictFormat
{
    private const string FalseAlarmsEntry = "FalseAlarms", UnknownLandmarksEntry = "UnknownLandmarks", RightAnswersEntry = "RightAnswers";

    /// <param name="model">The model.</param>
    /// <param name="columns">Those of the step, which get the verdict's.</param>
    /// <param name="landmarks">[n, d], the rows that answer; null where they are no part of the model.</param>
    /// <param name="dimension">How many features a row has that is asked.</param>
    public static (Verdict? Verdict, AnswerColumns Columns) Read(
        ModelReader model, AnswerColumns columns, UnitRows? landmarks, int dimension)
    {
        if (!model.ReadBoolean())
            return (null, columns);
        columns = columns with
        {
            IsLandmark = model.ReadOptionalColumnName(),
            FalseAlarmProbability = model.ReadOptionalColumnName(),
            UnknownLandmarkProbability = model.ReadOptionalColumnName(),
        };
        double falseAlarms = ReadRate(model, "the false alarm rate");
        double? confidence = model.ReadBoolean() ? ReadRate(model, "the false alarm confidence") : null;
        double? unknownLandmarks = model.ReadBoolean() ? ReadRate(model, "the unknown landmark rate") : null;
        bool areProved = model.ReadBoolean();
        var calibration = new VerdictCalibration(ReadScores(model, FalseAlarmsEntry), areProved, ReadScores(model, UnknownLandmarksEntry),
            ReadScores(model, RightAnswersEntry));
        if (model.Version >= 2)
            calibration = ReadRows(model, calibration, landmarks, dimension);
        try
        {
            return (new Verdict(calibration, new VerdictRates(falseAlarms, confidence, unknownLandmarks)), columns);
        }
        catch (InvalidOperationException e)
        {
            throw model.Damaged(e.Message);
        }
    }

    public static void Write(ModelWriter model, Verdict? verdict, AnswerColumns columns)
    {
        model.Write(verdict is not null);
        if (verdict is null)
            return;
        model.WriteNullable(columns.IsLandmark);
        model.WriteNullable(columns.FalseAlarmProbability);
        model.WriteNullable(columns.UnknownLandmarkProbability);
        VerdictRates rates = verdict.Rates;
        model.Write(rates.FalseAlarms);
        WriteOptional(model, rates.Confidence);
        WriteOptional(model, rates.UnknownLandmarks);
        model.Write(verdict.Calibration.AreProved);
        WriteScores(model, FalseAlarmsEntry, verdict.Calibration.FalseAlarms);
        WriteScores(model, UnknownLandmarksEntry, verdict.Calibration.UnknownLandmarks);
        WriteScores(model, RightAnswersEntry, verdict.Calibration.RightAnswers);
        WriteRows(model, verdict.Calibration);
    }

    private static VerdictCalibration ReadRows(ModelReader model, VerdictCalibration calibration, UnitRows? landmarks, int dimension)
    {
        HeldOutRows? heldOut = !model.ReadBoolean() ? null
            : HeldOutFormat.Read(model, landmarks ?? throw model.Damaged("rows are held out of rows that are elsewhere"));
        if (heldOut is not null && heldOut.Rows.Count != calibration.FalseAlarms.Count)
            throw model.Damaged($"{heldOut.Rows.Count} rows are held out, and {calibration.FalseAlarms.Count} have a score");
        return calibration with { HeldOut = heldOut, Folds = model.ReadBoolean() ? FoldFormat.Read(model, dimension) : null };
    }

    private static void WriteRows(ModelWriter model, VerdictCalibration calibration)
    {
        model.Write(calibration.HeldOut is not null);
        if (calibration.HeldOut is { } heldOut)
            HeldOutFormat.Write(model, heldOut);
        model.Write(calibration.Folds is not null);
        if (calibration.Folds is { } folds)
            FoldFormat.Write(model, folds);
    }

    // Above 0, below 1.
    private static double ReadRate(ModelReader model, string name) => model.ReadDouble(name, double.Epsilon, Math.BitDecrement(1.0));

    private static void WriteOptional(ModelWriter model, double? rate)
    {
        model.Write(rate is not null);
        if (rate is { } value)
            model.Write(value);
    }

    private static ConformalScores ReadScores(ModelReader model, string entry)
    {
        float[] scores = model.ReadEntry<float>(entry, model.ReadInt32("the number of scores", 0));
        model.CheckValues(entry, scores, score => !float.IsNaN(score));
        return new ConformalScores(scores);
    }

    private static void WriteScores(ModelWriter model, string entry, ConformalScores scores)
    {
        model.Write(scores.Count);
        model.WriteEntry(entry, scores.Ascending);
    }
}
