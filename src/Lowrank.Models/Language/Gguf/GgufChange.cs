namespace Lowrank.Models;

/// <summary>How a layer's numbers lie in GGUF files otherwise than in published ones: both ways, and the same for weights that stay in few
/// bits. This one changes nothing.</summary>
class GgufChange
{
    /// <summary>Numbers lie as they are published.</summary>
    public static GgufChange None { get; } = new();

    /// <summary>The published shape of a tensor that is stored in that one.</summary>
    public virtual long[] OwnShape(long[] stored, GgufShape model) => stored;

    /// <summary>The published numbers of stored ones.</summary>
    public virtual Tensor ToOwn(Tensor stored, GgufShape model) => stored;

    /// <summary>The same of a matrix in few bits, which is taken over.</summary>
    public virtual IPackedMatrix ToOwn(IPackedMatrix stored, GgufShape model) => stored;

    /// <summary>The same for those who add to a weight, or put another in its place: adapters.</summary>
    public virtual KeptWeight Kept(GgufShape model) => KeptWeight.AsIs;

    /// <summary>The numbers to store of published ones.</summary>
    public virtual Tensor ToStored(Tensor own, GgufShape model) => own;
}
