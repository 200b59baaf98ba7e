namespace Microsoft.ML.Landmarks.Embeddings.Pooling;

/// <summary>Finds how a network's output becomes one row of values, from its name, its axes and the size of the image.</summary>
/// <param name="outputName">The output's name.</param>
/// <param name="otherOutputs">The network's outputs besides.</param>
internal sealed class PoolingFinder(string outputName, string[] otherOutputs)
{
    /// <summary>What Hugging Face's exporters call the tokens after the last layer, or its feature map.</summary>
    public const string TokensName = "last_hidden_state";

    // Before the patches: nothing; the class token; with one for distillation; four registers alone; class token and registers.
    private static readonly int[] s_prefixes = [0, 1, 2, 4, 5];

    /// <summary>Refuses at once an output that is more than one row for each image, where nothing says how it becomes one.</summary>
    /// <param name="asked">What was asked for; null for nothing.</param>
    /// <param name="shape">The axes that the network promises, the batch first, -1 for one that is free.</param>
    /// <exception cref="InvalidOperationException">Several axes are longer than one.</exception>
    public void Check(EmbeddingPooling? asked, int[] shape)
    {
        if (HasSeveralAxes(shape) && (asked is null ? outputName != TokensName : asked.Kind == EmbeddingPoolingKind.None))
            throw Errors.NetworkOutputAxes(outputName, shape, otherOutputs);
    }

    /// <param name="asked">What was asked for; null for what is clear.</param>
    /// <param name="shape">The axes of what the network made, the batch first.</param>
    /// <param name="declared">The axes that it promises, -1 for one that is free; none where it promises nothing.</param>
    /// <param name="height">Height of the images in pixels.</param>
    /// <param name="width">Width of the images in pixels.</param>
    /// <exception cref="InvalidOperationException">It is not clear, the axes do not allow what was asked for, or there are no values.
    /// </exception>
    public OutputPooling Find(EmbeddingPooling? asked, int[] shape, int[] declared, int height, int width)
    {
        if (shape.Contains(0))
            throw Errors.NetworkOutputEmpty(outputName, otherOutputs);
        Check(asked, shape);
        switch (asked?.Kind)
        {
            case EmbeddingPoolingKind.None:
            case null when !HasSeveralAxes(shape):
                return OutputPooling.None;
            case null when shape.Length == 3:
                int found = FindPrefix(shape, height, width);
                // Four registers without a class token are those of networks that take the mean.
                return found is 0 or 4
                    ? new OutputPooling(EmbeddingPoolingKind.MeanOfPatches, 1, found, IsChannelsLast: true)
                    : new OutputPooling(EmbeddingPoolingKind.Cls, 1, 0, IsChannelsLast: true);
            case null:
                throw Errors.NetworkOutputAxes(outputName, shape, otherOutputs);
            case EmbeddingPoolingKind.Cls when shape.Length == 3:
                return new OutputPooling(EmbeddingPoolingKind.Cls, 1, 0, IsChannelsLast: true);
            case not EmbeddingPoolingKind.Cls when shape.Length == 3:
                int prefix = asked.PrefixTokens ?? FindPrefix(shape, height, width);
                return prefix < shape[1]
                    ? new OutputPooling(asked.Kind, asked.Exponent, prefix, IsChannelsLast: true)
                    : throw Errors.PoolingPrefix(outputName, shape, prefix);
            case not EmbeddingPoolingKind.Cls when shape.Length == 4 && asked.PrefixTokens is null or 0:
                return new OutputPooling(asked.Kind, asked.Exponent, 0, IsChannelsLast(shape, declared, height, width));
            default:
                throw Errors.PoolingAxes(outputName, shape, asked.Kind.ToString(), otherOutputs);
        }
    }

    private static bool HasSeveralAxes(int[] shape) => shape.Skip(1).Count(length => length > 1) > 1;

    // Patches make a grid, that of an image which they cover whole before that of one whose edge they leave out.
    private int FindPrefix(int[] shape, int height, int width)
    {
        int[] found = Find(isWhole: true);
        if (found.Length == 0)
            found = Find(isWhole: false);
        return found.Length == 1 ? found[0] : throw Errors.PoolingPrefixUnclear(outputName, shape, height, width);

        int[] Find(bool isWhole) => [.. s_prefixes.Where(prefix => IsGrid(shape[1] - prefix, height, width, isWhole))];
    }

    // One of a single patch is none.
    private static bool IsGrid(int patches, int height, int width, bool isWhole)
    {
        for (int rows = 2; rows <= Math.Min(height, patches); rows++)
        {
            int side = height / rows;
            if (height / side == rows && rows * (width / side) == patches
                && (!isWhole || (height % side == 0 && width % side == 0)))
                return true;
        }

        return false;
    }

    // A map has the image's form, and its channels are no part of that.
    private bool IsChannelsLast(int[] shape, int[] declared, int height, int width)
    {
        if (declared is [_, var first, _, var last] && first > 0 != last > 0)
            return last > 0;
        bool mayBeFirst = HasForm(shape[2], shape[3]), mayBeLast = HasForm(shape[1], shape[2]);
        return mayBeFirst != mayBeLast ? mayBeLast : throw Errors.PoolingLayout(outputName, shape);

        // One pixel of the map for so many of the image, rounded down or up.
        bool HasForm(int rows, int columns) => height == width
            ? rows == columns
            : Math.Max((double)height / (rows + 1), (double)width / (columns + 1))
                < Math.Min((double)height / Math.Max(rows - 1, 0.5), (double)width / Math.Max(columns - 1, 0.5));
    }
}
