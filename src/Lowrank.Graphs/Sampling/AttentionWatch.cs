namespace Lowrank.Graphs;

/// <summary>Keeps what the coarsest self-attention looks at for one side of guidance.</summary>
/// <param name="side">The side.</param>
sealed class AttentionWatch(int side) : IDisposable
{
    /// <summary>What was last looked at, (N, heads, T, T); null where nothing was.</summary>
    public Tensor? Scores { get; private set; }

    /// <summary>Changes of a network that keep what it looks at; of several conditions of the side the last counts.</summary>
    /// <param name="changes">What is done otherwise besides.</param>
    /// <param name="sides">The sides of the batch, each with as many rows.</param>
    /// <param name="rows">How many.</param>
    public UNetChanges In(UNetChanges changes, IReadOnlyList<int> sides, long rows)
    {
        int place = sides.ToList().LastIndexOf(side);
        if (place < 0) return changes;
        var inner = changes.MiddleSelfAttention;
        return changes with { MiddleSelfAttention = Watched };

        Tensor Watched(SelfAttentionCall call)
        {
            if (call.Block == 0) Keep(call.Query.narrow(0, place * rows, rows), call.Key.narrow(0, place * rows, rows), call.Heads);
            return inner is null ? call.Answer() : inner(call);
        }
    }

    void Keep(Tensor query, Tensor key, int heads)
    {
        Scores?.Dispose();
        Scores = Diffusion.SelfAttentionGuidance.Scores(query, key, heads).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => Scores?.Dispose();
}
