namespace Lowrank.Language;

/// <summary>Adds to the logits of tokens (<c>logit_bias</c>).</summary>
/// <param name="biases">Tokens with what is added, −∞ for a ban.</param>
public sealed class LlamaLogitBias(IReadOnlyList<(int Token, float Bias)> biases) : CandidateSampler
{
    /// <inheritdoc/>
    public override void Apply(Candidates candidates)
    {
        foreach (var (token, bias) in biases)
            if (candidates.Ids.IndexOf(token) is >= 0 and var at) candidates.Logits[at] += bias;
        if (biases.Count > 0) candidates.IsSorted = false;
    }
}
