namespace Lowrank.Adapters;

/// <summary>AUTOMATIC1111's embeddings inside an adapter file: <c>bundle_emb.NAME.string_to_param.*</c>, and for SDXL <c>.clip_l</c> and <c>.clip_g</c>.</summary>
static class BundledEmbeddings
{
    const string Start = "bundle_emb.";

    static readonly (string End, string Component)[] ends =
        [(".string_to_param.*", "text_encoder"), (".clip_l", "text_encoder"), (".clip_g", "text_encoder_2")];

    /// <summary>The embedding that a key holds, or null.</summary>
    public static (string Name, string? Component)? Of(string key)
    {
        foreach (var (end, component) in ends)
            if (key.StartsWith(Start, StringComparison.Ordinal) && key.EndsWith(end, StringComparison.Ordinal) && key.Length > Start.Length + end.Length)
                return (key[Start.Length..^end.Length], component);
        return null;
    }

    /// <summary>The key of an embedding's vectors for a component; null for one that has no such words.</summary>
    public static string? Key(ModelDescription model, string name, string component) =>
        ends.Where(e => e.Component == component).Select(e => e.End) is var fitting && fitting.Any()
            ? Start + name + (model.Family == "sdxl" ? fitting.Last() : fitting.First())
            : null;
}
