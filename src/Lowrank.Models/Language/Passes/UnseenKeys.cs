namespace Lowrank.Models;

/// <summary>What is added to the scores of keys that a token does not see.</summary>
static class UnseenKeys
{
    /// <summary>Not minus infinity: a token that sees nothing gets an average of something then, and no NaN, which would spread.</summary>
    /// <param name="dtype">In which scores are computed. float16 ends at 65,504, and half of that leaves room for what is added.</param>
    public static float Score(ScalarType dtype) => dtype == ScalarType.Float16 ? -32768 : RowAttention.UnseenScore;

    /// <summary>0 where a key is seen, and <see cref="Score"/> where not, of the shape of the mask.</summary>
    /// <param name="seen">Of bool.</param>
    /// <param name="dtype">In which scores are computed.</param>
    public static Tensor Added(Tensor seen, ScalarType dtype) =>
        zeros(seen.shape, dtype, seen.device).masked_fill_(seen.logical_not(), Score(dtype));
}
