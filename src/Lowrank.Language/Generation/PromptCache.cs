namespace Lowrank.Language;

/// <summary>What a model has read of a text, kept for the next one: of a prompt that begins with the same tokens only the rest is
/// read.</summary>
/// <remarks>
/// Give it to one request after the other (<see cref="GenerationRequest.Cache"/>); the texts are those without it, up to the rounding of
/// sums. It is emptied by itself where the model would no longer say the same: adapters were put on, switched, given another strength or
/// trained, weights were written into, a request names another adapter. Adapters that look at the tokens to come (aLoRA), rotary
/// embeddings that change with a row's length, and blocks that choose the adapters of the calls within them leave nothing that could be
/// kept.
/// </remarks>
/// <param name="model">The model; it stays the caller's.</param>
/// <example><code>
/// using var cache = new PromptCache(model);
/// model.GenerateAll([new(prompt, model.Defaults) { Cache = cache }]);
/// model.GenerateAll([new([.. prompt, .. more], model.Defaults) { Cache = cache }]);   // reads what is more
/// </code></example>
public sealed class PromptCache(LanguageModel model) : IDisposable
{
    readonly List<int> ids = [];
    KeyValueCache? keys;
    CacheStanding? standing;
    int isTaken;
    volatile bool isDisposed;

    /// <summary>The tokens that were read.</summary>
    public IReadOnlyList<int> Ids => [.. ids];

    internal LanguageModel Model => model;

    /// <summary>The keys and values of <see cref="Ids"/>.</summary>
    internal KeyValueCache Keys => keys ??= model.Network.NewCache();

    /// <summary>Forgets what was read.</summary>
    /// <exception cref="LowrankException">A text is being written with it.</exception>
    public void Clear()
    {
        Take();
        Empty();
        Release();
    }

    /// <summary>Takes it for a text.</summary>
    /// <param name="adapter">The adapter that the text's request names.</param>
    /// <exception cref="LowrankException">Another text has it.</exception>
    internal void Take(string? adapter)
    {
        Take();
        try
        {
            var now = CacheStanding.Of(model, adapter);
            if (now is null || !now.Equals(standing)) Empty();
            standing = now;
        }
        catch
        {
            Release();
            throw;
        }
    }

    void Take()
    {
        if (Interlocked.Exchange(ref isTaken, 1) != 0) throw InUse();
    }

    // Whoever disposed of it meanwhile left that to the one who had it.
    void Release()
    {
        Interlocked.Exchange(ref isTaken, 0);
        if (isDisposed) Dispose();
    }

    static LowrankException InUse() =>
        new("the cache is in use: a text is being written with it. Make one for each text that is written at the same time.");

    /// <summary>Keeps what a prompt begins with, and forgets what comes after it.</summary>
    /// <returns>How many tokens of the prompt need not be read; its last one always is.</returns>
    internal int Keep(IReadOnlyList<int> prompt)
    {
        int same = 0, most = Math.Min(ids.Count, prompt.Count - 1);
        while (same < most && ids[same] == prompt[same]) same++;
        if (same == ids.Count) return same;
        long virtuals = Keys.Length - ids.Count;   // tokens of adapters, which stand before the text's
        if (same == 0 || !Keys.Cut(virtuals + same))
        {
            Empty();
            return 0;
        }
        ids.RemoveRange(same, ids.Count - same);
        return same;
    }

    /// <summary>Tokens were read.</summary>
    internal void Add(IEnumerable<long> read) => ids.AddRange(read.Select(id => (int)id));

    /// <summary>Gives it back.</summary>
    /// <param name="adapter">As of <see cref="Take(string)"/>.</param>
    /// <param name="isWhole">Whether no pass over the model broke off.</param>
    internal void Return(string? adapter, bool isWhole)
    {
        bool stays = false;
        try
        {
            stays = isWhole && standing is not null && standing.Equals(CacheStanding.Of(model, adapter));
        }
        finally
        {
            if (!stays) Empty();
            Release();
        }
    }

    void Empty()
    {
        ids.Clear();
        keys?.Dispose();
        keys = null;
    }

    /// <summary>Frees it, at once or when the text is done that is being written with it.</summary>
    public void Dispose()
    {
        isDisposed = true;
        if (Interlocked.Exchange(ref isTaken, 1) != 0) return;
        Empty();
        Interlocked.Exchange(ref isTaken, 0);
    }
}
