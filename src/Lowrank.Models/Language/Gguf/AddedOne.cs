namespace Lowrank.Models;

/// <summary>Scales of norms, of which published files hold what they differ from 1 by.</summary>
sealed class AddedOne : GgufChange
{
    public override Tensor ToOwn(Tensor stored, GgufShape model) => stored.to(ScalarType.Float32) - 1;

    public override Tensor ToStored(Tensor own, GgufShape model) => own.to(ScalarType.Float32) + 1;

    public override KeptWeight Kept(GgufShape model) => new() { Added = 1 };
}
