namespace Microsoft.ML.Landmarks.Checking;

/// <summary>Makes findings of what was found out.</summary>
internal sealed class LandmarkFindings(CheckedRows rows)
{
    // Levels of 255, and pixels.
    private const int LeastHighlight = 64, LeastSide = 64;

    private readonly List<LandmarkFinding> _findings = [];

    /// <summary>By kind; of a kind the worst first, of equal ones the earlier row.</summary>
    public IReadOnlyList<LandmarkFinding> InOrder()
        => [.. _findings.OrderBy(finding => finding.Kind)
            .ThenBy(finding => IsWorseBelow(finding.Kind) ? finding.Score : -finding.Score)
            .ThenBy(finding => finding.Row).ThenBy(finding => finding.OtherRow)];

    /// <summary>Duplicates and contradictions.</summary>
    /// <param name="pairs">Rows that show one photograph.</param>
    /// <param name="sketches">What the photographs are; null where that is not known.</param>
    public void AddSame(IReadOnlyList<SamePhotograph> pairs, PhotographSketch?[]? sketches)
    {
        SamePhotograph[] ofOne = [.. pairs.Where(pair => rows.LandmarkOf(pair.Row) == rows.LandmarkOf(pair.Other))];
        var same = new SamePhotographs(rows.Count, ofOne);
        foreach (IGrouping<int, SamePhotograph> group in same.Spanning.GroupBy(pair => same.FirstOf(pair.Row)))
            AddDuplicates([.. group], sketches);
        // One for each two landmarks that have the photograph, in whatever copies.
        foreach (IGrouping<(int, int), SamePhotograph> group in pairs.Except(ofOne).GroupBy(pair =>
        {
            (int first, int second) = (same.FirstOf(pair.Row), same.FirstOf(pair.Other));
            return (Math.Min(first, second), Math.Max(first, second));
        }))
        {
            SamePhotograph pair = group.OrderByDescending(p => p.IsExact).ThenByDescending(p => p.Likeness).ThenBy(p => p.Row)
                .ThenBy(p => p.Other).First();
            string? landmark = LandmarkOf(pair.Row), other = LandmarkOf(pair.Other);
            Add(LandmarkFindingKind.Contradiction, pair.Row, pair.Likeness,
                Errors.AdviceOnContradiction(rows.IdOf(pair.Other), landmark is null, other is null), pair.Other, other);
        }
    }

    /// <summary>Landmarks with one photograph in effect.</summary>
    public void AddSingles(SamePhotographs same)
    {
        foreach (IGrouping<int, int> landmark in Enumerable.Range(0, rows.Landmarks.Count).Select(rows.RowAt).GroupBy(rows.LandmarkOf))
        {
            if (landmark.Select(same.FirstOf).Distinct().Count() == 1)
                Add(LandmarkFindingKind.SinglePhotograph, landmark.First(), landmark.Count(), Errors.AdviceOnSingle(landmark.Count()));
        }
    }

    /// <summary>A landmark row that is answered as another landmark.</summary>
    public void AddWrongLabel(int row, double margin, int nearest)
        => Add(LandmarkFindingKind.WrongLabel, row, margin,
            Errors.AdviceOnWrongLabel(rows.IdOf(nearest)), nearest, LandmarkOf(nearest));

    /// <summary>A non-landmark that is answered as a landmark.</summary>
    public void AddContamination(int row, double share, int nearest)
        => Add(LandmarkFindingKind.Contamination, row, share,
            Errors.AdviceOnContamination(rows.IdOf(nearest)), nearest, LandmarkOf(nearest));

