namespace Lowrank.Models;

/// <summary>What is done otherwise inside of a denoising network in one run; nothing, unless set.</summary>
public sealed record UNetChanges
{
    /// <summary>
    /// Changes hidden state and skip connection before each joining on the way up, (B, C, H, W) and (B, C', H, W); either may be given back
    /// as it is. FreeU works here.
    /// </summary>
    public Func<Tensor, Tensor, (Tensor Hidden, Tensor Skip)>? BeforeJoining { get; init; }

    /// <summary>Answers in place of the coarsest transformer's self-attention. Guidance by perturbed attention works here.</summary>
    public SelfAttentionChange? MiddleSelfAttention { get; init; }

    /// <summary>
    /// Whether enlargement doubles whatever size waits, and what then is larger than the skip connection is brought to its size by nearest
    /// neighbours after the convolution. Of sizes that halve evenly it is the same.
    /// </summary>
    /// <remarks>AUTOMATIC1111's way with the original network; diffusers and ComfyUI enlarge to the waiting size at once.</remarks>
    public bool DoublesOddSizes { get; init; }

    /// <summary>This, with a further change before each joining, of what those before it leave.</summary>
    public UNetChanges ThenBeforeJoining(Func<Tensor, Tensor, (Tensor Hidden, Tensor Skip)> change)
    {
        if (BeforeJoining is not { } first) return this with { BeforeJoining = change };
        return this with { BeforeJoining = Both };

        (Tensor, Tensor) Both(Tensor hidden, Tensor skip)
        {
            var (changed, changedSkip) = first(hidden, skip);
            return change(changed, changedSkip);
        }
    }
}
