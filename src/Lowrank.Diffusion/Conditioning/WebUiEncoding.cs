using System.Globalization;
using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>AUTOMATIC1111's way from a text to what the network is told.</summary>
/// <remarks>
/// Source: modules/sd_hijack_clip.py and sd_emphasis.py, v1.10.1. Where weights bring states back to their mean it is the mean of all
/// texts that are encoded together, which are those of one prompt that changes on the way: they influence each other.
/// </remarks>
/// <param name="Emphasis">What weights do.</param>
/// <param name="Backtrack">
/// The web UI's comma_padding_backtrack: where a full chunk's last comma is among this many last tokens, what follows it moves on to the
/// next chunk. 0 never.
/// </param>
/// <param name="PadsConditions">The web UI's pad_cond_uncond: whether prompts and negative prompts get equally many chunks.</param>
public sealed record WebUiEncoding(
    Emphasis Emphasis = Emphasis.Original, int Backtrack = WebUiEncoding.UsualBacktrack, bool PadsConditions = false) : PromptEncoding
{
    /// <summary>The web UI's own backtrack.</summary>
    public const int UsualBacktrack = 20;

    /// <summary>Its name in texts of pictures.</summary>
    public const string Name = "a1111";

    /// <summary>The fields of pictures' texts: emphasis as AUTOMATIC1111 writes it, and what it does not write.</summary>
    public const string EmphasisField = "Emphasis", BacktrackField = "Comma backtrack", PaddingField = "Pad conds";

    static readonly Dictionary<Emphasis, string> labels = new()
    {
        [Emphasis.Original] = "Original",
        [Emphasis.NoNorm] = "No norm",
        [Emphasis.Ignore] = "Ignore",
        [Emphasis.None] = "None",
    };

    /// <summary>The emphasis of AUTOMATIC1111's name for it; null where there is none.</summary>
    public static Emphasis? EmphasisNamed(string label) =>
        labels.Where(pair => pair.Value == label).Select(pair => (Emphasis?)pair.Key).FirstOrDefault();

    /// <summary>What AUTOMATIC1111 calls what weights do.</summary>
    public string EmphasisLabel => labels[Emphasis];

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> InfoFields
    {
        get
        {
            yield return new(Field, Name);
            if (Emphasis != Emphasis.Original) yield return new(EmphasisField, EmphasisLabel);
            if (Backtrack != UsualBacktrack) yield return new(BacktrackField, Backtrack.ToString(CultureInfo.InvariantCulture));
            if (PadsConditions) yield return new(PaddingField, "True");
        }
    }

    /// <inheritdoc/>
    public override bool PadsRequest => PadsConditions;

    /// <inheritdoc/>
    /// <remarks>Tokens are counted as the web UI does: every chunk but the last one as 75.</remarks>
    public override ChunkedPrompt Chunks(ClipTokenizer tokenizer, string text)
    {
        var chunks = new WebUiChunks(tokenizer, Backtrack);
        foreach (var stretch in Emphasis == Emphasis.None ? [new(text, 1)] : WebUiWeights.Read(text))
        {
            if (stretch == WebUiWeights.Break) chunks.Break();
            else chunks.Add(stretch);
        }
        return chunks.Finish();
    }

    /// <inheritdoc/>
    /// <remarks>The web UI heeds clipSkip with SD 1 alone.</remarks>
    public override EncoderState State(string family, int layers, int? clipSkip)
    {
        if (StableDiffusionFamilies.IsLarge(family)) return new(2, Normed: false);
        if (family == "sd2") return new(1, Normed: true);
        return new(Skipped(layers, clipSkip), Normed: true);
    }

    /// <inheritdoc/>
    public override IEnumerable<string> PlainSigns(string text) => PromptSigns.InWebUi(text);

    /// <inheritdoc/>
    /// <remarks>Where it is empty (modules/sd_models_xl.py).</remarks>
    public override bool TakesZeros(StableDiffusion model, string? negative) =>
        StableDiffusionFamilies.IsLarge(model.Family) && string.IsNullOrEmpty(negative);

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Evened(IReadOnlyList<Tensor> contexts) => ContextLengths.Stretched(contexts);

    /// <inheritdoc/>
    protected override Tensor Weigh(Tensor states, Tensor? weights, Func<Tensor> empty)
    {
        if (weights is null || Emphasis is Emphasis.Ignore or Emphasis.None) return states;
        var weighed = states * weights.unsqueeze(-1);
        return Emphasis == Emphasis.NoNorm ? weighed : weighed * (states.mean() / weighed.mean());
    }
}
