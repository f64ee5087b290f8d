namespace Lowrank.Models;

/// <summary>Rows of queries and keys whose numbers that turn together stand side by side, as llama.cpp's own models have them.</summary>
sealed class PairedHeads : GgufChange
{
    public override Tensor ToOwn(Tensor stored, GgufShape model) => new PairedRows(model.HeadDim).HalfApart(stored);

    public override IPackedMatrix ToOwn(IPackedMatrix stored, GgufShape model) => new PairedMatrix(stored, new(model.HeadDim));

    public override Tensor ToStored(Tensor own, GgufShape model) => new PairedRows(model.HeadDim).SideBySide(own);

    public override KeptWeight Kept(GgufShape model) =>
        new() { RowsToOther = own => ToStored(own, model), RowsToOwn = stored => ToOwn(stored, model) };
}
