namespace Microsoft.ML.Landmarks.Embeddings.Pooling;

/// <summary>How the values that a network makes of one image become one row: <see cref="EmbeddingPooling"/> with all that was
/// found.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Exponent">Of GeM.</param>
/// <param name="PrefixTokens">Tokens that are left out.</param>
/// <param name="IsChannelsLast">Whether the channels are the last axis, as they are of tokens.</param>
internal sealed record OutputPooling(EmbeddingPoolingKind Kind, double Exponent, int PrefixTokens, bool IsChannelsLast)
{
    // As in the authors' code.
    private const double LeastOfGeM = 1e-6;

    /// <summary>The values as they are, flattened.</summary>
    public static readonly OutputPooling None = new(EmbeddingPoolingKind.None, 1, 0, IsChannelsLast: false);

    /// <summary>It as it may be asked for.</summary>
    public EmbeddingPooling ToOption() => Kind switch
    {
        EmbeddingPoolingKind.None => EmbeddingPooling.None,
        EmbeddingPoolingKind.Cls => EmbeddingPooling.Cls,
        EmbeddingPoolingKind.MeanOfPatches => EmbeddingPooling.MeanOfPatches(PrefixTokens),
        EmbeddingPoolingKind.Max => EmbeddingPooling.Max(PrefixTokens),
        _ => EmbeddingPooling.GeM(Exponent, PrefixTokens),
    };

    /// <summary>What embeddings depend on: nothing where they are the output as it is, as they were before there was a choice.</summary>
    public void WriteTo(BinaryWriter fingerprint)
    {
        if (Kind == EmbeddingPoolingKind.None)
            return;
        fingerprint.Write((int)Kind);
        fingerprint.Write(Exponent);
        fingerprint.Write(PrefixTokens);
        fingerprint.Write(IsChannelsLast);
    }

    /// <summary>Values of the row.</summary>
    /// <param name="shape">Of one image, without the batch.</param>
    public int LengthOf(ReadOnlySpan<int> shape)
        => Kind == EmbeddingPoolingKind.None ? Product(shape) : IsChannelsLast ? shape[^1] : shape[0];

    /// <summary>Makes the row.</summary>
    /// <param name="values">The network's output for one image.</param>
    /// <param name="shape">Its axes.</param>
    /// <param name="row">[<see cref="LengthOf"/>], overwritten.</param>
    public void Pool(ReadOnlySpan<float> values, ReadOnlySpan<int> shape, Span<float> row)
    {
        if (Kind == EmbeddingPoolingKind.None)
        {
            values.CopyTo(row);
            return;
        }

        int channels = LengthOf(shape), places = values.Length / channels;
        // From one place to the next, and from one channel to the next.
        (int step, int next) = IsChannelsLast ? (channels, 1) : (1, places);
        for (int channel = 0; channel < channels; channel++)
        {
            ReadOnlySpan<float> first = values[(channel * next)..];
            row[channel] = Kind switch
            {
                EmbeddingPoolingKind.Cls => first[0],
                EmbeddingPoolingKind.MeanOfPatches => (float)Mean(first, step, places),
                EmbeddingPoolingKind.Max => (float)Largest(first, step, places),
                _ => (float)GeneralizedMean(first, step, places),
            };
        }
    }

    public static int Product(ReadOnlySpan<int> shape)
    {
        int product = 1;
        foreach (int length in shape)
            product = checked(product * length);
        return product;
    }

    private double Mean(ReadOnlySpan<float> values, int step, int places)
    {
        double sum = 0;
        for (int place = PrefixTokens; place < places; place++)
            sum += values[place * step];
        return sum / (places - PrefixTokens);
    }

    private double Largest(ReadOnlySpan<float> values, int step, int places)
    {
        double largest = double.NegativeInfinity;
        for (int place = PrefixTokens; place < places; place++)
            largest = Math.Max(largest, values[place * step]);
        return largest;
    }

    // Of shares of the largest value, whose powers are finite.
    private double GeneralizedMean(ReadOnlySpan<float> values, int step, int places)
    {
        double largest = Math.Max(Largest(values, step, places), LeastOfGeM), sum = 0;
        for (int place = PrefixTokens; place < places; place++)
        {
            double share = Math.Max(values[place * step], LeastOfGeM) / largest;
            sum += Exponent == EmbeddingPooling.DefaultExponent ? share * share * share : Math.Pow(share, Exponent);
        }

        return largest * Math.Pow(sum / (places - PrefixTokens), 1 / Exponent);
    }
}
