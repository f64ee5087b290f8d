namespace Lowrank.Language;

/// <summary>Keeps the likeliest (<c>top_k</c>).</summary>
/// <param name="count">How many; 0 or less for all.</param>
public sealed class LlamaTopK(int count) : CandidateSampler
{
    /// <inheritdoc/>
    public override void Apply(Candidates candidates)
    {
        if (count > 0) candidates.KeepLikeliest(Math.Min(count, candidates.Count));
    }
}
