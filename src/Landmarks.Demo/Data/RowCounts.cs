using Microsoft.ML;
using Microsoft.ML.Data;

namespace Landmarks.Demo.Data;

/// <summary>How many rows name a landmark, and how many are labelled -1.</summary>
internal readonly record struct RowCounts(long Landmarks, long NonLandmarks)
{
    public long All => Landmarks + NonLandmarks;

    /// <summary>Reads the labels once, and no photograph: a broken line is found before hours of work on photographs.</summary>
    public static RowCounts Of(IDataView view, CancellationToken cancellation)
    {
        DataViewSchema.Column label = view.Schema["Label"];
        using DataViewRowCursor cursor = view.GetRowCursor([label]);
        Func<bool> isLandmark = label.Type is TextDataViewType ? TextReader(cursor, label) : NumberReader(cursor, label);
        long landmarks = 0, all = 0;
        for (; cursor.MoveNext(); all++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (isLandmark())
                landmarks++;
        }

        return new RowCounts(landmarks, all - landmarks);
    }

    /// <summary>What changes have added and removed, in words.</summary>
    public static string Describe(params IReadOnlyList<LandmarkChange> changes)
    {
        RowCounts added = new(changes.Sum(change => change.AddedLandmarkRows), changes.Sum(change => change.AddedNonLandmarkRows)),
            removed = new(changes.Sum(change => change.RemovedLandmarkRows), changes.Sum(change => change.RemovedNonLandmarkRows));
        if (added.All + removed.All == 0)
            return "Nothing was changed.";
        return added.All == 0 ? $"Removed {removed.Describe()}."
            : $"Added {added.Describe()}{(removed.All == 0 ? "" : $" in place of {removed.Describe()}")}.";
    }

    /// <summary>Those that are not 0, in words.</summary>
    public string Describe() => Landmarks == 0 ? Quantity.Of(NonLandmarks, "non-landmark row")
        : NonLandmarks == 0 ? Quantity.Of(Landmarks, "landmark row") : ToString();

    /// <summary>Both numbers in words.</summary>
    public override string ToString() => $"{Quantity.Of(Landmarks, "landmark row")} and {Quantity.Of(NonLandmarks, "non-landmark row")}";

    private static Func<bool> TextReader(DataViewRow row, DataViewSchema.Column label)
    {
        ValueGetter<ReadOnlyMemory<char>> get = row.GetGetter<ReadOnlyMemory<char>>(label);
        ReadOnlyMemory<char> value = default;
        return () =>
        {
            get(ref value);
            return !value.Span.SequenceEqual(Truth.NonLandmark);
        };
    }

    private static Func<bool> NumberReader(DataViewRow row, DataViewSchema.Column label)
    {
        ValueGetter<int> get = row.GetGetter<int>(label);
        int value = 0, nonLandmark = int.Parse(Truth.NonLandmark, System.Globalization.CultureInfo.InvariantCulture);
        return () =>
        {
            get(ref value);
            return value != nonLandmark;
        };
    }
}
