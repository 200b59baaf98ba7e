using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Data;

/// <summary>Which predictions say that there is a landmark: those whose probabilities are at most these, or where no rate is given, those
/// whose verdict says so.</summary>
internal readonly record struct VerdictRule(double? FalseAlarmRate, double? UnknownLandmarkRate)
{
    private const string Verdict = "IsLandmark", FalseAlarm = "FalseAlarmProbability", Unknown = "UnknownLandmarkProbability";

    /// <summary>The columns that it is decided by; none where one of them is missing or of another type.</summary>
    public DataViewSchema.Column[] FindColumns(DataViewSchema schema)
    {
        (string Name, DataViewType Type)[] needed =
        [
            .. FalseAlarmRate is null ? [] : new[] { (FalseAlarm, (DataViewType)NumberDataViewType.Single) },
            .. UnknownLandmarkRate is null ? [] : new[] { (Unknown, (DataViewType)NumberDataViewType.Single) },
        ];
        if (needed.Length == 0)
            needed = [(Verdict, BooleanDataViewType.Instance)];
        DataViewSchema.Column[] found = [.. needed.SelectMany(n
            => schema.Where(column => !column.IsHidden && column.Name == n.Name && column.Type == n.Type))];
        return found.Length == needed.Length ? found : [];
    }

    /// <param name="row">The row.</param>
    /// <param name="columns">What <see cref="FindColumns"/> found, active in the row.</param>
    /// <returns>What decides, null where it has no probability to decide by; null where there are no columns.</returns>
    public Func<bool?>? CreateReader(DataViewRow row, DataViewSchema.Column[] columns)
    {
        if (columns.Length == 0)
            return null;
        if (FalseAlarmRate is null && UnknownLandmarkRate is null)
            return CreateReader<bool>(row.GetGetter<bool>(columns[0]), isLandmark => isLandmark);
        Func<bool?>[] readers = [.. columns.Zip(new[] { FalseAlarmRate, UnknownLandmarkRate }.OfType<double>(),
            // A probability is a Single, which may be nearest to a rate and yet above it.
            (column, rate) => CreateReader<float>(row.GetGetter<float>(column),
                probability => float.IsNaN(probability) ? null : probability <= (float)rate))];
        return () => readers.Aggregate((bool?)true, (all, isAtMost) => all & isAtMost());
    }

    private static Func<bool?> CreateReader<T>(ValueGetter<T> get, Func<T, bool?> decide)
    {
        T value = default!;
        return () =>
        {
            get(ref value);
            return decide(value);
        };
    }
}
