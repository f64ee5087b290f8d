namespace Lowrank.Models;

/// <summary>A layer's weight, or some rows of it, in a stored tensor.</summary>
/// <param name="Stored">The tensor's name in the file.</param>
/// <param name="Slice">The place along its first axis where the tensor holds several layers; null where it is this layer's alone.</param>
/// <param name="Row">The first row that it is in the layer's weight.</param>
public sealed record StoredPiece(string Stored, int? Slice, long Row)
{
    /// <summary>The layer's part of the stored tensor, in its memory.</summary>
    public Tensor Of(Tensor stored) => Slice is { } slice ? stored.select(0, slice) : stored.alias();
}
