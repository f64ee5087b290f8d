namespace Lowrank.Adapters;

/// <summary>What a tensor of a file may be.</summary>
/// <param name="Meanings">Its part's name in each method that has its ending; an empty method stands for every method.</param>
/// <param name="Tensor">The tensor.</param>
sealed record InspectedPart(IReadOnlyList<(string Method, string Name)> Meanings, TensorInfo Tensor)
{
    /// <summary>The part's name in a method; null where the method has no such part.</summary>
    public string? NameIn(string method) =>
        Meanings.Where(m => m.Method == method || m.Method.Length == 0).Select(m => m.Name).FirstOrDefault();
}
