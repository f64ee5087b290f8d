namespace Lowrank.Adapters;

/// <summary>
/// Files that have no place for a LoRA's alpha: the scale is multiplied into up, and what is read has the rank as its alpha.
/// </summary>
public class BakedAlphaLayout : PartLayout
{
    /// <summary>The one that does nothing else.</summary>
    public static BakedAlphaLayout Only { get; } = new();

    /// <inheritdoc/>
    public override bool LeavesOut(Reparameterization made, string part) => IsLora(made) && part == "alpha";

    /// <inheritdoc/>
    public override Tensor Write(Reparameterization made, string part, Tensor value)
    {
        if (!IsLora(made) || part is not ("up" or TrainedBias.AddedPart)) return base.Write(made, part, value);
        var parts = made.Parts.ToDictionary(p => p.Part, p => p.Value);
        double scale = parts["alpha"].ToDouble() / parts["down"].shape[0];
        return scale == 1 ? value : value * scale;
    }

    static bool IsLora(Reparameterization made) => Spelling.StoredMethod(made) == Lora.Descriptor;
}
