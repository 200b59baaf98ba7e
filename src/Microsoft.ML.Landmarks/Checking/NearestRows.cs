using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Adaptive;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Checking;

/// <summary>For each place of the rows those that are nearest by cosine, itself left out: landmark rows and non-landmarks apart.</summary>
internal sealed class NearestRows
{
    private readonly Neighbor[] _landmarks, _nonLandmarks;
    private readonly int _landmarkCount, _nonLandmarkCount;

    /// <summary>Searches by an exact engine of each kind of rows.</summary>
    /// <param name="rows">What is searched.</param>
    /// <param name="asked">Whose nearest are found: the same rows, or queries.</param>
    /// <param name="landmarkCount">How many landmark rows of each.</param>
    /// <param name="nonLandmarkCount">How many non-landmarks of each.</param>
    /// <param name="device">Where to search; null for the CPU.</param>
    /// <param name="parallelism">Threads and cancellation.</param>
    /// <param name="say">Told which engines are chosen.</param>
    /// <param name="progress">Told how many rows were searched for, those of both kinds counted each.</param>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public NearestRows(CheckedRows rows, CheckedRows asked, int landmarkCount, int nonLandmarkCount, SearchDevice? device,
        ParallelOptions parallelism, Action<string> say, IProgress<long>? progress)
    {
        (_landmarkCount, _nonLandmarkCount) = (landmarkCount, nonLandmarkCount);
        bool areSame = rows == asked;
        long done = 0;
        _landmarks = Search("Landmarks", rows.Landmarks, firstPlace: 0, landmarkCount);
        _nonLandmarks = Search("Non-landmarks", rows.NonLandmarks, rows.Landmarks.Count, nonLandmarkCount);

        Neighbor[] Search(string name, UnitRows gallery, int firstPlace, int count)
        {
            var found = new Neighbor[asked.PlaceCount * count];
            UnitRows likely = asked.Landmarks.Count > 0 ? asked.Landmarks : asked.NonLandmarks;
            using INeighborEngine engine = NeighborEngines.Create(
                new SearchedRows(name, gallery, Penalties: null, likely), device, asked.PlaceCount, parallelism, say);
            // One more, since a row finds itself.
            int sought = areSame ? count + 1 : count;
            SearchFor(asked.Landmarks, firstAsked: 0);
            SearchFor(asked.NonLandmarks, asked.Landmarks.Count);
            return found;

            void SearchFor(UnitRows queries, int firstAsked)
            {
                foreach ((int first, int part, ReadOnlyMemory<Neighbor> nearest)
                    in NeighborEngines.SearchAll(engine, queries, sought, parallelism))
                {
                    for (int i = 0; i < part; i++)
                    {
                        int own = firstAsked + first + i;
                        Keep(nearest.Span.Slice(i * sought, sought), areSame ? own : -1, firstPlace, found.AsSpan(own * count, count));
                    }

                    progress?.Report(done += part);
                }
            }
        }
    }

    /// <summary>The landmark rows that are nearest to a place, as places with their cosines, best first.</summary>
    public ReadOnlySpan<Neighbor> LandmarksOf(int place) => Found(_landmarks.AsSpan(place * _landmarkCount, _landmarkCount));

    /// <summary>The non-landmarks that are nearest to a place, likewise.</summary>
    public ReadOnlySpan<Neighbor> NonLandmarksOf(int place) => Found(_nonLandmarks.AsSpan(place * _nonLandmarkCount, _nonLandmarkCount));

    private static void Keep(ReadOnlySpan<Neighbor> nearest, int own, int firstPlace, Span<Neighbor> kept)
    {
        int count = 0;
        foreach (Neighbor neighbor in nearest)
        {
            if (neighbor.Row != Neighbor.None.Row && neighbor.Row + firstPlace != own && count < kept.Length)
                kept[count++] = neighbor with { Row = neighbor.Row + firstPlace };
        }

        kept[count..].Fill(Neighbor.None);
    }

    private static ReadOnlySpan<Neighbor> Found(ReadOnlySpan<Neighbor> kept)
    {
        int count = kept.Length;
        while (count > 0 && kept[count - 1].Row == Neighbor.None.Row)
            count--;
        return kept[..count];
    }
}
