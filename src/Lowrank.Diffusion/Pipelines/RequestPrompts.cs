using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>The prompts of a request, read and encoded.</summary>
public sealed class RequestPrompts
{
    readonly PromptEncoding encoding;
    readonly IReadOnlyList<IReadOnlyList<EncodedPart>> positive;
    // Null where the guider does not ask; a null within means zeros.
    readonly IReadOnlyList<EncodedPart?>? negative;

    RequestPrompts(
        PromptEncoding encoding, IReadOnlyList<IReadOnlyList<EncodedPart>> positive, IReadOnlyList<EncodedPart?>? negative) =>
        (this.encoding, this.positive, this.negative) = (encoding, positive, negative);

    /// <summary>Reads and encodes them.</summary>
    /// <param name="model">The model whose encoders are asked.</param>
    /// <param name="options">The request.</param>
    /// <param name="device">Where the encoders lie.</param>
    /// <param name="pass">The evaluations that they are read for.</param>
    public static RequestPrompts Encode(StableDiffusion model, GenerateOptions options, Device device, PromptPass pass)
    {
        var encoding = options.Encoding;
        int chunks = encoding.PadsRequest ? Chunks(model, options) : 1;
        // 1 is what nobody says: each program's own layer.
        int? skip = options.ClipSkip == 1 ? null : options.ClipSkip;
        var positive = options.Prompts.Select((prompt, i) => Positive(prompt, options.SecondPrompts?[i])).ToList();
        if (!options.Guider.AsksNegative) return new(encoding, positive, null);
        return new(encoding, positive, [.. options.Prompts.Select((_, i) => Negative(i))]);

        IReadOnlyList<EncodedPart> Positive(string prompt, string? second)
        {
            var plan = options.Syntax.Read(prompt, pass);
            var secondPlan = second is null ? null : options.Syntax.Read(second, pass);
            if (secondPlan is not null && secondPlan.Parts.Count != plan.Parts.Count)
                throw new LowrankException(
                    $"The prompt joins {plan.Parts.Count} prompts and the second one {secondPlan.Parts.Count}; the numbers must be equal.");
            return [.. plan.Parts.Select((part, i) => new EncodedPart(model, encoding, part, secondPlan?.Parts[i], skip, device, chunks))];
        }

        EncodedPart? Negative(int i)
        {
            string? given = options.NegativePrompts?[i] ?? options.NegativePrompt, second = options.SecondNegativePrompts?[i];
            if (second is null && encoding.TakesZeros(model, given)) return null;
            var plan = options.Syntax.ReadNegative(given ?? "", pass);
            var secondPlan = second is null || given is null ? null : options.Syntax.ReadNegative(second, pass);
            int? own = options.NegativeClipSkip is { } negativeSkip ? negativeSkip == 1 ? null : negativeSkip : skip;
            return new(model, encoding, plan.Parts[0], secondPlan?.Parts[0], own, device, chunks);
        }
    }

    /// <summary>Chunks of the longest of a request's texts.</summary>
    public static int Chunks(StableDiffusion model, GenerateOptions options) =>
        options.Encoding.ChunksOf(model, Said(model, options));

    /// <summary>Chunks of each part of a request's first prompt, and of what all are padded to or the negative prompt.</summary>
    public static string Shape(StableDiffusion model, GenerateOptions options)
    {
        var parts = options.Syntax.Read(options.Prompt, new PromptPass(options.Steps)).Parts;
        var own = parts.Select(part => options.Encoding.ChunksOf(model, [.. part.Turns.Select(turn => turn.Text)]));
        return string.Join(' ', own.Append(Chunks(model, options)));
    }

    static string[] Said(StableDiffusion model, GenerateOptions options)
    {
        var pass = new PromptPass(options.Steps);
        var plans = options.Prompts.Concat(options.SecondPrompts ?? []).Select(prompt => options.Syntax.Read(prompt, pass));
        IEnumerable<string> negatives = !options.Guider.AsksNegative ? []
            : [.. options.NegativePrompts ?? [options.NegativePrompt ?? ""], .. options.SecondNegativePrompts ?? []];
        var negativePlans = negatives.Select(prompt => options.Syntax.ReadNegative(prompt, pass));
        return [.. plans.Concat(negativePlans).SelectMany(plan => plan.Texts).Distinct()];
    }

    /// <summary>What the network is told in each evaluation of a run.</summary>
    /// <param name="network">The network.</param>
    /// <param name="rows">Numbers of the prompts, one for each picture of the run.</param>
    /// <param name="sizes">Sizes that XL is told.</param>
    /// <param name="negativeSizes">The same for negative prompts.</param>
    /// <param name="beside">Channels that the network is shown beside the latents; null for none.</param>
    public StepTimeline<PromptConditions> For(
        DenoisingNetwork network, IReadOnlyList<int> rows, SizeConditions sizes, SizeConditions negativeSizes, Tensor? beside)
    {
        EncodedPart[] parts = [.. rows.SelectMany(row => positive[row])];
        EncodedPart?[]? against = negative is null ? null : [.. rows.Select(row => negative[row])];
        IReadOnlyList<double>[] weights = [.. rows.Select(row => positive[row].Select(part => part.Weight).ToArray())];
        EncodedPart[] all = [.. parts, .. (against ?? []).OfType<EncodedPart>()];
        var besideParts = beside?.index_select(0, Owners(rows, beside.device));
        // Words that alternate come back to what was told before.
        var known = new Dictionary<string, PromptConditions>();
        return new(all.SelectMany(part => part.Changes), evaluation =>
        {
            string said = string.Join(' ', all.Select(part => part.RowAt(evaluation)));
            if (!known.TryGetValue(said, out var told)) known[said] = told = Told(evaluation);
            return told;
        });

        PromptConditions Told(int evaluation) => new(
            network.ConditionOf(Joined([.. parts.Select(part => part.At(evaluation))]), sizes, besideParts),
            against is null ? null : network.ConditionOf(
                Joined([.. against.Select(part => part?.At(evaluation) ?? EncodedPart.ZerosLike(parts[0]))]),
                negativeSizes, beside, isNegative: true),
            weights);
    }

    // For each part of each picture's prompt the picture.
    Tensor Owners(IReadOnlyList<int> rows, Device device) =>
        tensor(rows.SelectMany((row, picture) => positive[row].Select(_ => (long)picture)).ToArray(), device: device);

    TextConditioning Joined(IReadOnlyList<TextConditioning> texts)
    {
        var contexts = encoding.Evened([.. texts.Select(text => text.Context)]);
        return new(cat(contexts.ToArray()), texts[0].Pooled is null ? null : cat(texts.Select(text => text.Pooled!).ToArray()));
    }
}
