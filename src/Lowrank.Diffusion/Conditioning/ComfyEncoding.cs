using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>ComfyUI's way from a text to what the network is told.</summary>
/// <remarks>
/// Source: comfy/sd1_clip.py, sdxl_clip.py and sd2_clip.py, v0.3.64. A weight goes from the states of a text of no words to those of the
/// text: z = z_empty + weight·(z − z_empty).
/// </remarks>
public sealed record ComfyEncoding : PromptEncoding
{
    // SD 2's encoder has one layer more than is read.
    const int SecondGenerationLayers = 24;

    /// <summary>Its name in texts of pictures.</summary>
    public const string Name = "comfyui";

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> InfoFields => [new(Field, Name)];

    /// <inheritdoc/>
    public override bool PadsRequest => false;

    /// <inheritdoc/>
    public override ChunkedPrompt Chunks(ClipTokenizer tokenizer, string text)
    {
        var chunks = new ComfyChunks(tokenizer);
        foreach (var stretch in ComfyWeights.Read(text))
            foreach (var run in ComfyWords.Read(tokenizer, stretch.Text)) chunks.Add(run.Ids, stretch.Weight);
        return chunks.Finish();
    }

    /// <inheritdoc/>
    /// <remarks>
    /// As the node CLIPSetLastLayer, which counts −1, −2, …: the norm is applied to whichever layer is taken, but for XL; a number beyond
    /// the layers means the last, which is normed always.
    /// </remarks>
    public override EncoderState State(string family, int layers, int? clipSkip)
    {
        bool isXl = StableDiffusionFamilies.IsLarge(family), isSecond = family == "sd2";
        int all = isSecond ? SecondGenerationLayers : layers, missing = all - layers;
        int skip = clipSkip ?? (isXl || isSecond ? 2 : 1);
        bool isBeyond = skip < 1 || skip > all;
        int fromEnd = isBeyond ? 1 : skip;
        if (fromEnd <= missing)
            throw new LowrankException(
                $"Layer −{fromEnd} of the text encoder is asked for, and SD 2 is read without the last one. Take −2.");
        return new(fromEnd - missing, Normed: !isXl || isBeyond);
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Remarks(ClipTokenizer tokenizer, string text) =>
        [.. PromptBrackets.RemarksInComfy(text), .. PromptNumbers.InComfy(text), .. UnknownEmbeddings(tokenizer, text)];

    static IEnumerable<string> UnknownEmbeddings(ClipTokenizer tokenizer, string text) =>
        from stretch in ComfyWeights.Read(text)
        from run in ComfyWords.Read(tokenizer, stretch.Text)
        where run.Unknown is not null
        select $"embedding:{run.Unknown} is left out: there is no such embedding";

    /// <summary>Names of embeddings that a text asks for, as they are written.</summary>
    public static IReadOnlyList<string> EmbeddingsIn(string text) =>
        [.. ComfyWeights.Read(text).SelectMany(stretch => ComfyWords.Names(stretch.Text)).Distinct()];

    /// <inheritdoc/>
    public override IEnumerable<string> PlainSigns(string text) => PromptSigns.InComfy(text);

    /// <inheritdoc/>
    /// <remarks>Never: an empty text is encoded.</remarks>
    public override bool TakesZeros(StableDiffusion model, string? negative) => false;

    /// <inheritdoc/>
    protected override Tensor Weigh(Tensor states, Tensor? weights, Func<Tensor> empty)
    {
        if (weights is null) return states;
        var nothing = empty();
        var weighed = (states - nothing) * weights.unsqueeze(-1) + nothing;
        return states.where(weights.unsqueeze(-1) == 1, weighed);
    }
}
