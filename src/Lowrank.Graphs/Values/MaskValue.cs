namespace Lowrank.Graphs;

/// <summary>Masks between nodes.</summary>
/// <param name="Mask">(N, H, W), float32 on the CPU, 0 to 1.</param>
public sealed record MaskValue(Tensor Mask) : GraphValue
{
    /// <inheritdoc/>
    public override string Type => GraphTypes.Mask;

    /// <inheritdoc/>
    public override IEnumerable<Tensor> Tensors => [Mask];
}
