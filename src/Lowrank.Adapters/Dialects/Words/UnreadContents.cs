namespace Lowrank.Adapters;

/// <summary>Names in keys that tell of what is not known here: for an error that says so.</summary>
static class UnreadContents
{
    static readonly (string Mark, string Content)[] marks =
    [
        ("bundle_emb.", "bundled embeddings"),
    ];

    /// <summary>What a key tells of, or null.</summary>
    public static string? Of(string key) => marks.FirstOrDefault(m => key.Contains(m.Mark, StringComparison.Ordinal)).Content;
}
