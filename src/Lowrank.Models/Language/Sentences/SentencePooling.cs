namespace Lowrank.Models;

/// <summary>How a sentence's vector is made of its tokens' states; see <see cref="Pooling"/>.</summary>
public enum SentencePooling
{
    /// <summary>The first token's.</summary>
    First,
    /// <summary>The largest numbers.</summary>
    Max,
    /// <summary>The mean.</summary>
    Mean,
    /// <summary>The sum over the root of the number of tokens.</summary>
    MeanOfRoot,
    /// <summary>The mean, later tokens weighing more.</summary>
    WeightedMean,
    /// <summary>The last token's.</summary>
    Last,
}
