namespace Microsoft.ML.Landmarks.Checking;

/// <summary>
/// How one small picture is laid upon another: by a scale and a shift in each direction, so that what was cropped a little, and is
/// stretched to the same sides therefore, lies upon what it was cropped from.
/// </summary>
/// <remarks>B. D. Lucas, T. Kanade, An Iterative Image Registration Technique, 1981: Gauss-Newton steps on the squares of the differences,
/// with the brightness and contrast of both made equal.</remarks>
internal sealed class SketchAlignment
{
    private const int Parameters = 4, Steps = 8;

    // Positions go from -1 to 1. So an edge moves by at most twice this, a seventh of the side, and its opposite by nothing.
    private const double MostChange = 0.14;

    // Keeps a step small where a picture shows nothing by which it could be laid, for each place.
    private const double Damping = 1e-3;

    // Of levels from 0 to 255; and of positions, in places.
    private const double LeastVariance = 1e-6, Rounding = 0.01;

    private readonly int _side;
    // Scale less 1 and shift along a line, the same across lines.
    private readonly double[] _change;
    private readonly double[] _x, _y;
    // The part that both pictures show, as indexes of places in each direction.
    private readonly Range _sharedX, _sharedY;

    private SketchAlignment(int side, double[] change)
    {
        (_side, _change) = (side, change);
        (_x, _y) = (new double[side], new double[side]);
        _sharedX = Place(change[0], change[1], _x);
        _sharedY = Place(change[2], change[3], _y);
    }

    /// <summary>Lays <paramref name="b"/> upon <paramref name="a"/>.</summary>
    /// <param name="a">[side, side], levels.</param>
    /// <param name="b">Likewise.</param>
    /// <param name="start">How smaller pictures of the two lie upon each other; null: one just upon the other.</param>
    public static SketchAlignment Of(double[] a, double[] b, SketchAlignment? start = null)
    {
        int side = (int)Math.Sqrt(a.Length);
        double[] slopeX = Slope(b, side, step: 1), slopeY = Slope(b, side, step: side);
        var alignment = new SketchAlignment(side, start?._change ?? new double[Parameters]);
        for (int step = 0; step < Steps; step++)
            alignment = alignment.Improve(a, alignment.Move(b), alignment.Move(slopeX), alignment.Move(slopeY));
        return alignment;
    }

    /// <summary>A picture as it lies upon the other; beyond its border, the border is repeated.</summary>
    public double[] Move(double[] levels)
    {
        var moved = new double[levels.Length];
        for (int y = 0; y < _side; y++)
        {
            (int row, double down) = Split(_y[y]);
            for (int x = 0; x < _side; x++)
            {
                (int column, double right) = Split(_x[x]);
                int place = row * _side + column;
                double upper = levels[place] + right * (levels[place + 1] - levels[place]),
                    lower = levels[place + _side] + right * (levels[place + _side + 1] - levels[place + _side]);
                moved[y * _side + x] = upper + down * (lower - upper);
            }
        }

        return moved;
    }

    /// <summary>The correlation of two pictures where both show something.</summary>
    public double CorrelateShared(double[] a, double[] b) => Correlate(Shared(a), Shared(b));

    /// <summary>The correlation of values, from -1 to 1; 0 where one of them does not vary.</summary>
    public static double Correlate(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        (double meanOfA, double varianceOfA) = Describe(a);
        (double meanOfB, double varianceOfB) = Describe(b);
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += (a[i] - meanOfA) * (b[i] - meanOfB);
        return varianceOfA <= LeastVariance || varianceOfB <= LeastVariance
            ? 0 : sum / a.Length / Math.Sqrt(varianceOfA * varianceOfB);
    }

