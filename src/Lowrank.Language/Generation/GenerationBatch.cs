namespace Lowrank.Language;

/// <summary>Texts that are written side by side, a token in each at every step; one that has ended leaves the batch.</summary>
sealed class GenerationBatch : IDisposable
{
    readonly List<GenerationRow> rows;
    readonly GeneratedText?[] texts;
    readonly RowAdapters adapters;
    readonly RowNetwork network;
    readonly bool shares;
    readonly CancellationToken cancel;
    List<GenerationRow> running;
    bool hasBegun;

    /// <summary>Texts before their first token.</summary>
    /// <param name="model">The model.</param>
    /// <param name="requests">The requests, checked.</param>
    /// <param name="seed">Of one generator for all rows; null gives each its own.</param>
    /// <param name="cancel">Ends the texts where they stand.</param>
    public GenerationBatch(LanguageModel model, IReadOnlyList<GenerationRequest> requests, long? seed, CancellationToken cancel)
    {
        this.cancel = cancel;
        var shared = seed is { } one ? new MersenneTwister(one) : null;
        shares = shared is not null;
        rows = [.. requests.Select((request, number) => new GenerationRow(number, request, model, shared))];
        adapters = new(model, requests);
        texts = new GeneratedText?[rows.Count];
        running = [.. rows];
        bool isKept = requests is [{ Cache: not null }];
        network = isKept ? new(requests[0].Cache!, requests[0].Options.Adapter) { Cancel = cancel } : new(model) { Cancel = cancel };
    }

    /// <summary>Whether all have ended.</summary>
    public bool IsDone => running.Count == 0;

    /// <summary>The texts, once all have ended.</summary>
    public IReadOnlyList<GeneratedText> Texts => [.. texts.Select(text => text!)];

    /// <summary>Writes a token in each text; where it is to end, ends all.</summary>
    public IReadOnlyList<GeneratedPiece> Step()
    {
        try
        {
            return cancel.IsCancellationRequested ? Stop() : Written();
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return Stop();   // within a pass, of which nothing is taken
        }
    }

    List<GeneratedPiece> Written()
    {
        List<GeneratedPiece> pieces = [];
        using (adapters.Within(running.Select(row => row.Number)))
        {
            if (hasBegun) network.Go([.. running.Select(row => row.Ids[^1])], Take);
            else network.Read([.. running.Select(row => row.Ids)], Begin);
        }
        hasBegun = true;
        Leave(pieces);
        return pieces;

        void Begin(Span<float> logits)
        {
            if (network.Held > 0) running[0].CachedTokens = network.Held;
            Take(logits);
        }

        // A generator of all rows is asked in their order, by those that have ended too.
        void Take(Span<float> logits)
        {
            int vocabulary = logits.Length / running.Count, at = 0;
            foreach (var row in shares ? rows : running)
                if (row.Finish is not null) row.Pass();
                else pieces.Add(row.Take(logits.Slice(at++ * vocabulary, vocabulary)));
        }
    }

    // Ends all where they stand.
    List<GeneratedPiece> Stop()
    {
        List<GeneratedPiece> pieces = [.. running.Select(row => row.End())];
        Leave(pieces);
        return pieces;
    }

    void Leave(List<GeneratedPiece> pieces)
    {
        foreach (var piece in pieces)
            if (piece.End is { } text) texts[piece.Row] = text;
        List<int> left = [.. Enumerable.Range(0, running.Count).Where(at => running[at].Finish is null)];
        if (left.Count == running.Count) return;
        running = left.ConvertAll(at => running[at]);
        if (running.Count > 0) network.Choose(left);
    }

    /// <inheritdoc/>
    public void Dispose() => network.Dispose();
}
