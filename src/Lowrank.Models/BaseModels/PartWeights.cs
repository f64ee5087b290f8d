namespace Lowrank.Models;

/// <summary>The weights of one component where they lie.</summary>
/// <param name="Component">The component's name.</param>
/// <param name="File">The open file.</param>
/// <param name="Stored">Names in the file by the module's own.</param>
public sealed record PartWeights(string Component, ITensorFile File, IReadOnlyDictionary<string, string> Stored)
{
    /// <summary>Weights of layers that are no stored tensor of their own, by the names that they would have: experts' matrices.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<StoredPiece>> Pieces { get; init; } =
        new Dictionary<string, IReadOnlyList<StoredPiece>>();

    /// <summary>Whether a weight is there, by its own name.</summary>
    public bool Has(string own) => Stored.ContainsKey(own) || Pieces.ContainsKey(own);

    /// <summary>A weight by its own name, in its stored dtype; null where there is none.</summary>
    public Tensor? Read(string own)
    {
        if (Stored.TryGetValue(own, out var key)) return File.Read(key);
        if (!Pieces.TryGetValue(own, out var pieces)) return null;
        using var scope = NewDisposeScope();
        var read = pieces.OrderBy(piece => piece.Row).Select(piece => piece.Of(File.Read(piece.Stored))).ToList();
        return scope.MoveToOuter(read is [var one] ? one.clone() : cat(read));
    }

    /// <summary>The file's tensors that are the component's.</summary>
    public IEnumerable<TensorInfo> Tensors
    {
        get
        {
            var names = Stored.Values.Concat(Pieces.Values.SelectMany(pieces => pieces).Select(piece => piece.Stored)).ToHashSet();
            return File.Tensors.Where(tensor => names.Contains(tensor.Name));
        }
    }
}
