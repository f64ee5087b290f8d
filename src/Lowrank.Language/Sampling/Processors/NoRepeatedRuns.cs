namespace Lowrank.Language;

/// <summary>Bans tokens that would repeat a run of <paramref name="length"/> tokens (<c>no_repeat_ngram_size</c>).</summary>
/// <param name="length">Tokens of a run, at least 1.</param>
public sealed class NoRepeatedRuns(int length) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(TokenHistory history, Span<float> logits)
    {
        var ids = history.Ids;
        if (ids.Length + 1 < length) return;
        var ending = ids[(ids.Length - length + 1)..];
        for (int start = 0; start + length <= ids.Length; start++)
            if (ids.Slice(start, length - 1).SequenceEqual(ending)) logits[ids[start + length - 1]] = float.NegativeInfinity;
    }
}
