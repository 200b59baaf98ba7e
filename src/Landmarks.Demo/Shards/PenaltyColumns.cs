using Landmarks.Demo.Shards.Tables;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.Shards;

/// <summary>The columns of a file of penalties.</summary>
internal sealed class PenaltyColumns
{
    private const string Plain = "plain", Whitened = "whitened";

    private readonly ValueColumn<long> _row = new("row");
    private readonly StringColumn _rows = new("rows");
    private readonly ValueColumn<double> _penalty = new("penalty");
    private readonly ListColumn<int> _nonLandmarks = new("non_landmarks");
    private readonly ListColumn<double> _cosines = new("cosines");

    /// <summary>All, in the order in which they stand in a file.</summary>
    public IReadOnlyList<ITableColumn> All => [_row, _rows, _penalty, _nonLandmarks, _cosines];

    /// <param name="penalty">Of a row.</param>
    /// <param name="neighbors">How many non-landmarks make it. That is for who reads the file by another program: a fit makes its
    /// own.</param>
    public void Add(LandmarkPenalty penalty, int neighbors)
    {
        _row.Add(penalty.Row);
        _rows.Add(penalty.OfWhitenedRows ? Whitened : Plain);
        _penalty.Add(penalty.Penalty(neighbors));
        _nonLandmarks.Add([.. penalty.NonLandmarks]);
        _cosines.Add([.. penalty.Cosines]);
    }

    /// <summary>A row that was read.</summary>
    /// <param name="place">Its place in the group that was read.</param>
    /// <returns>Null where it is none of a penalty.</returns>
    public LandmarkPenalty? Find(int place)
        => _row[place] is var row and >= 0 and <= int.MaxValue && _rows[place] is Plain or Whitened && _nonLandmarks.Has(place)
            && _cosines.Has(place)
            ? new LandmarkPenalty(_rows[place] == Whitened, (int)row, _nonLandmarks[place].ToArray(), _cosines[place].ToArray()) : null;
}
