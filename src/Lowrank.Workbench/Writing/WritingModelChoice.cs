namespace Lowrank.Workbench;

/// <summary>The language model that writes, and the adapters on it.</summary>
/// <param name="Path">The model's folder or file.</param>
public sealed record WritingModelChoice(string Path)
{
    /// <summary>The adapters, all at work at once, in order.</summary>
    public IReadOnlyList<AdapterChoice> Adapters { get; init; } = [];

    /// <summary>Whether keys of adapters that belong to no layer are passed over.</summary>
    public bool AllowUnmatched { get; init; }

    /// <summary>In which dtype it is kept and computed: "auto", "bf16" or "f32".</summary>
    public string Precision { get; init; } = "auto";

    /// <summary>What computes; "auto" is the fastest that this machine has.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>A tokenizer in place of the model's own; null for that, or for an adapter's where its folder has one.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>What was given and is for adapters, where none can come any more: a sentence each.</summary>
    internal IEnumerable<string> Unused()
    {
        if (AllowUnmatched && Adapters.Count == 0)
            yield return "`allow unmatched` is not used: it is for keys of adapters, and none is given.";
    }

    /// <summary>The same with its places found.</summary>
    internal WritingModelChoice Placed(Func<string, string> find) => this with
    {
        Path = find(Path),
        Adapters = [.. Adapters.Select(adapter => adapter with { Path = find(adapter.Path) })],
        Tokenizer = Tokenizer is null ? null : find(Tokenizer),
    };
}
