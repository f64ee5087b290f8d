using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>Plain texts to what a denoising network is conditioned on.</summary>
public static class PromptEncoder
{
    /// <summary>
    /// Encodes prompts, each cut or padded to the tokenizer's length (77 with begin and end), or to several such pieces whose states follow
    /// each other (75 tokens each, as web UIs do). Gradients reach the encoders unless the caller turns them off.
    /// </summary>
    /// <param name="model">The model whose encoders are asked.</param>
    /// <param name="prompts">One per row.</param>
    /// <param name="clipSkip">
    /// How many layers from the end the state is taken, as web UIs count: 1 is the last. XL does not heed it.
    /// </param>
    /// <param name="secondPrompts">For XL's second encoder; null means the same.</param>
    /// <param name="device">Where the encoders lie; null means the CPU.</param>
    /// <param name="pieces">In how many pieces each prompt is encoded; the pooled state is the first one's.</param>
    /// <returns>Context (B, 77·pieces, C): tensors of the caller's scope, in the encoders' dtype.</returns>
    /// <exception cref="LowrankException">clipSkip is not between 1 and the number of layers, or the numbers of prompts differ.</exception>
    public static TextConditioning Encode(
        StableDiffusion model,
        IReadOnlyList<string> prompts,
        int clipSkip = 1,
        IReadOnlyList<string>? secondPrompts = null,
        Device? device = null,
        int pieces = 1) =>
        new PlainEncoding(pieces * PromptLength.Piece).Encode(model, prompts, clipSkip, secondPrompts, device, pieces);
}
