using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>A part of a prompt, encoded for all that it says on the way.</summary>
sealed class EncodedPart
{
    readonly PromptPart part;
    readonly PromptPart? second;
    readonly TextConditioning states;
    // For each of the two texts that are said at some time, its row of the states.
    readonly Dictionary<(string, string?), int> rows = [];

    /// <summary>Encodes it.</summary>
    /// <param name="model">The model whose encoders are asked.</param>
    /// <param name="encoding">How.</param>
    /// <param name="part">What it says.</param>
    /// <param name="second">What it says to XL's second encoder; null means the same.</param>
    /// <param name="clipSkip">How many layers from its end the encoder is read; null is the program's own choice.</param>
    /// <param name="device">Where the encoders lie.</param>
    /// <param name="chunks">The fewest chunks.</param>
    public EncodedPart(
        StableDiffusion model, PromptEncoding encoding, PromptPart part, PromptPart? second, int? clipSkip, Device device, int chunks)
    {
        (this.part, this.second) = (part, second);
        int[] turns = [.. part.Turns.Concat(second?.Turns ?? []).Select(turn => turn.From).Distinct().Order()];
        string[] texts = [.. turns.Select(part.At)];
        string[]? secondTexts = second is null ? null : [.. turns.Select(second.At)];
        for (int i = 0; i < turns.Length; i++) rows.TryAdd((texts[i], secondTexts?[i]), i);
        states = encoding.Encode(model, texts, clipSkip, secondTexts, device, chunks);
    }

    /// <summary>How much of the guidance is its own.</summary>
    public double Weight => part.Weight;

    /// <summary>Evaluations from which on another row may hold.</summary>
    public IEnumerable<int> Changes => part.Changes.Concat(second?.Changes ?? []);

    /// <summary>The row that holds in an evaluation.</summary>
    public int RowAt(int evaluation) => rows[(part.At(evaluation), second?.At(evaluation))];

    /// <summary>What is said in an evaluation, (1, T, C); of the caller's scope.</summary>
    public TextConditioning At(int evaluation) => states.Rows([RowAt(evaluation)]);

    /// <summary>Zeros in place of all states: what a missing negative prompt is to XL.</summary>
    public static TextConditioning ZerosLike(EncodedPart other) => other.states.Rows([0]).Zeros();
}
