namespace Lowrank.Adapters;

/// <summary>
/// AUTOMATIC1111's words inside an adapter file: <c>bundle_emb.NAME.string_to_param.*</c>, and where there are two encoders
/// <c>.clip_l</c> and <c>.clip_g</c>.
/// </summary>
sealed class BundledWords : WordSpelling
{
    const string Start = "bundle_emb.";

    /// <inheritdoc/>
    public override string Program => "automatic1111";

    /// <inheritdoc/>
    public override (string Name, string? Encoder)? Of(ITensorFile file, string key)
    {
        if (!key.StartsWith(Start, StringComparison.Ordinal)) return null;
        foreach (var encoder in AutomaticEncoders.All)
            if (key.EndsWith("." + encoder, StringComparison.Ordinal) && key.Length > Start.Length + encoder.Length + 1)
                return (key[Start.Length..^(encoder.Length + 1)], encoder);
        return null;
    }

    /// <inheritdoc/>
    public override string? KeyOf(Adapter adapter, ModelDescription model, AdapterEmbedding word, string component) =>
        WrittenNameOf(model, component) is { } encoder ? $"{Start}{word.Name}.{encoder}" : null;
}
