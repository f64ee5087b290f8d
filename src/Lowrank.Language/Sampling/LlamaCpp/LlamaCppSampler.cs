namespace Lowrank.Language;

/// <summary>Chooses tokens as llama.cpp does: its own chain, order and generator, so that a seed gives llama.cpp's text.</summary>
/// <param name="chain">The samplers, the last of which chooses.</param>
public sealed class LlamaCppSampler(IReadOnlyList<CandidateSampler> chain) : TokenSampler
{
    int accepted;

    /// <summary>The candidates of the last place, as the chain left them.</summary>
    public Candidates? Last { get; private set; }

    /// <inheritdoc/>
    public override int Next(TokenHistory history, Span<float> logits)
    {
        // What stands before counts as accepted, the prompt too, each token once.
        foreach (int token in history.Ids[accepted..])
            foreach (var sampler in chain) sampler.Accept(token);
        accepted = history.Ids.Length;
        Last = new Candidates(logits);
        foreach (var sampler in chain) sampler.Apply(Last);
        if (Last.Selected < 0 || float.IsNegativeInfinity(Last.Logits[Last.Selected]))
            throw new LowrankException("no token was chosen. Does the chain end with a draw, and do filters leave a token?");
        return Last.Ids[Last.Selected];
    }
}