    private SketchAlignment Improve(double[] a, double[] moved, double[] slopeX, double[] slopeY)
    {
        double[] shown = Shared(a), found = Shared(moved);
        (double meanOfShown, double varianceOfShown) = Describe(shown);
        (double meanOfFound, double varianceOfFound) = Describe(found);
        double gain = Math.Sqrt((varianceOfShown + LeastVariance) / (varianceOfFound + LeastVariance));
        double[][] derivatives =
        [
            Centered(slopeX, (x, _) => gain * Position(x)), Centered(slopeX, (_, _) => gain),
            Centered(slopeY, (_, y) => gain * Position(y)), Centered(slopeY, (_, _) => gain),
        ];
        var matrix = new double[Parameters, Parameters + 1];
        for (int i = 0; i < Parameters; i++)
        {
            for (int j = 0; j < Parameters; j++)
                matrix[i, j] = Product(derivatives[i], derivatives[j]) + (i == j ? Damping * a.Length : 0);
            for (int place = 0; place < shown.Length; place++)
                matrix[i, Parameters] += derivatives[i][place] * (shown[place] - meanOfShown - gain * (found[place] - meanOfFound));
        }

        double[] change = Solve(matrix);
        return new(_side, [.. change.Select((c, i) => Math.Clamp(_change[i] + c, -MostChange, MostChange))]);
    }

    private double Position(int place) => (place + 0.5) * 2 / _side - 1;

    // In places, where each one of the other picture lies; and which of them are inside.
    private Range Place(double scale, double shift, Span<double> places)
    {
        int first = _side, end = 0;
        for (int i = 0; i < _side; i++)
        {
            places[i] = (Position(i) * (1 + scale) + shift + 1) * _side / 2 - 0.5;
            if (places[i] < -Rounding || places[i] > _side - 1 + Rounding)
                continue;
            (first, end) = (Math.Min(first, i), i + 1);
        }

        return first..end;
    }

    private (int Whole, double Part) Split(double place)
    {
        place = Math.Clamp(place, 0, _side - 1);
        int whole = Math.Min((int)place, _side - 2);
        return (whole, place - whole);
    }

    // By positions, of which a place is 2 / side.
    private static double[] Slope(double[] levels, int side, int step)
    {
        var slope = new double[levels.Length];
        for (int i = 0; i < levels.Length; i++)
        {
            int place = i / step % side, before = place > 0 ? step : 0, after = place < side - 1 ? step : 0;
            slope[i] = (levels[i + after] - levels[i - before]) * step / (before + after) * side / 2;
        }

        return slope;
    }

    private double[] Shared(double[] levels) => Weighted(levels, (_, _) => 1);

    private double[] Centered(double[] levels, Func<int, int, double> weight)
    {
        double[] values = Weighted(levels, weight);
        double mean = Describe(values).Mean;
        for (int i = 0; i < values.Length; i++)
            values[i] -= mean;
        return values;
    }

    private double[] Weighted(double[] levels, Func<int, int, double> weight)
    {
        var values = new double[(_sharedX.End.Value - _sharedX.Start.Value) * (_sharedY.End.Value - _sharedY.Start.Value)];
        int i = 0;
        for (int y = _sharedY.Start.Value; y < _sharedY.End.Value; y++)
        {
            for (int x = _sharedX.Start.Value; x < _sharedX.End.Value; x++)
                values[i++] = levels[y * _side + x] * weight(x, y);
        }

        return values;
    }

    private static (double Mean, double Variance) Describe(ReadOnlySpan<double> values)
    {
        double sum = 0, squares = 0;
        foreach (double value in values)
            sum += value;
        double mean = sum / values.Length;
        foreach (double value in values)
            squares += (value - mean) * (value - mean);
        return (mean, squares / values.Length);
    }

    private static double Product(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    // By Gauss's elimination; the damping keeps the matrix positive definite, so that no pivot is 0.
    private static double[] Solve(double[,] matrix)
    {
        for (int i = 0; i < Parameters; i++)
        {
            for (int row = i + 1; row < Parameters; row++)
            {
                double factor = matrix[row, i] / matrix[i, i];
                for (int column = i; column <= Parameters; column++)
                    matrix[row, column] -= factor * matrix[i, column];
            }
        }

        var solution = new double[Parameters];
        for (int i = Parameters - 1; i >= 0; i--)
        {
            double right = matrix[i, Parameters];
            for (int column = i + 1; column < Parameters; column++)
                right -= matrix[i, column] * solution[column];
            solution[i] = right / matrix[i, i];
        }

        return solution;
    }
}
