namespace Lowrank.Models;

/// <summary>A change of layers' weights as one of the stored tensors in which they lie: slices of a stack, or rows of a weight.</summary>
sealed class PiecedEdit
{
    readonly WeightEdit edit;
    readonly PartWeights part;
    readonly ILookup<string, (string Own, StoredPiece Piece)> pieces;
    readonly Dictionary<string, string> storedBy = [];

    /// <summary>Of a change by layers.</summary>
    /// <param name="edit">The change, by the names that layers' weights have.</param>
    /// <param name="part">The weights.</param>
    public PiecedEdit(WeightEdit edit, PartWeights part)
    {
        (this.edit, this.part) = (edit, part);
        pieces = part.Pieces.SelectMany(pair => pair.Value.Select(piece => (pair.Key, piece))).ToLookup(one => one.piece.Stored);
        foreach (var (own, stored) in part.Stored) storedBy[Below(own)] = stored;
        foreach (var stored in pieces.Where(stored => !part.Stored.Values.Contains(stored.Key))) storedBy[Below(stored.Key)] = stored.Key;
    }

    string Below(string own) => $"{part.Component}.{own}";

    /// <summary>By which names the change asks for a stored tensor.</summary>
    public ILookup<string, string> Names => storedBy.ToLookup(pair => pair.Value, pair => pair.Key);

    /// <summary>The change of stored tensors.</summary>
    public WeightEdit Whole => new(name => IsTouchedWhole(name) || Touched(name).Any(), Change);

    // The name of a stored piece may be that of the layer whose weight it is.
    bool IsTouchedWhole(string name) => part.Stored.ContainsKey(name[(part.Component.Length + 1)..]) && edit.Touches(name);

    IEnumerable<(string Own, StoredPiece Piece)> Touched(string name) =>
        storedBy.TryGetValue(name, out var stored) ? pieces[stored].Where(one => edit.Touches(Below(one.Own))) : [];

    Tensor Change(string name, Tensor wide)
    {
        if (IsTouchedWhole(name)) wide = edit.Change(name, wide);
        foreach (var (own, piece) in Touched(name))
        {
            using var scope = NewDisposeScope();
            var place = piece.Of(wide);
            bool isWhole = part.Pieces[own].Count == 1;
            var before = isWhole ? place.clone() : part.Read(own)!.to(wide.dtype);
            var changed = edit.Change(Below(own), before);
            place.copy_(isWhole ? changed : changed.narrow(0, piece.Row, place.shape[0]));
        }
        return wide;
    }
}
