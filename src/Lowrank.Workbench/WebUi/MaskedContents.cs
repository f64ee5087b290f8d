namespace Lowrank.Workbench;

/// <summary>What AUTOMATIC1111 calls what lies under a mask.</summary>
static class MaskedContents
{
    /// <summary>The field of pictures' texts.</summary>
    public const string Field = "Masked content";

    static readonly Dictionary<MaskedContent, string> labels = new()
    {
        [MaskedContent.Surroundings] = "fill",
        [MaskedContent.Original] = "original",
        [MaskedContent.Noise] = "latent noise",
        [MaskedContent.Nothing] = "latent nothing",
    };

    /// <summary>Its label.</summary>
    public static string LabelOf(MaskedContent content) => labels[content];

    /// <summary>The one of a label, capitals aside; null where there is none.</summary>
    public static MaskedContent? Named(string label)
    {
        foreach (var (content, own) in labels) if (own.Equals(label, StringComparison.OrdinalIgnoreCase)) return content;
        return null;
    }

    /// <summary>Whether it takes the place of latents, rather than of pixels.</summary>
    public static bool IsOfLatents(MaskedContent content) => content is MaskedContent.Noise or MaskedContent.Nothing;
}
