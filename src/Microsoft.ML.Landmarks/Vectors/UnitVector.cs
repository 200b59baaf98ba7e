namespace Microsoft.ML.Landmarks.Vectors;

/// <summary>Scales vectors to unit length.</summary>
internal static class UnitVector
{
    // Each value is rounded to a Single once.
    private const double SquaresTolerance = 1e-6;

    /// <summary>Whether a vector is as <see cref="TryNormalize"/> leaves it: of unit length but for rounding, or zeros.</summary>
    public static bool IsNormalized(ReadOnlySpan<float> vector)
    {
        double squares = ExactDot.Compute(vector, vector);
        return squares == 0 || Math.Abs(squares - 1) <= SquaresTolerance;
    }

    /// <summary>Scales <paramref name="vector"/> to unit length in double precision and rounds to Single. A vector of zeros stays
    /// one.</summary>
    /// <param name="vector">Changed only where the result is true.</param>
    /// <returns>False where a value is NaN or infinite.</returns>
    public static bool TryNormalize(Span<float> vector)
    {
        // The squares of finite Singles can't overflow a double.
        double squares = ExactDot.Compute(vector, vector);
        if (!double.IsFinite(squares))
            return false;
        if (squares == 0)
            return true;
        double length = Math.Sqrt(squares);
        for (int i = 0; i < vector.Length; i++)
            vector[i] = (float)(vector[i] / length);
        return true;
    }
}
