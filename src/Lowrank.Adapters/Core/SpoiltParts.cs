namespace Lowrank.Adapters;

/// <summary>Parts that hold NaN or infinity: whatever is made with them would hold NaN everywhere.</summary>
static class SpoiltParts
{
    /// <summary>Throws where a part is not finite.</summary>
    /// <param name="one">At a target.</param>
    /// <param name="adapter">Its adapter's name; null where it has none.</param>
    /// <param name="doing">What cannot be done: "combined".</param>
    /// <exception cref="LowrankException">One is; the part and the layer are named.</exception>
    public static void Refuse(Reparameterization one, string? adapter, string doing)
    {
        foreach (var (part, value) in one.named_parameters().Select(p => (p.name, (Tensor)p.parameter)).Concat(one.named_buffers()))
        {
            if (one.HoldsInfinity ? ValueRange.AreNumbers(value) : ValueRange.AreFinite(value)) continue;
            string whose = adapter is null ? "an adapter" : $"\"{adapter}\"";
            throw new LowrankException($"the part {part} of {whose} holds NaN or infinity at {one.Target}, and cannot be {doing}: its " +
                "training has diverged, or its file is damaged. Take an earlier checkpoint, or leave that adapter out.");
        }
    }
}
