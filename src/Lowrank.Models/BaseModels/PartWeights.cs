namespace Lowrank.Models;

/// <summary>The weights of one component where they lie.</summary>
/// <param name="Component">The component's name.</param>
/// <param name="File">The open file.</param>
/// <param name="Stored">Names in the file by the module's own.</param>
public sealed record PartWeights(string Component, ITensorFile File, IReadOnlyDictionary<string, string> Stored)
{
    /// <summary>The file's tensors that are the component's.</summary>
    public IEnumerable<TensorInfo> Tensors
    {
        get
        {
            var names = Stored.Values.ToHashSet();
            return File.Tensors.Where(tensor => names.Contains(tensor.Name));
        }
    }
}
