using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using Microsoft.ML.Landmarks.Search.Kernels;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Vectors.Linear;

namespace Microsoft.ML.Landmarks.Benchmarks.Vectors;

/// <summary>The product of one pair: exact, by bytes, and by the library that a user would take.</summary>
public class DotBench
{
    private float[] _a = [], _b = [];
    private sbyte[] _codesOfA = [], _codesOfB = [];
    private Hadamard _rotation = new(1);

    [Params(512, 1280)]
    public int Dimension { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        _a = [.. Enumerable.Range(0, Dimension).Select(_ => random.NextSingle() - 0.5f)];
        _b = [.. Enumerable.Range(0, Dimension).Select(_ => random.NextSingle() - 0.5f)];
        _codesOfA = [.. _a.Select(value => (sbyte)(254 * value))];
        _codesOfB = [.. _b.Select(value => (sbyte)(254 * value))];
        _rotation = new Hadamard(Dimension);
    }

    [Benchmark(Baseline = true)]
    public float Tensors() => TensorPrimitives.Dot(_a, _b);

    [Benchmark]
    public double Exact() => ExactDot.Compute(_a, _b);

    [Benchmark]
    public int Bytes() => ByteDot.Compute(_codesOfA, _codesOfB);

    /// <summary>Rotating one vector, which is done once for each row and query.</summary>
    [Benchmark]
    public float Rotation()
    {
        _rotation.Rotate(_a);
        return _a[0];
    }
}
