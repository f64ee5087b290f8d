using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>AUTOMATIC1111's way from a text to what the network is told.</summary>
/// <remarks>
/// Source: modules/sd_hijack_clip.py and sd_emphasis.py, v1.10.1. Where weights bring states back to their mean it is the mean of all
/// texts that are encoded together, which are those of one prompt that changes on the way: they influence each other.
/// </remarks>
/// <param name="emphasis">What weights do.</param>
/// <param name="backtrack">
/// The web UI's comma_padding_backtrack: where a full chunk's last comma is among this many last tokens, what follows it moves on to the
/// next chunk. 0 never.
/// </param>
/// <param name="padsRequest">The web UI's pad_cond_uncond: whether prompts and negative prompts get equally many chunks.</param>
public sealed class WebUiEncoding(Emphasis emphasis = Emphasis.Original, int backtrack = 20, bool padsRequest = false) : PromptEncoding
{
    /// <inheritdoc/>
    public override bool PadsRequest => padsRequest;

    /// <inheritdoc/>
    /// <remarks>Tokens are counted as the web UI does: every chunk but the last one as 75.</remarks>
    public override ChunkedPrompt Chunks(ClipTokenizer tokenizer, string text)
    {
        var chunks = new WebUiChunks(tokenizer, backtrack);
        foreach (var stretch in emphasis == Emphasis.None ? [new(text, 1)] : WebUiWeights.Read(text))
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
        if (family == "sdxl") return new(2, Normed: false);
        if (family == "sd2") return new(1, Normed: true);
        int skip = clipSkip ?? 1;
        if (skip < 1 || skip > layers)
            throw new LowrankException($"Clip skip is {skip}; this text encoder can skip 1 (none) to {layers}.");
        return new(skip, Normed: true);
    }

    /// <inheritdoc/>
    /// <remarks>Where it is empty (modules/sd_models_xl.py).</remarks>
    public override bool TakesZeros(StableDiffusion model, string? negative) => model.Family == "sdxl" && string.IsNullOrEmpty(negative);

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Evened(IReadOnlyList<Tensor> contexts) => ContextLengths.Stretched(contexts);

    /// <inheritdoc/>
    protected override Tensor Weigh(Tensor states, Tensor? weights, Func<Tensor> empty)
    {
        if (weights is null || emphasis is Emphasis.Ignore or Emphasis.None) return states;
        var weighed = states * weights.unsqueeze(-1);
        return emphasis == Emphasis.NoNorm ? weighed : weighed * (states.mean() / weighed.mean());
    }
}
