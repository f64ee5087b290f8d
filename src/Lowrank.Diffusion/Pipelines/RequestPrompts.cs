using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>The prompts of a request, read and encoded; a row for each prompt.</summary>
/// <param name="Positive">What pictures are to show.</param>
/// <param name="Negative">What they are not to show; null where the guider does not ask.</param>
sealed record RequestPrompts(StepTimeline<TextConditioning> Positive, StepTimeline<TextConditioning>? Negative)
{
    /// <summary>Reads and encodes them.</summary>
    public static RequestPrompts Encode(StableDiffusion model, GenerateOptions options, Device device)
    {
        int pieces = Pieces(model, options);
        var positive = PromptEncoder.Encode(model, Plans(options.Prompts)!, options.ClipSkip, Plans(options.SecondPrompts), device, pieces);
        if (!options.Guider.AsksNegative) return new(positive, null);
        bool isMissing = options.NegativePrompts is null && options.NegativePrompt is null;
        if (isMissing && model.ForceZerosForEmptyPrompt) return new(positive, new(positive.Turns, step => positive.At(step).Zeros()));
        var negatives = options.NegativePrompts ?? [.. options.Prompts.Select(_ => options.NegativePrompt ?? "")];
        int skip = options.NegativeClipSkip ?? options.ClipSkip;
        return new(positive, PromptEncoder.Encode(model, Plans(negatives)!, skip, Plans(options.SecondNegativePrompts), device, pieces));

        IReadOnlyList<PromptPlan>? Plans(IReadOnlyList<string>? prompts) =>
            prompts is null ? null : [.. prompts.Select(prompt => options.Syntax.Read(prompt, options.Steps))];
    }

    /// <summary>In how many pieces of 75 tokens the prompts are encoded.</summary>
    public static int Pieces(StableDiffusion model, GenerateOptions options) =>
        PromptLength.Pieces(model, Texts(options), options.MaxTokens);

    // Both sides of guidance have one length.
    static IEnumerable<string> Texts(GenerateOptions options)
    {
        IEnumerable<string> texts = [.. options.Prompts, .. options.SecondPrompts ?? []];
        if (!options.Guider.AsksNegative) return texts;
        return [.. texts, .. options.NegativePrompts ?? [options.NegativePrompt ?? ""], .. options.SecondNegativePrompts ?? []];
    }

    /// <summary>What the network is told in each step of a run.</summary>
    /// <param name="network">The network.</param>
    /// <param name="rows">Numbers of the prompts, one for each picture of the run.</param>
    /// <param name="sizes">Sizes that XL is told.</param>
    /// <param name="negativeSizes">The same for negative prompts.</param>
    /// <param name="beside">Channels that the network is shown beside the latents; null for none.</param>
    public StepTimeline<PromptConditions> For(
        DenoisingNetwork network, IReadOnlyList<int> rows, SizeConditions sizes, SizeConditions negativeSizes, Tensor? beside) =>
        new([.. Positive.Turns, .. Negative?.Turns ?? []], step => new(
            network.ConditionOf(Positive.At(step).Rows(rows), sizes, beside),
            Negative is null ? null : network.ConditionOf(Negative.At(step).Rows(rows), negativeSizes, beside)));
}
