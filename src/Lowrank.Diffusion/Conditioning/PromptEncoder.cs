using System.Diagnostics.CodeAnalysis;
using Lowrank.Models;

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
    /// <returns>Tensors of the caller's scope, in the encoders' dtype.</returns>
    /// <exception cref="LowrankException">A plan gives weights, clipSkip is out of range, or the numbers of prompts differ.</exception>
    public static StepTimeline<TextConditioning> Encode(
        StableDiffusion model,
        IReadOnlyList<PromptPlan> plans,
        int clipSkip = 1,
        IReadOnlyList<PromptPlan>? secondPlans = null,
        Device? device = null)
    {
        var turns = plans.Concat(secondPlans ?? []).SelectMany(plan => plan.Turns);
        return new(turns, step => Encode(model, Said(plans, step), clipSkip, Said(secondPlans, step), device));
    }

    /// <summary>
    /// Encodes prompts, each cut or padded to the tokenizer's length (77 with begin and end). Gradients reach the encoders unless the
    /// caller turns them off.
    /// </summary>
    /// <param name="model">The model whose encoders are asked.</param>
    /// <param name="prompts">One per row.</param>
    /// <param name="clipSkip">
    /// How many layers from the end the state is taken, as web UIs count: 1 is the last. XL does not heed it.
    /// </param>
    /// <param name="secondPrompts">For XL's second encoder; null means the same.</param>
    /// <param name="device">Where the encoders lie; null means the CPU.</param>
    /// <returns>Tensors of the caller's scope, in the encoders' dtype.</returns>
    /// <exception cref="LowrankException">clipSkip is not between 1 and the number of layers, or the numbers of prompts differ.</exception>
    public static TextConditioning Encode(
        StableDiffusion model,
        IReadOnlyList<string> prompts,
        int clipSkip = 1,
        IReadOnlyList<string>? secondPrompts = null,
        Device? device = null)
    {
        if (clipSkip < 1 || clipSkip > model.TextEncoder.Config.Layers)
            throw new LowrankException(
                $"Clip skip is {clipSkip}; this text encoder can skip 1 (none) to {model.TextEncoder.Config.Layers}.");
        if (secondPrompts is not null && secondPrompts.Count != prompts.Count)
            throw new LowrankException(
                $"{prompts.Count} prompts and {secondPrompts.Count} second prompts were given; the numbers must be equal.");
        using var scope = NewDisposeScope();
        var first = model.TextEncoder.Run(Ids(model.Tokenizer, prompts, device));
        if (model.TextEncoder2 is not { } second)
        {
            var state = clipSkip == 1 ? first.LastHiddenState : model.TextEncoder.FinalNorm(first.HiddenStates[^clipSkip]);
            return new(scope.MoveToOuter(state), null);
        }
        var last = second.Run(Ids(model.Tokenizer2!, secondPrompts ?? prompts, device));
        var context = cat([first.HiddenStates[^2], last.HiddenStates[^2]], -1);
        return new(scope.MoveToOuter(context), scope.MoveToOuter(last.TextEmbeds!));
    }

    [return: NotNullIfNotNull(nameof(plans))]
    static IReadOnlyList<string>? Said(IReadOnlyList<PromptPlan>? plans, int step) =>
        plans is null ? null : [.. plans.Select(plan => string.Concat(plan.At(step).Select(Unweighted)))];

    static string Unweighted(PromptPiece piece) => piece.Weight == 1 ? piece.Text : throw new LowrankException(
        $"The prompt gives \"{piece.Text}\" the weight {piece.Weight:g}, and every word is encoded with the weight 1 here. " +
        "Leave the weight out.");

    static Tensor Ids(ClipTokenizer tokenizer, IReadOnlyList<string> prompts, Device? device) =>
        tensor(prompts.SelectMany(tokenizer.Encode).ToArray(), device: device ?? CPU).reshape(prompts.Count, tokenizer.Length);
}
