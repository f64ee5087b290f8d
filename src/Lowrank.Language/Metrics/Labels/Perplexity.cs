namespace Lowrank.Language;

/// <summary>
/// Perplexity: the exponential of the mean negative log-probability of tokens. Every token weighs the same, however texts were batched; the
/// first of a text, which nothing precedes, is not counted.
/// </summary>
public sealed class Perplexity
{
    double sum;

    /// <summary>Tokens that were counted.</summary>
    public long Tokens { get; private set; }

    /// <summary>Takes in the natural log-probabilities of tokens that were predicted.</summary>
    public void Add(ReadOnlySpan<float> logProbabilities)
    {
        foreach (float one in logProbabilities) sum -= one;
        Tokens += logProbabilities.Length;
    }

    /// <summary>The perplexity of all that was taken in; infinite where one token was held to be impossible.</summary>
    /// <exception cref="LowrankException">Nothing was.</exception>
    public double Value
    {
        get
        {
            if (Tokens == 0)
                throw new LowrankException("no token was predicted, so there is no perplexity. Do the texts have two tokens at least?");
            return Math.Exp(sum / Tokens);
        }
    }

    /// <summary>The mean negative log-probability.</summary>
    public double Loss => Math.Log(Value);

    /// <summary>The windows by which a text that is longer than the model's context is read: each token is predicted once, with as much
    /// before it as its window holds.</summary>
    /// <param name="tokens">Length of the text.</param>
    /// <param name="context">Longest window.</param>
    /// <param name="stride">How far a window begins after the one before: 1 to <paramref name="context"/>; the smaller, the more each
    /// token sees, and the longer it takes.</param>
    /// <exception cref="LowrankException">A length is out of its range.</exception>
    public static IEnumerable<PerplexityWindow> Windows(int tokens, int context, int stride)
    {
        if (context < 2 || stride < 1 || stride > context)
            throw new LowrankException($"windows of {context} tokens every {stride} do not read a text: a window has 2 at least, " +
                $"a stride 1 to {context}.");
        return From(tokens, context, stride);
    }

    static IEnumerable<PerplexityWindow> From(int tokens, int context, int stride)
    {
        // The first token of the text is not predicted; every other is, from the one before it, which must lie in the window.
        for (int start = 0, done = 1; done < tokens; start = Math.Min(start + stride, done - 1))
        {
            int end = Math.Min(start + context, tokens);
            yield return new(start, end - start, done - start);
            done = end;
        }
    }
}
