namespace Lowrank.Models;

/// <summary>Weights (out, in) of layers whose published ones are (in, out).</summary>
sealed class TurnedWeight : GgufChange
{
    public override long[] OwnShape(long[] stored, GgufShape model) => [.. stored.Reverse()];

    public override Tensor ToOwn(Tensor stored, GgufShape model) => Turned(stored);

    public override IPackedMatrix ToOwn(IPackedMatrix stored, GgufShape model) => new TransposedMatrix(stored);

    public override Tensor ToStored(Tensor own, GgufShape model) => Turned(own);

    static Tensor Turned(Tensor value) => value.dim() == 2 ? value.t().contiguous() : value;
}
