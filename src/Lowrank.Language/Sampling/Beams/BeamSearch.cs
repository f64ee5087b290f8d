namespace Lowrank.Language;

/// <summary>
/// A search by beams after one prompt, as transformers' <c>generate</c> (5.24) makes it. It holds no model: ask for <see cref="Running"/>,
/// compute the logits of each, and <see cref="Step"/>, until it <see cref="IsDone"/>.
/// </summary>
public sealed class BeamSearch
{
    // What a beam that may not be chosen scores.
    const float Out = -1e9f;

    readonly BeamOptions beams;
    readonly SamplingOptions options;
    readonly List<LogitsProcessor> chain;
    readonly MersenneTwister? generator;
    readonly int[] prompt;
    readonly int kept;
    List<Found> found;
    bool mayImprove = true;

    /// <summary>A search before its first step.</summary>
    /// <param name="prompt">The prompt's tokens.</param>
    /// <param name="beams">How many beams, and when to stop.</param>
    /// <param name="options">Processors, end tokens and the longest text; sampled beams where it samples.</param>
    /// <param name="generator">The stream of draws of sampled beams.</param>
    /// <exception cref="LowrankException">An option is out of its range.</exception>
    public BeamSearch(ReadOnlySpan<int> prompt, BeamOptions beams, SamplingOptions options, MersenneTwister? generator = null)
    {
        beams.Check();
        if (options.Samples && generator is null)
            throw new LowrankException("sampled beams need a generator. Give a seed, or do not sample.");
        int ends = options.EndTokens.Distinct().Count();
        if (options.Samples) options = options with { MinTokensToKeep = Math.Max(2, 1 + ends) };
        (this.beams, this.options, this.generator) = (beams, options, generator);
        this.prompt = prompt.ToArray();
        chain = TransformersChain.Of(options);
        kept = Math.Max(2, 1 + options.EndTokens.Count) * beams.Beams;
        var empty = new Beam([], [], [], Out);
        Running = [empty with { Score = 0 }, .. Enumerable.Repeat(empty, beams.Beams - 1)];
        found = [.. Enumerable.Repeat(new Found(empty, IsFinished: false), beams.Beams)];
    }

    /// <summary>The beams to be continued; before the first step all are the prompt.</summary>
    public IReadOnlyList<Beam> Running { get; private set; }

    /// <summary>Whether the search has ended.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The texts that were found, the best first.</summary>
    public IReadOnlyList<Beam> Results => [.. found.Take(beams.Returned).Select(one => one.Beam)];

    /// <summary>Continues each beam by a token.</summary>
    /// <param name="logits">Of each of <see cref="Running"/> a row with an entry for each token, one behind the other; written
    /// into.</param>
    /// <exception cref="LowrankException">There are not as many.</exception>
    public void Step(Span<float> logits)
    {
        if (logits.Length == 0 || logits.Length % Running.Count != 0)
            throw new LowrankException($"{logits.Length} logits are no rows of {Running.Count} beams.");
        int vocabulary = logits.Length / Running.Count;
        using var sums = new Rented(logits.Length);
        Score(logits, vocabulary, sums.Span);
        var candidates = Candidates(logits, sums.Span, vocabulary);
        int length = Running[0].Written.Count + 1;
        var hits = candidates.Select(one => length >= options.MaxNewTokens || options.EndTokens.Contains(one.Written[^1])).ToList();
        Finish(candidates, hits, length);
        Running = [.. candidates.Zip(hits, (one, hit) => one with { Score = hit ? one.Score + Out : one.Score })
            .OrderByDescending(one => one.Score).Take(beams.Beams)];
        CheckDone(hits, length);
    }

    void Score(Span<float> logits, int vocabulary, Span<float> sums)
    {
        Span<int> ids = new int[prompt.Length + Running[0].Written.Count];
        prompt.CopyTo(ids);
        for (int beam = 0; beam < Running.Count; beam++)
        {
            var row = logits.Slice(beam * vocabulary, vocabulary);
            for (int i = prompt.Length; i < ids.Length; i++) ids[i] = Running[beam].Written[i - prompt.Length];
            Logits.LogSoftmax(row);
            foreach (var processor in chain) processor.Process(new(ids, prompt.Length), row);
            var sum = sums.Slice(beam * vocabulary, vocabulary);
            row.CopyTo(sum);
            Logits.Subtract(sum, -Running[beam].Score);
        }
    }

    // Twice as many as beams, so that enough go on where as many end; drawn or not, the best first.
    List<Beam> Candidates(ReadOnlySpan<float> scores, ReadOnlySpan<float> sums, int vocabulary)
    {
        var chosen = options.Samples ? Drawn(sums) : Best(sums);
        var candidates = new List<Beam>(chosen.Length);
        foreach (int at in chosen) candidates.Add(Running[at / vocabulary].With(at % vocabulary, scores[at], at / vocabulary, sums[at]));
        return options.Samples ? [.. candidates.OrderByDescending(candidate => candidate.Score)] : candidates;
    }

    int[] Best(ReadOnlySpan<float> sums)
    {
        float least = Logits.Largest(sums, Math.Min(kept, sums.Length));
        var places = new List<(float Sum, int At)>();
        for (int at = 0; at < sums.Length; at++)
            if (sums[at] >= least) places.Add((sums[at], at));
        return [.. places.OrderByDescending(place => place.Sum).Take(kept).Select(place => place.At)];
    }

    int[] Drawn(ReadOnlySpan<float> sums)
    {
        using var probabilities = new Rented(sums.Length);
        Logits.Softmax(sums, probabilities.Span);
        return Multinomial.DrawWithout(probabilities.Span, kept, generator!);
    }

    // Of the candidates only the first, as many as there are beams, may be found; the others are there to go on.
    void Finish(List<Beam> candidates, List<bool> hits, int length)
    {
        bool isFull = beams.EarlyStopping == EarlyStopping.Enough && found.All(one => one.IsFinished);
        float divisor = (float)Math.Pow(length, beams.LengthPenalty);
        foreach (var (at, candidate) in candidates.Index())
        {
            bool isFound = hits[at] && at < beams.Beams && !isFull && mayImprove;
            if (isFound) found.Add(new(candidate with { Score = candidate.Score / divisor }, IsFinished: true));
        }
        found = [.. found.OrderByDescending(one => one.Beam.Score).Take(beams.Beams)];
    }

    void CheckDone(List<bool> hits, int length)
    {
        bool looksAhead = beams.EarlyStopping == EarlyStopping.Never && beams.LengthPenalty > 0;
        float possible = Running[0].Score / (float)Math.Pow(looksAhead ? options.MaxNewTokens : length, beams.LengthPenalty);
        float worst = found.Min(one => one.Beam.Score);
        mayImprove &= found.Any(one => possible > (one.IsFinished ? worst : Out));
        bool isEnough = beams.EarlyStopping == EarlyStopping.Enough && found.All(one => one.IsFinished);
        IsDone = !mayImprove || isEnough || hits.All(hit => hit);
    }

    sealed record Found(Beam Beam, bool IsFinished);
}
