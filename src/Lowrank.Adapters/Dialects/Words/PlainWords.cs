namespace Lowrank.Adapters;

/// <summary>Words in files of their own.</summary>
/// <remarks>
/// AUTOMATIC1111's <c>string_to_param.*</c> and <c>emb_params</c>, and where there are two encoders <c>clip_l</c> and <c>clip_g</c>, which
/// are called by the file's name; and diffusers' and cloneofsimo's tensors under the words themselves, which is what is written where there
/// is one encoder.
/// </remarks>
sealed class PlainWords : WordSpelling
{
    /// <summary>What the keys of a word's tokens begin with, which are no vectors.</summary>
    public const string Tokens = "string_to_token";

    const string Params = "string_to_param.", Bare = "emb_params";

    static readonly string[] tensors = ["weight", "bias", "tensor"];

    /// <inheritdoc/>
    public override string Program => "automatic1111";

    /// <summary>Whether a key is of a word's vectors where there is one encoder.</summary>
    public static bool IsOnly(string key) => key == Bare || key.StartsWith(Params, StringComparison.Ordinal);

    /// <summary>Whether a key is of a word's vectors for one of several encoders.</summary>
    public static bool IsOfSeveral(string key) => AutomaticEncoders.Several.Contains(key);

    /// <summary>Whether a key may be a word itself.</summary>
    public static bool IsWord(string key)
    {
        bool isPlain = key.Length > 0 && !key.Contains('.') && !key.Contains(':');
        return isPlain && !tensors.Contains(key) && !key.All(char.IsAsciiDigit);
    }

    /// <inheritdoc/>
    public override (string Name, string? Encoder)? Of(ITensorFile file, string key)
    {
        string named = Path.GetFileNameWithoutExtension(file.Path);
        if (IsOfSeveral(key)) return (named, key);
        if (IsOnly(key)) return (named, null);
        return IsWord(key) ? (key, null) : null;
    }

    /// <inheritdoc/>
    public override string? KeyOf(Adapter adapter, ModelDescription model, AdapterEmbedding word, string component)
    {
        if (adapter.Targets.Count > 0 || WrittenNameOf(model, component) is not { } encoder) return null;
        if (IsOfSeveral(encoder)) return adapter.Embeddings.Count == 1 ? encoder : null;
        return IsWord(word.Name) ? word.Name : null;
    }
}
