using System.Diagnostics;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Voting;

/// <summary>What the columns show of the answers of a batch.</summary>
internal sealed class ShownAnswers
{
    private const int Missing = -1;

    private readonly KnnLandmarkSettings _settings;
    private readonly LandmarkIndex _index;
    private readonly HashSet<AnswerPart> _parts;
    private readonly int[] _landmarks;
    private readonly float[] _scores, _penalties;
    private readonly IVerdict? _verdict;
    private readonly Judgement[] _judgements;
    private readonly SlotLists<long> _neighbors, _nonLandmarks;
    private readonly SlotLists<string> _neighborIds, _nonLandmarkIds;
    private readonly SlotLists<int> _neighborLandmarks, _topLandmarks;
    private readonly SlotLists<float> _neighborScores, _neighborPenalties, _nonLandmarkScores, _topScores;
    // The places of the landmarks that have votes, in order, and their shares.
    private readonly SlotLists<(int Place, float Share)> _shares;
    private double[] _sharesOfAnswer = [];

    /// <param name="settings">The columns, and their lengths.</param>
    /// <param name="index">The fitted rows.</param>
    /// <param name="capacity">The slots of a batch.</param>
    /// <param name="verdict">Judges them; null where nothing does.</param>
    public ShownAnswers(KnnLandmarkSettings settings, LandmarkIndex index, int capacity, IVerdict? verdict)
    {
        _settings = settings;
        _index = index;
        _parts = [.. settings.Columns.Added.Select(column => column.Part)];
        _landmarks = new int[capacity];
        _scores = new float[capacity];
        _penalties = new float[capacity];
        _verdict = verdict;
        _judgements = new Judgement[verdict is null ? 0 : capacity];
        int rows = index.MostNeighbors, nonLandmarks = index.MostNonLandmarks, landmarks = index.MostLandmarks;
        _neighbors = Lists(AnswerPart.Neighbors, index.KnowsIds ? 0 : rows, (long)Missing);
        _neighborIds = Lists(AnswerPart.Neighbors, index.KnowsIds ? rows : 0, "");
        _neighborScores = Lists(AnswerPart.NeighborScores, rows, float.NaN);
        _neighborLandmarks = Lists(AnswerPart.NeighborLabels, rows, Missing);
        _neighborPenalties = Lists(AnswerPart.NeighborPenalties, rows, float.NaN);
        _nonLandmarks = Lists(AnswerPart.NonLandmarkNeighbors, index.KnowsNonLandmarkIds ? 0 : nonLandmarks, (long)Missing);
        _nonLandmarkIds = Lists(AnswerPart.NonLandmarkNeighbors, index.KnowsNonLandmarkIds ? nonLandmarks : 0, "");
        _nonLandmarkScores = Lists(AnswerPart.NonLandmarkNeighborScores, nonLandmarks, float.NaN);
        _topLandmarks = Lists(AnswerPart.TopLabels, landmarks, Missing);
        _topScores = Lists(AnswerPart.TopScores, landmarks, float.NaN);
        _shares = new SlotLists<(int, float)>(_parts.Contains(AnswerPart.Scores) ? settings.NumberOfNeighbors : 0,
            Math.Min(rows, landmarks), (Missing, float.NaN));

        SlotLists<T> Lists<T>(AnswerPart part, int most, T unused)
            => new(_parts.Contains(part) ? settings.PlacesOf(part) : 0, most, unused);
    }

    /// <summary>Makes room for so many slots, whose rows are missing until an answer is shown.</summary>
    public void Clear(int slots)
    {
        _landmarks.AsSpan(0, slots).Fill(Missing);
        _scores.AsSpan(0, slots).Fill(float.NaN);
        _penalties.AsSpan(0, slots).Fill(float.NaN);
        if (_verdict is not null)
            _judgements.AsSpan(0, slots).Fill(Judgement.None);
        _neighbors.Clear(slots);
        _neighborIds.Clear(slots);
        _neighborScores.Clear(slots);
        _neighborLandmarks.Clear(slots);
        _neighborPenalties.Clear(slots);
        _nonLandmarks.Clear(slots);
        _nonLandmarkIds.Clear(slots);
        _nonLandmarkScores.Clear(slots);
        _topLandmarks.Clear(slots);
        _topScores.Clear(slots);
        _shares.Clear(slots);
    }

