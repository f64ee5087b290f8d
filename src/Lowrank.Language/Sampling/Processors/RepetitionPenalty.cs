namespace Lowrank.Language;

/// <summary>Makes tokens that occurred less likely, each once: positive logits are divided, negative ones multiplied (Keskar et al. 2019,
/// arXiv:1909.05858).</summary>
/// <param name="penalty">Above 0; above 1 against repetition.</param>
/// <param name="ignored">Tokens at the beginning that do not count.</param>
public sealed class RepetitionPenalty(float penalty, int ignored = 0) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(TokenHistory history, Span<float> logits)
    {
        var seen = new HashSet<int>();
        foreach (int id in history.Ids[Math.Min(ignored, history.Ids.Length)..])
            if (seen.Add(id)) logits[id] = logits[id] < 0 ? logits[id] * penalty : logits[id] / penalty;
    }
}
