namespace Lowrank.Adapters;

/// <summary>The tokens from which on an adapter's layers act, where files tell them once for all.</summary>
/// <param name="tokens">Those of most layers that have some; null where none has.</param>
sealed class SharedInvocation(IReadOnlyList<long>? tokens)
{
    /// <summary>Of an adapter.</summary>
    public static SharedInvocation Of(Adapter adapter) =>
        new(adapter.Targets.Values.OfType<Activated>().GroupBy(acting => string.Join(',', acting.Invocation))
            .MaxBy(group => group.Count())?.First().Invocation);

    /// <summary>Why a layer acts from other tokens on than the file can tell, as the end of a sentence; null where it does not.</summary>
    public string? ReasonOf(Reparameterization made)
    {
        if (tokens is null) return null;
        if (made is not Activated acting) return "a LoRA that acts everywhere, where others act from their invocation tokens on";
        return acting.Invocation.SequenceEqual(tokens) ? null : "a LoRA that acts from other invocation tokens on than the others";
    }
}
