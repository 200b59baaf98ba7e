namespace Landmarks.Demo.Methods;

/// <summary>How landmarks are learned from embeddings.</summary>
/// <param name="Name">What tables call it; without blanks or commas.</param>
internal sealed record Method(string Name)
{
    /// <summary>The method of the notebook: the embeddings as they are, both penalties with weight 1.</summary>
    public static Method Notebook { get; } = new("notebook");

    public static Method Whitened { get; } = new("whitened") { Whitens = true };

    public static Method WhitenedTuned { get; } = new("whitened-tuned") { Whitens = true, Tunes = true };

    /// <summary>What is compared, the yardstick first.</summary>
    public static IReadOnlyList<Method> All { get; } =
    [
        Notebook,
        new("no-penalties") { PenaltyWeight = 0 },
        Whitened,
        new("whitened-no-penalties") { Whitens = true, PenaltyWeight = 0 },
        WhitenedTuned,
    ];

    /// <summary>Whether embeddings are whitened.</summary>
    public bool Whitens { get; private init; }

    /// <summary>The weight of both penalties, unless they are tuned.</summary>
    public double PenaltyWeight { get; private init; } = 1;

    /// <summary>Whether weights and exponent of the vote are chosen by leave-one-out.</summary>
    public bool Tunes { get; private init; }
}
