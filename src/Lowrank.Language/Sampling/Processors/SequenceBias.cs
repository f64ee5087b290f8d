namespace Lowrank.Language;

/// <summary>Adds to tokens that would end one of the given sequences; a sequence of one token is added to always.</summary>
/// <param name="biases">Sequences of tokens with what is added, −∞ for a ban.</param>
public sealed class SequenceBias(IReadOnlyList<(IReadOnlyList<int> Tokens, float Bias)> biases) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(TokenHistory history, Span<float> logits)
    {
        foreach (var (tokens, bias) in biases)
        {
            // transformers leaves sequences out that are longer than the text so far.
            if (tokens.Count > 1 && tokens.Count > history.Ids.Length) continue;
            if (StandsAtTheEnd(tokens, history.Ids)) logits[tokens[^1]] += bias;
        }
    }

    static bool StandsAtTheEnd(IReadOnlyList<int> tokens, ReadOnlySpan<int> ids)
    {
        int before = tokens.Count - 1;
        for (int i = 0; i < before; i++)
            if (ids[ids.Length - before + i] != tokens[i]) return false;
        return true;
    }
}
