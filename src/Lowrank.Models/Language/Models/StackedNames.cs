namespace Lowrank.Models;

/// <summary>A tensor (E, rows, columns) of all experts that files may hold as matrices of one expert each.</summary>
/// <param name="own">The own name; <c>{}</c> is the layer.</param>
/// <param name="pieces">The stored names of one expert's matrices, whose rows follow each other: the first <c>{}</c> is the layer, the
/// second the expert.</param>
sealed class StackedNames(string own, params string[] pieces)
{
    readonly NumberPattern own = new(own);
    readonly NumberPattern matrix = new(own.Insert(own.LastIndexOf('.'), ".{}"));
    readonly NumberPattern[] pieces = [.. pieces.Select(piece => new NumberPattern(piece))];

    /// <summary>The stored names of the matrices that one expert's is made of, by its path; null for any other layer.</summary>
    /// <param name="path">The layer's own path: the tensor's, with the expert before its last part.</param>
    public IReadOnlyList<string>? OfMatrix(string path) =>
        matrix.NumbersIn(path) is { } numbers ? [.. pieces.Select(piece => piece.With(numbers))] : null;

    /// <summary>The pieces of an own tensor; null where it is none of these.</summary>
    public IReadOnlyList<WeightPiece>? Of(string name, long[] shape)
    {
        if (own.NumbersIn(name) is not { } layer) return null;
        long rows = shape[1] / pieces.Length;
        return
        [
            .. from expert in Enumerable.Range(0, (int)shape[0])
               from piece in Enumerable.Range(0, pieces.Length)
               select new WeightPiece(pieces[piece].With([.. layer, $"{expert}"]), [rows, .. shape[2..]], expert, piece * rows),
        ];
    }
}
