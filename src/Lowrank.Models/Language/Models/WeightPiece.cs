namespace Lowrank.Models;

/// <summary>A stored tensor, and where in a parameter it goes.</summary>
/// <param name="Stored">Its name in the file.</param>
/// <param name="Shape">The shape it must have.</param>
/// <param name="Slice">The place along the first axis; null for the whole parameter.</param>
/// <param name="Row">In that place, the first row.</param>
sealed record WeightPiece(string Stored, long[] Shape, int? Slice = null, long Row = 0)
{
    /// <summary>Copies it there.</summary>
    public void Fill(Tensor parameter, Tensor value)
    {
        var place = Slice is { } slice ? parameter.select(0, slice).narrow(0, Row, Shape[0]) : parameter;
        place.copy_(value);
    }
}
