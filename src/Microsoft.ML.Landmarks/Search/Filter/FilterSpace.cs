using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Microsoft.ML.Landmarks.Search.Kernels;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Vectors.Linear;

namespace Microsoft.ML.Landmarks.Search.Filter;

/// <summary>
/// The coordinates in which the filter compares vectors. From a vector x, the centered one is x' = x - mean. Its prefix y are its
/// coordinates on a few axes that hold most of the variance; what they leave of its length is the residual, ρ. Its rotated vector has all
/// coordinates.
/// </summary>
internal sealed class FilterSpace
{
    // Dimensions whose products are added in one chain. Chains are added up afterwards: fewer roundings than in one chain of them all.
    private const int DimensionsInChain = 128;

    private readonly float[] _mean;
    private readonly Hadamard _rotation;
    private readonly float[][] _axisPanels;

    /// <param name="mean">[D].</param>
    /// <param name="axes">[d, D], orthonormal rows; null: the prefix is the whole rotated vector, and leaves no residual.</param>
    /// <param name="prefixDimension">d, a multiple of 64; taken from <paramref name="axes"/> where there are some.</param>
    public FilterSpace(float[] mean, float[]? axes, int prefixDimension)
    {
        _mean = mean;
        _rotation = new Hadamard(mean.Length);
        MeanSquare = ExactDot.Compute(mean, mean);
        PaddedDimension = (Dimension + ByteDot.Granularity - 1) / ByteDot.Granularity * ByteDot.Granularity;
        PrefixDimension = axes is null ? PaddedDimension : prefixDimension;
        _axisPanels = [];
        PrefixError = RotationError = _rotation.RelativeError;
        if (axes is null)
            return;

        int panelLength = Products.Rows * Dimension;
        _axisPanels = new float[prefixDimension / Products.Rows][];
        for (int panel = 0; panel < _axisPanels.Length; panel++)
        {
            _axisPanels[panel] = new float[panelLength];
            Products.Pack(axes.AsSpan(panel * panelLength, panelLength), Dimension, Products.Rows, _axisPanels[panel]);
        }

        int chains = (Dimension + DimensionsInChain - 1) / DimensionsInChain;
        PrefixError = FilterBound.ProjectionError(prefixDimension, DimensionsInChain, chains);
    }

    /// <summary>D.</summary>
    public int Dimension => _mean.Length;

    /// <summary>D, rounded up to what <see cref="ByteDot"/> takes.</summary>
    public int PaddedDimension { get; }

    /// <summary>d.</summary>
    public int PrefixDimension { get; }

    public bool HasAxes => _axisPanels.Length > 0;

    public ReadOnlySpan<float> Mean => _mean;

    /// <summary>mean · mean.</summary>
    public double MeanSquare { get; }

    /// <summary>How far a prefix is from the true one, at most, relative to |x'|.</summary>
    public double PrefixError { get; }

    /// <summary>How far a rotated vector is from the true one, at most, relative to |x'|.</summary>
    public double RotationError { get; }

    /// <summary>Maps up to <see cref="Products.Queries"/> vectors.</summary>
    /// <param name="vectors">[n, D].</param>
    /// <param name="buffer">Overwritten with their coordinates.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Map(ReadOnlySpan<float> vectors, Buffer buffer)
    {
        int d = Dimension, count = vectors.Length / d;
        Span<float> centered = buffer.Centered.AsSpan(0, vectors.Length);
        for (int i = 0; i < count; i++)
        {
            Span<float> own = centered.Slice(i * d, d);
            TensorPrimitives.Subtract(vectors.Slice(i * d, d), _mean, own);
            buffer.Squares[i] = ExactDot.Compute(own, own);
            Span<float> rotated = buffer.RotatedOf(i);
            own.CopyTo(rotated);
            _rotation.Rotate(rotated[..d]);
        }

        if (HasAxes)
            Project(centered, buffer);
        for (int i = 0; i < count; i++)
        {
            if (HasAxes)
            {
                ReadOnlySpan<float> prefix = buffer.PrefixOf(i);
                buffer.Residuals[i] = FilterBound.Residual(buffer.Squares[i], Math.Sqrt(ExactDot.Compute(prefix, prefix)), PrefixError);
            }
            else
            {
                buffer.RotatedOf(i).CopyTo(buffer.PrefixOf(i));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Project(ReadOnlySpan<float> centered, Buffer buffer)
    {
        int d = Dimension, count = centered.Length / d;
        Products.Pack(centered, d, Products.Queries, buffer.Packed);
        const int Tile = Products.Queries * Products.Rows;
        Span<float> products = stackalloc float[Tile], sums = stackalloc float[Tile];
        for (int panel = 0; panel < _axisPanels.Length; panel++)
        {
            sums.Clear();
            for (int start = 0; start < d; start += DimensionsInChain)
            {
                int length = Math.Min(DimensionsInChain, d - start);
                Products.Compute(buffer.Packed.AsSpan(start * Products.Queries, length * Products.Queries),
                    _axisPanels[panel].AsSpan(start * Products.Rows, length * Products.Rows), products);
                TensorPrimitives.Add(sums, products, sums);
            }

            for (int i = 0; i < count; i++)
                sums.Slice(i * Products.Rows, Products.Rows).CopyTo(buffer.PrefixOf(i)[(panel * Products.Rows)..]);
        }
    }

    /// <summary>Room for the coordinates of <see cref="Products.Queries"/> vectors; one thread's.</summary>
    public sealed class Buffer(FilterSpace space)
    {
        private readonly float[] _rotated = new float[Products.Queries * space.PaddedDimension];
        private readonly float[] _prefixes = new float[Products.Queries * space.PrefixDimension];

        /// <summary>[n, D].</summary>
        public float[] Centered { get; } = new float[Products.Queries * space.Dimension];

        /// <summary>[D, n].</summary>
        public float[] Packed { get; } = new float[space.HasAxes ? Products.Queries * space.Dimension : 0];

        /// <summary>[n], |x'|².</summary>
        public double[] Squares { get; } = new double[Products.Queries];

        /// <summary>[n], upper bounds of ρ.</summary>
        public double[] Residuals { get; } = new double[Products.Queries];

        /// <summary>All coordinates of a vector, with zeros up to the padded dimension.</summary>
        public Span<float> RotatedOf(int vector) => _rotated.AsSpan(vector * space.PaddedDimension, space.PaddedDimension);

        /// <summary>The prefix y of a vector.</summary>
        public Span<float> PrefixOf(int vector) => _prefixes.AsSpan(vector * space.PrefixDimension, space.PrefixDimension);
    }
}
