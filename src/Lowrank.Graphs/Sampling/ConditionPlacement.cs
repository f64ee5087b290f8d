namespace Lowrank.Graphs;

/// <summary>Makes conditions ready for a run over latents of one size.</summary>
/// <remarks>After ComfyUI's comfy/samplers.py (a125cd8), process_conds and get_area_and_mult.</remarks>
/// <param name="network">The network that is told them.</param>
/// <param name="config">Its shape.</param>
/// <param name="sampling">Turns shares of the way into sigmas.</param>
/// <param name="latents">What is sampled from, scaled as the network sees it, (N, C, H, W).</param>
/// <param name="shown">What inpainting networks are shown.</param>
/// <param name="device">Where the network lies.</param>
sealed class ConditionPlacement(
    DenoisingNetwork network, UNetConfig config, ModelSampling sampling, Tensor latents, ShownPicture shown, Device device)
{
    // Latent pixels over which an area fades towards sides that are not the picture's.
    const long fade = 8;

    const long leastSide = 8;

    long Height => latents.shape[2];

    long Width => latents.shape[3];

    /// <summary>The conditions of every side.</summary>
    /// <remarks>
    /// For every area on one side the other sides get a condition of that area too, with the text of their smallest one around it, so that
    /// guidance compares like with like.
    /// </remarks>
    /// <param name="sides">Conditions by side; a side may have none.</param>
    /// <param name="negative">The side that is what pictures are not to show; null for none.</param>
    public IReadOnlyList<IReadOnlyList<PlacedCondition>> Place(IReadOnlyList<ConditioningValue> sides, int? negative)
    {
        var drafts = sides.Select(side => side.Conditions.Select(Resolved).ToList()).ToList();
        foreach (var own in drafts)
            for (int i = 0; i < own.Count; i++)
                foreach (var other in drafts)
                    if (other != own && Matching(other, own[i]) is { } match) other.Add(match);
        return [.. drafts.Select((side, i) => side.Select(draft => Placed(draft, i == negative)).ToList())];
    }

    sealed record Draft(Condition Condition, LatentArea? Area, Tensor? Mask, Tensor Tokens);

    Draft Resolved(Condition condition)
    {
        var area = condition.Area?.In(Height, Width);
        if (condition.Mask is not { } mask) return new(condition, area, null, condition.Tokens);
        var own = LatentSizes.Bilinear(mask.unsqueeze(1), Height, Width).squeeze(1).to(device);   // (M, H, W)
        return new(condition, condition.WithinMaskBounds ? Bounds(own) : area, own, condition.Tokens);
    }

    static LatentArea Bounds(Tensor mask)
    {
        using var scope = NewDisposeScope();
        var places = mask.abs().amax([0]).nonzero();   // (places, 2)
        if (places.shape[0] == 0) return new(leastSide, leastSide, 0, 0);   // it weighs nothing anyway
        var (rows, columns) = (places.select(1, 0), places.select(1, 1));
        long top = rows.min().ToInt64(), left = columns.min().ToInt64();
        long height = rows.max().ToInt64() - top + 1, width = columns.max().ToInt64() - left + 1;
        return new(Math.Max(leastSide, height), Math.Max(leastSide, width), top, left);
    }

    static Draft? Matching(IReadOnlyList<Draft> others, Draft own)
    {
        if (own.Area is not { } area) return null;
        Draft? smallest = null;
        foreach (var other in others)
        {
            bool isCloser = other.Area is { } around
                ? area.IsInside(around) && !(smallest?.Area?.Places <= around.Places)
                : smallest is null;
            if (isCloser) smallest = other;
        }
        return smallest is null || smallest.Area == area ? null : own with { Tokens = smallest.Tokens };
    }

    PlacedCondition Placed(Draft draft, bool isNegative)
    {
        var condition = draft.Condition;
        var area = draft.Area?.Within(Height, Width);
        var (start, end) = Range(condition);
        return new(Told(draft, isNegative), area, Weight(draft, area))
        {
            From = start is { } share ? sampling.SigmaOfShare(share) : double.PositiveInfinity,
            Until = end is { } last ? sampling.SigmaOfShare(last) : double.NegativeInfinity,
            Hooks = condition.Hooks,
            Shown = shown.Of(condition),
            IsDefault = condition.IsDefault,
        };
    }

    static (double? Start, double? End) Range(Condition condition)
    {
        if (condition.EncodedFor is not { } encoded) return (condition.Range?.Start, condition.Range?.End);
        return (Math.Max(encoded.Start, condition.Range?.Start ?? 0), Math.Min(encoded.End, condition.Range?.End ?? 1));
    }

    NetworkCondition Told(Draft draft, bool isNegative)
    {
        long rows = latents.shape[0];
        var pooled = config.AddedInputWidth is null ? null : draft.Condition.Pooled
            ?? throw new LowrankException("A condition has no pooled text, which this network (Stable Diffusion XL) wants. " +
                "Was it encoded by the text encoders of another model?");
        var text = new TextConditioning(Rows(draft.Tokens), pooled is null ? null : Rows(pooled));
        var sizes = draft.Condition.Sizes ?? SizeConditions.Of((int)Width * 8, (int)Height * 8);
        return network.ConditionOf(text, sizes, isNegative: isNegative);

        Tensor Rows(Tensor x) => LatentSizes.Repeated(x.to(device), rows);
    }

    Tensor Weight(Draft draft, LatentArea? area)
    {
        var condition = draft.Condition;
        if (draft.Mask is { } mask)
        {
            mask = mask.narrow(0, 0, Math.Min(mask.shape[0], latents.shape[0]));
            var own = area is { } part ? part.Of(mask.unsqueeze(1)) : mask.unsqueeze(1);
            long times = Math.Max(1, latents.shape[0] / own.shape[0]);
            return own.repeat(times, 1, 1, 1) * (condition.MaskStrength * condition.Strength);
        }
        long height = area?.Height ?? Height, width = area?.Width ?? Width;
        var weight = ones([1, 1, height, width], dtype: ScalarType.Float32, device: device) * condition.Strength;
        if (area is not { } rectangle) return weight;
        Fade(weight, 2, fromStart: rectangle.Top != 0, fromEnd: rectangle.Top + height < Height);
        Fade(weight, 3, fromStart: rectangle.Left != 0, fromEnd: rectangle.Left + width < Width);
        return weight;
    }

    static void Fade(Tensor weight, int axis, bool fromStart, bool fromEnd)
    {
        long steps = Math.Min(fade, weight.shape[axis] / 4);
        for (long i = 0; i < steps; i++)
        {
            double share = (double)(i + 1) / steps;
            if (fromStart) weight.narrow(axis, i, 1).mul_(share);
            if (fromEnd) weight.narrow(axis, weight.shape[axis] - 1 - i, 1).mul_(share);
        }
    }
}
