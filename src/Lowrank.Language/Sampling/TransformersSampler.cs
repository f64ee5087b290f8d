namespace Lowrank.Language;

/// <summary>
/// Chooses tokens as transformers' <c>generate</c> does. Each text has a generator of its own, so that a seed gives the same text whatever
/// else is written beside it. transformers draws all rows of a batch from one: who compares with it gives every row the same generator,
/// asks the rows in their order, and lets rows that have ended <see cref="Pass"/>.
/// </summary>
/// <param name="options">What is asked for.</param>
/// <param name="generator">The stream of draws; not needed where the likeliest token is taken.</param>
public sealed class TransformersSampler(SamplingOptions options, MersenneTwister? generator = null) : TokenSampler
{
    readonly List<LogitsProcessor> chain = TransformersChain.Of(options);

    /// <summary>The processors, in their order.</summary>
    public IReadOnlyList<LogitsProcessor> Chain => chain;

    /// <inheritdoc/>
    public override int Next(TokenHistory history, Span<float> logits)
    {
        foreach (var processor in chain) processor.Process(history, logits);
        int likeliest = Logits.ArgMax(logits);
        if (!options.Samples) return likeliest;
        if (generator is null) throw new LowrankException("drawing tokens needs a generator. Give a seed, or take the likeliest token.");
        Logits.Softmax(logits, logits);
        return Multinomial.Draw(logits, generator);
    }

    /// <summary>Takes from a generator what a draw would, for a row of a batch that has ended.</summary>
    public static void Pass(MersenneTwister generator, int vocabulary) => generator.Skip(2L * vocabulary);
}
