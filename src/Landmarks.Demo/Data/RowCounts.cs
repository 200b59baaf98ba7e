using Microsoft.ML;

namespace Landmarks.Demo.Data;

/// <summary>How many rows of a file of photographs name a landmark, and how many are labelled -1.</summary>
internal readonly record struct RowCounts(long Landmarks, long NonLandmarks)
{
    private const int NonLandmark = -1;

    public long All => Landmarks + NonLandmarks;

    /// <summary>Reads the file once, and no photograph: a broken line is found before hours of work on photographs.</summary>
    public static RowCounts Of(MLContext ml, LandmarkSource source, CancellationToken cancellation)
    {
        IDataView view = ml.Data.LoadLandmarks(source);
        DataViewSchema.Column label = view.Schema["Label"];
        using DataViewRowCursor cursor = view.GetRowCursor([label]);
        ValueGetter<int> getLabel = cursor.GetGetter<int>(label);
        long landmarks = 0, nonLandmarks = 0;
        int value = 0;
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            getLabel(ref value);
            if (value == NonLandmark)
                nonLandmarks++;
            else
                landmarks++;
        }

        return new RowCounts(landmarks, nonLandmarks);
    }
}
