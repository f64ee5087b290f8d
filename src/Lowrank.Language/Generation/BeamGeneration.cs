namespace Lowrank.Language;

/// <summary>Texts that are searched for by beams: each prompt has a search, and all go on together, a step each.</summary>
sealed class BeamGeneration : IDisposable
{
    readonly LanguageModel model;
    readonly GenerationRequest request;
    readonly MersenneTwister? generator;
    readonly long? seed;   // of a generator of its own
    readonly BeamSearch search;
    readonly RowNetwork network;
    readonly IReadOnlyList<int> ends;
    readonly Func<IDisposable?> within;
    readonly long begun = System.Diagnostics.Stopwatch.GetTimestamp();
    bool hasBegun;
    FinishReason? stopped;

    BeamGeneration(
        LanguageModel model, GenerationRequest request, int number, RowAdapters adapters, MersenneTwister? shared, CancellationToken cancel)
    {
        (this.model, this.request) = (model, request);
        bool draws = request.Options.Sampling.Samples;
        if (draws && shared is null) seed = request.Options.Seed ?? Random.Shared.NextInt64(uint.MaxValue);
        generator = draws ? shared ?? new MersenneTwister(seed!.Value) : null;
        var options = model.WithEnds(request.Options);
        ends = options.EndTokens;
        options = options with { MaxNewTokens = Math.Min(options.MaxNewTokens, model.RoomFor(request.Options) - request.Prompt.Count) };
        search = new BeamSearch([.. request.Prompt], request.Options.Beams!, options, generator);
        network = new(model) { Cancel = cancel };
        within = () => adapters.Within(Enumerable.Repeat(number, hasBegun ? search.Running.Count : 1));
    }

    /// <summary>Searches for the texts of all prompts.</summary>
    /// <param name="model">The model.</param>
    /// <param name="requests">The requests, checked.</param>
    /// <param name="seed">Of one generator for all searches; null gives each its own.</param>
    /// <param name="cancel">Ends the searches with what they have found.</param>
    /// <exception cref="LowrankException">Some requests want a search and others none.</exception>
    public static IReadOnlyList<GeneratedText> Run(
        LanguageModel model, IReadOnlyList<GenerationRequest> requests, long? seed, CancellationToken cancel)
    {
        if (requests.Any(request => request.Options.Beams is null))
            throw new LowrankException("of requests that are written at once either all are searched for by beams, or none.");
        var shared = seed is { } one ? new MersenneTwister(one) : null;
        var adapters = new RowAdapters(model, requests);
        List<BeamGeneration> searches = [];
        try
        {
            foreach (var (number, request) in requests.Index())
                searches.Add(new(model, request, number, adapters, shared, cancel));
            while (searches.Exists(search => !search.IsDone))
                foreach (var search in searches)
                    if (cancel.IsCancellationRequested) search.stopped = FinishReason.Stopped;
                    else if (!search.IsDone) search.Step(cancel);
                    else if (shared is not null) search.Pass();
            return [.. searches.SelectMany(search => search.Texts)];
        }
        finally
        {
            foreach (var search in searches) search.Dispose();
        }
    }

    bool IsDone => search.IsDone || stopped is not null;

    void Step(CancellationToken cancel)
    {
        try
        {
            Step();
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            stopped = FinishReason.Stopped;   // within a pass, of which nothing is taken
        }
    }

    void Step()
    {
        using (within())
        {
            if (hasBegun) network.Go([.. search.Running.Select(beam => beam.Written[^1])], search.Step);
            else network.Read([request.Prompt], StepFromPrompt);
        }
        // The first step has one row, of which all beams are.
        network.Choose([.. search.Running.Select(beam => hasBegun ? beam.Parent : 0)]);
        hasBegun = true;
        bool isLate = request.Options.MaxTime is { } time && System.Diagnostics.Stopwatch.GetElapsedTime(begun) > time;
        if (isLate && !search.IsDone) stopped = FinishReason.MaxTime;
    }

    // The beams are the same prompt at first, which is read once.
    void StepFromPrompt(Span<float> logits)
    {
        Span<float> all = new float[search.Running.Count * logits.Length];
        for (int beam = 0; beam < search.Running.Count; beam++) logits.CopyTo(all[(beam * logits.Length)..]);
        search.Step(all);
    }

    // What a step's draws would take from the generator of all searches.
    void Pass()
    {
        if (generator is null) return;
        for (int beam = 0; beam < search.Running.Count; beam++) TransformersSampler.Pass(generator, model.VocabularySize);
    }

    IEnumerable<GeneratedText> Texts
    {
        get
        {
            // A search that was stopped before it found as many gives what it follows.
            var found = search.Results.Where(beam => beam.Written.Count > 0).ToList();
            var unfinished = search.Running.Take(request.Options.Beams!.Returned - found.Count);
            return found.Concat(unfinished).Select(TextOf);
        }
    }

    GeneratedText TextOf(Beam beam)
    {
        var text = new RowText(model.Tokenizer, request.Prompt, request.Options);
        bool hasEnd = beam.Written.Count > 0 && ends.Contains(beam.Written[^1]);
        foreach (int id in hasEnd && !request.Options.KeepsControl ? beam.Written.SkipLast(1) : beam.Written) text.Add(id);
        text.Finish();
        bool isLong = beam.Written.Count >= request.Options.Sampling.MaxNewTokens;
        var reason = hasEnd ? FinishReason.EndToken : stopped ?? (isLong ? FinishReason.MaxTokens : FinishReason.ContextFull);
        return new(text.Shown, beam.Written, reason)
        {
            PromptTokens = request.Prompt.Count, Seed = seed, Score = beam.Score,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => network.Dispose();
}
