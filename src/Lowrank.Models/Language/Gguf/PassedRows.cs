namespace Lowrank.Models;

/// <summary>A table of positions without the rows before that of position 0, which nothing but pads would read.</summary>
sealed class PassedRows : GgufChange
{
    public override long[] OwnShape(long[] stored, GgufShape model) => [stored[0] + model.PassedRows, .. stored[1..]];

    public override Tensor ToOwn(Tensor stored, GgufShape model) =>
        cat([zeros([model.PassedRows, .. stored.shape[1..]], stored.dtype, stored.device), stored], 0);

    public override Tensor ToStored(Tensor own, GgufShape model) => own.narrow(0, model.PassedRows, own.shape[0] - model.PassedRows);
}
