namespace Lowrank.Language;

/// <summary>Takes from tokens that were written, for each time and once (OpenAI's parameters; the prompt does not count, as in
/// vLLM).</summary>
/// <param name="frequency">For each time.</param>
/// <param name="presence">Once.</param>
public sealed class FrequencyPresencePenalty(float frequency, float presence) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(TokenHistory history, Span<float> logits)
    {
        var counts = new Dictionary<int, int>();
        foreach (int id in history.Written) counts[id] = counts.GetValueOrDefault(id) + 1;
        foreach (var (id, count) in counts) logits[id] = logits[id] - count * frequency - presence;
    }
}
