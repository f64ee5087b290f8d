namespace Lowrank.Adapters;

/// <summary>
/// DoRA's magnitudes are PEFT's, over outputs, and beside them there is no alpha: what would stand there is multiplied into up.
/// </summary>
sealed class AiToolkitLayout : BakedAlphaLayout
{
    /// <inheritdoc/>
    public override StoredParts Read(FiledLayer layer, Target target, IReadOnlyDictionary<string, Tensor> parts, Initialization begin) =>
        parts.ContainsKey(Dora.Part) ? new StoredParts(parts, PeftConfig.Empty, begin) : base.Read(layer, target, parts, begin);

    /// <inheritdoc/>
    public override bool LeavesOut(Reparameterization made, string part) => HasMagnitudes(made) && base.LeavesOut(made, part);

    /// <inheritdoc/>
    public override Tensor Write(Reparameterization made, string part, Tensor value)
    {
        if (part == Dora.Part) return value.reshape(-1);
        return HasMagnitudes(made) ? base.Write(made, part, value) : Plain.Write(made, part, value);
    }

    static bool HasMagnitudes(Reparameterization made) => made.Parts.Any(p => p.Part == Dora.Part);
}
