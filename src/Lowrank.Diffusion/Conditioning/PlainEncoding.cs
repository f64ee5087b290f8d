using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>Text without signs of its own, in chunks of 75 tokens; what is longer than allowed is cut.</summary>
/// <param name="MaxTokens">Most tokens that are read, a multiple of 75.</param>
public sealed record PlainEncoding(int MaxTokens = PlainEncoding.UsualMaxTokens) : PromptEncoding
{
    /// <summary>Its name in texts of pictures, where the program's own is another.</summary>
    public const string Name = "plain";

    /// <summary>Tokens of a prompt that are read where nobody says.</summary>
    public const int UsualMaxTokens = 3 * PromptLength.Piece;

    /// <inheritdoc/>
    public override bool PadsRequest => true;

    /// <inheritdoc/>
    public override ChunkedPrompt Chunks(ClipTokenizer tokenizer, string text)
    {
        int room = tokenizer.Length - 2, tokens = tokenizer.EncodeUnpadded(text).Length - 2;
        int pieces = Math.Clamp((tokens + room - 1) / room, 1, Math.Max(1, MaxTokens / PromptLength.Piece));
        double[] weights = [.. Enumerable.Repeat(1.0, tokenizer.Length)];
        return new([.. tokenizer.EncodePieces(text, pieces).Chunk(tokenizer.Length).Select(ids => new TokenChunk(ids, weights))], tokens);
    }

    /// <inheritdoc/>
    /// <remarks>XL does not heed clipSkip.</remarks>
    public override EncoderState State(string family, int layers, int? clipSkip)
    {
        int skip = Skipped(layers, clipSkip);
        return StableDiffusionFamilies.IsLarge(family) ? new(2, Normed: false) : new(skip, Normed: true);
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Remarks(ClipTokenizer tokenizer, string text)
    {
        int tokens = Chunks(tokenizer, text).Tokens;
        if (tokens > MaxTokens) yield return $"{tokens} tokens, of which {MaxTokens} are read";
    }

    /// <inheritdoc/>
    public override IEnumerable<string> PlainSigns(string text) => PromptSigns.In(text);

    /// <inheritdoc/>
    /// <remarks>As diffusers: where none was given, and the model says so.</remarks>
    public override bool TakesZeros(StableDiffusion model, string? negative) => negative is null && model.ForceZerosForEmptyPrompt;

    /// <inheritdoc/>
    protected override Tensor Weigh(Tensor states, Tensor? weights, Func<Tensor> empty) => states;
}
