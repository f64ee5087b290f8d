namespace Lowrank.Graphs;

/// <summary>Pictures between nodes.</summary>
/// <param name="Pixels">(N, H, W, C), float32 on the CPU, 0 to 1.</param>
public sealed record ImageValue(Tensor Pixels) : GraphValue
{
    /// <inheritdoc/>
    public override string Type => GraphTypes.Image;

    /// <inheritdoc/>
    public override IEnumerable<Tensor> Tensors => [Pixels];
}
