using Lowrank.Models;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Lowrank.Diffusion;

/// <summary>Prompts to what a denoising network is conditioned on.</summary>
/// <remarks>
/// SD 1 and 2 take the encoder's last state after the final norm (SD 2's encoder comes without its last layer). XL joins the last state but
/// one of both encoders, without norm, and adds the second one's projected pooled state.
/// </remarks>
public static class PromptEncoder
{
    /// <summary>Encodes plans once for each step at which one of them turns to another text.</summary>
    /// <param name="model">The model whose encoders are asked.</param>
    /// <param name="plans">One per row.</param>
    /// <param name="clipSkip">
    /// How many layers from the end the state is taken, as web UIs count: 1 is the last. XL does not heed it.
    /// </param>
    /// <param name="secondPlans">For XL's second encoder; null means the same.</param>
    /// <param name="device">Where the encoders lie; null means the CPU.</param>
    /// <param name="pieces">In how many pieces of 75 tokens each prompt is encoded.</param>
    /// <returns>Tensors of the caller's scope, in the encoders' dtype.</returns>
    /// <exception cref="LowrankException">A plan gives weights, clipSkip is out of range, or the numbers of prompts differ.</exception>
    public static StepTimeline<TextConditioning> Encode(
        StableDiffusion model,
        IReadOnlyList<PromptPlan> plans,
        int clipSkip = 1,
        IReadOnlyList<PromptPlan>? secondPlans = null,
        Device? device = null,
        int pieces = 1)
    {
        var turns = plans.Concat(secondPlans ?? []).SelectMany(plan => plan.Turns);
        return new(turns, step => Encode(model, Said(plans, step), clipSkip, Said(secondPlans, step), device, pieces));
    }

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
        int pieces = 1)
    {
        if (clipSkip < 1 || clipSkip > model.TextEncoder.Config.Layers)
            throw new LowrankException(
                $"Clip skip is {clipSkip}; this text encoder can skip 1 (none) to {model.TextEncoder.Config.Layers}.");
        if (secondPrompts is not null && secondPrompts.Count != prompts.Count)
            throw new LowrankException(
                $"{prompts.Count} prompts and {secondPrompts.Count} second prompts were given; the numbers must be equal.");
        using var scope = NewDisposeScope();
        var first = model.TextEncoder.Run(Ids(model.Tokenizer, prompts, device, pieces));
        if (model.TextEncoder2 is not { } second)
        {
            var state = clipSkip == 1 ? first.LastHiddenState : model.TextEncoder.FinalNorm(first.HiddenStates[^clipSkip]);
            return new(scope.MoveToOuter(InARow(state, pieces)), null);
        }
        var last = second.Run(Ids(model.Tokenizer2!, secondPrompts ?? prompts, device, pieces));
        var context = cat([first.HiddenStates[^2], last.HiddenStates[^2]], -1);
        var pooled = last.TextEmbeds!.view(prompts.Count, pieces, -1).select(1, 0);
        return new(scope.MoveToOuter(InARow(context, pieces)), scope.MoveToOuter(pooled));
    }

    [return: NotNullIfNotNull(nameof(plans))]
    static IReadOnlyList<string>? Said(IReadOnlyList<PromptPlan>? plans, int step) =>
        plans is null ? null : [.. plans.Select(plan => string.Concat(plan.At(step).Select(Unweighted)))];

    static string Unweighted(PromptPiece piece) => piece.Weight == 1 ? piece.Text : throw new LowrankException(string.Create(
        CultureInfo.InvariantCulture,
        $"The prompt gives \"{piece.Text}\" the weight {piece.Weight:g}, and every word is encoded with the weight 1 here. ") +
        "Leave the weight out.");

    // (B·pieces, T): a row for each piece.
    static Tensor Ids(ClipTokenizer tokenizer, IReadOnlyList<string> prompts, Device? device, int pieces)
    {
        long[] ids = [.. prompts.SelectMany(prompt => tokenizer.EncodePieces(prompt, pieces))];
        return tensor(ids, device: device ?? CPU).reshape(prompts.Count * pieces, tokenizer.Length);
    }

    // (B·pieces, T, C) → (B, pieces·T, C)
    static Tensor InARow(Tensor states, int pieces)
    {
        var (rows, tokens, channels) = states.shape;
        return pieces == 1 ? states : states.reshape(rows / pieces, pieces * tokens, channels);
    }
}
