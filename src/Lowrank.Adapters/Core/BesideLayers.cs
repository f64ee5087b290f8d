namespace Lowrank.Adapters;

/// <summary>What adapters hold beside their layers, for what is made of them: words that prompts call, and virtual tokens.</summary>
static class BesideLayers
{
    /// <summary>Copies of the words of adapters, each name's first.</summary>
    public static IReadOnlyList<AdapterEmbedding> Words(IReadOnlyList<Adapter> adapters) =>
        [.. adapters.SelectMany(adapter => adapter.Embeddings).DistinctBy(word => word.Name).Select(Copy)];

    /// <summary>Refuses adapters of which two bring one word with other numbers.</summary>
    /// <exception cref="LowrankException">Two do.</exception>
    public static void CheckWords(IReadOnlyList<Adapter> adapters)
    {
        var taken = new Dictionary<string, (Adapter Adapter, AdapterEmbedding Word)>();
        foreach (var adapter in adapters)
            foreach (var word in adapter.Embeddings)
                if (!taken.TryAdd(word.Name, (adapter, word)) && !IsSame(taken[word.Name].Word, word))
                    throw new LowrankException($"{taken[word.Name].Adapter.Name} and {adapter.Name} both bring the word {word.Name}, " +
                        "with other vectors, and one adapter has one of a name. Rename one of them, or leave the adapters apart.");
    }

    static bool IsSame(AdapterEmbedding one, AdapterEmbedding other) => one.Vectors.Count == other.Vectors.Count
        && one.Vectors.All(pair => other.Vectors.TryGetValue(pair.Key, out var vectors) && IsSame(pair.Value, vectors));

    static bool IsSame(Tensor one, Tensor other)
    {
        using var scope = NewDisposeScope();
        return one.shape.AsSpan().SequenceEqual(other.shape) && one.eq(other).all().ToBoolean();
    }

    static AdapterEmbedding Copy(AdapterEmbedding word) =>
        new(word.Name, word.Vectors.ToDictionary(pair => pair.Key, pair => pair.Value.detach().clone().DetachFromDisposeScope()));

    /// <summary>A copy of virtual tokens; null of none.</summary>
    public static VirtualPrompt? Copy(VirtualPrompt? prompt) => prompt is null ? null : new(prompt.Kind, prompt.Rows, prompt.Stacks);

    /// <summary>Refuses an adapter that has nothing but virtual tokens or words.</summary>
    /// <param name="adapter">The adapter.</param>
    /// <param name="what">What is to be done: "resized".</param>
    /// <exception cref="LowrankException">It has no layers.</exception>
    public static void RequireLayers(Adapter adapter, string what)
    {
        if (adapter.Targets.Count > 0) return;
        string holds = adapter.Prompt is { } prompt
            ? $"{PlainValue.Text(prompt.Count)} virtual tokens before every row"
            : $"the words {string.Join(", ", adapter.Embeddings.Select(word => word.Name))}";
        throw new LowrankException($"{adapter.Name} adapts no layers and cannot be {what}: all it holds is {holds}, which has no rank");
    }

    /// <summary>Refuses virtual tokens where several adapters become one.</summary>
    /// <exception cref="LowrankException">An adapter has some.</exception>
    public static void RefusePrompt(Adapter adapter)
    {
        if (adapter.Prompt is { } prompt)
            throw new LowrankException($"{adapter.Name} puts {PlainValue.Text(prompt.Count)} virtual tokens before every row, of which " +
                "there is no sum: leave it apart, and use it beside the others");
    }
}