    /// <summary>Keeps what the columns show of an answer, but for <see cref="ShowTop"/>.</summary>
    /// <param name="slot">Where it is kept.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="matches">Knows the ids of its rows.</param>
    public void Show(int slot, VotedAnswer answer, LandmarkMatches matches)
    {
        _landmarks[slot] = answer.Landmarks[0].Landmark;
        _scores[slot] = answer.Confidence;
        _penalties[slot] = (float)answer.QueryPenalty;
        if (_verdict is not null)
            _judgements[slot] = _verdict.Judge(answer);
        Fill(_neighbors[slot], answer.Neighbors, neighbor => neighbor.Row);
        Fill(_neighborIds[slot], answer.Neighbors, neighbor => matches.IdOf(neighbor.Row));
        Fill(_neighborScores[slot], answer.Neighbors, neighbor => (float)neighbor.Score);
        Fill(_neighborLandmarks[slot], answer.Neighbors, neighbor => neighbor.Landmark);
        Fill(_neighborPenalties[slot], answer.Neighbors, neighbor => (float)neighbor.Penalty);
        Fill(_nonLandmarks[slot], answer.NonLandmarks, neighbor => neighbor.Row);
        Fill(_nonLandmarkIds[slot], answer.NonLandmarks, neighbor => matches.NonLandmarkIdOf(neighbor.Row));
        Fill(_nonLandmarkScores[slot], answer.NonLandmarks, neighbor => (float)neighbor.Cosine);
        if (_parts.Contains(AnswerPart.Scores))
            ShowShares(slot, answer.Landmarks);
    }

    /// <summary>Keeps the landmarks that an answer ranks.</summary>
    public void ShowTop(int slot, ReadOnlySpan<RankedLandmark> top)
    {
        Fill(_topLandmarks[slot], top, landmark => landmark.Landmark);
        Fill(_topScores[slot], top, landmark => VoteSettings.ToSingle(landmark.Votes));
    }

    /// <summary>A <see cref="SlotGetter{T}"/> of what a column shows.</summary>
    public Delegate CreateGetter(AnswerPart part) => part switch
    {
        AnswerPart.PredictedLabel => _index.Labels.CreateGetter(_landmarks),
        AnswerPart.Score => Singles(_scores),
        AnswerPart.IsLandmark => Judged(judgement => judgement.IsLandmark),
        AnswerPart.FalseAlarmProbability => Judged(judgement => judgement.FalseAlarmProbability),
        AnswerPart.UnknownLandmarkProbability => Judged(judgement => judgement.UnknownLandmarkProbability),
        AnswerPart.Neighbors => Rows(_index.KnowsIds, _neighbors, _neighborIds),
        AnswerPart.NeighborScores => Singles(_neighborScores),
        AnswerPart.NeighborLabels => _index.Labels.CreateGetter(_neighborLandmarks),
        AnswerPart.NeighborPenalties => Singles(_neighborPenalties),
        AnswerPart.QueryPenalty => Singles(_penalties),
        AnswerPart.NonLandmarkNeighbors => Rows(_index.KnowsNonLandmarkIds, _nonLandmarks, _nonLandmarkIds),
        AnswerPart.NonLandmarkNeighborScores => Singles(_nonLandmarkScores),
        AnswerPart.TopLabels => _index.Labels.CreateGetter(_topLandmarks),
        AnswerPart.TopScores => Singles(_topScores),
        AnswerPart.Scores => (SlotGetter<VBuffer<float>>)GetShares,
        _ => throw new UnreachableException(),
    };

    private static void Fill<TSource, T>(Span<T> places, ReadOnlySpan<TSource> source, Func<TSource, T> select)
    {
        for (int i = 0; i < Math.Min(places.Length, source.Length); i++)
            places[i] = select(source[i]);
    }

    private SlotGetter<T> Judged<T>(Func<Judgement, T> select) => (int slot, ref T value) => value = select(_judgements[slot]);

    private static SlotGetter<float> Singles(float[] values) => (int slot, ref float value) => value = values[slot];

    private static SlotGetter<VBuffer<float>> Singles(SlotLists<float> lists) => lists.CreateGetter(value => value);

    private static Delegate Rows(bool knowsIds, SlotLists<long> rows, SlotLists<string> ids)
        => knowsIds ? ids.CreateGetter(id => id.AsMemory()) : rows.CreateGetter(row => row);

    private void ShowShares(int slot, ReadOnlySpan<RankedLandmark> landmarks)
    {
        BatchArray.Reserve(ref _sharesOfAnswer, 1, landmarks.Length);
        LandmarkVote.Share(landmarks, _sharesOfAnswer);
        Span<(int Place, float Share)> shares = _shares[slot][..landmarks.Length];
        for (int i = 0; i < shares.Length; i++)
            shares[i] = (_index.Labels.PlaceOf(landmarks[i].Landmark), (float)_sharesOfAnswer[i]);
        // As sparse vectors have them.
        shares.Sort(static (a, b) => a.Place.CompareTo(b.Place));
    }

    private void GetShares(int slot, ref VBuffer<float> value)
    {
        int length = (int)_index.Labels.PlaceCount;
        if (_landmarks[slot] == Missing)
        {
            VectorValues.Fill(float.NaN, length, ref value);
            return;
        }

        ReadOnlySpan<(int Place, float Share)> shares = _shares[slot];
        int used = shares.IndexOf((Missing, float.NaN));
        shares = used < 0 ? shares : shares[..used];
        VBufferEditor<float> editor = VBufferEditor.Create(ref value, length, shares.Length);
        for (int i = 0; i < shares.Length; i++)
        {
            editor.Values[i] = shares[i].Share;
            // A dense vector has none.
            if (shares.Length < length)
                editor.Indices[i] = shares[i].Place;
        }

        value = editor.Commit();
    }
}
