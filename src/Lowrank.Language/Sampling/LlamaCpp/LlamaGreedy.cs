namespace Lowrank.Language;

/// <summary>Takes the likeliest (<c>greedy</c>).</summary>
public sealed class LlamaGreedy : CandidateSampler
{
    /// <inheritdoc/>
    public override void Apply(Candidates candidates) => candidates.Selected = Logits.ArgMax(candidates.Logits);
}