    /// <summary>What is wrong with photographs themselves, and with their features.</summary>
    /// <param name="photographs">Null where they were not looked at.</param>
    public void AddPhotographs(PhotographReader? photographs)
    {
        for (int row = 0; row < rows.Count; row++)
        {
            if (photographs?.ReasonOf(row) is { } reason)
                Add(LandmarkFindingKind.Unreadable, row, 0, Errors.AdviceOnUnreadable(reason));
            else if (!rows.HasFeatures(row))
                Add(LandmarkFindingKind.MissingFeatures, row, 0, Errors.AdviceOnMissingFeatures());
            if (photographs?.Sketches[row] is { } sketch)
                AddPhotograph(row, sketch);
        }
    }

    /// <summary>Queries that are photographs of the rows.</summary>
    /// <param name="queries">The queries.</param>
    /// <param name="pairs">A query's row, and that of the photograph.</param>
    public void AddLeaks(CheckedRows queries, IEnumerable<SamePhotograph> pairs)
    {
        foreach (SamePhotograph pair in pairs)
        {
            _findings.Add(new LandmarkFinding(LandmarkFindingKind.Leak, pair.Likeness, Errors.AdviceOnLeak(rows.IdOf(pair.Other)))
            {
                Row = pair.Row,
                Id = queries.IdOf(pair.Row),
                OtherRow = pair.Other,
                OtherId = rows.IdOf(pair.Other),
                OtherLandmark = LandmarkOf(pair.Other),
            });
        }
    }

    // The largest stays; from there on, each row is named beside one that it was compared with.
    private void AddDuplicates(SamePhotograph[] pairs, PhotographSketch?[]? sketches)
    {
        int[] members = [.. pairs.SelectMany(pair => new[] { pair.Row, pair.Other }).Distinct().Order()];
        ILookup<int, SamePhotograph> pairsOf = pairs.SelectMany(pair => new[] { (pair.Row, pair), (pair.Other, pair) })
            .ToLookup(own => own.Item1, own => own.pair);
        int kept = members.MaxBy(row => (sketches?[row]?.PixelCount ?? 0, -row));
        var seen = new HashSet<int> { kept };
        var next = new Queue<int>(seen);
        while (next.TryDequeue(out int row))
        {
            foreach (SamePhotograph pair in pairsOf[row])
            {
                int other = pair.Row == row ? pair.Other : pair.Row;
                if (!seen.Add(other))
                    continue;
                next.Enqueue(other);
                Add(pair.IsExact ? LandmarkFindingKind.ExactDuplicate : LandmarkFindingKind.NearDuplicate, other, pair.Likeness,
                    Errors.AdviceOnDuplicate(rows.IdOf(row), rows.IdOf(kept)), row, LandmarkOf(row));
            }
        }
    }

    private void AddPhotograph(int row, PhotographSketch sketch)
    {
        if (sketch.IsBlank)
            Add(LandmarkFindingKind.Blank, row, sketch.Contrast, Errors.AdviceOnBlank(sketch.Contrast));
        // A blank one is not dark besides.
        else if (sketch.Highlight < LeastHighlight)
            Add(LandmarkFindingKind.Dark, row, sketch.Highlight, Errors.AdviceOnDark(sketch.Highlight));
        if (sketch.ShorterSide < LeastSide)
            Add(LandmarkFindingKind.Tiny, row, sketch.ShorterSide, Errors.AdviceOnTiny(sketch.Width, sketch.Height));
    }

    private string? LandmarkOf(int row) => rows.NameOf(rows.LandmarkOf(row));

    private void Add(LandmarkFindingKind kind, int row, double score, string advice, int? other = null, string? otherLandmark = null)
        => _findings.Add(new LandmarkFinding(kind, score, advice)
        {
            Row = row,
            Id = rows.IdOf(row),
            Landmark = LandmarkOf(row),
            OtherRow = other,
            OtherId = other is { } number ? rows.IdOf(number) : null,
            OtherLandmark = otherLandmark,
        });

    private static bool IsWorseBelow(LandmarkFindingKind kind)
        => kind is LandmarkFindingKind.Blank or LandmarkFindingKind.Tiny or LandmarkFindingKind.Dark;
}
