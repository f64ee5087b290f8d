namespace Lowrank.Models;

/// <summary>What is added to the scores of keys that a token does not see.</summary>
static class UnseenKeys
{
    /// <summary>Not minus infinity: a token that sees nothing gets an average of something then, and no NaN, which would spread.</summary>
    public const float Score = RowAttention.UnseenScore;

    /// <summary>0 where a key is seen, and <see cref="Score"/> where not, of the shape of the mask.</summary>
    /// <param name="seen">Of bool.</param>
    /// <param name="dtype">In which scores are computed.</param>
    public static Tensor Added(Tensor seen, ScalarType dtype) =>
        zeros(seen.shape, dtype, seen.device).masked_fill_(seen.logical_not(), Score);
}
