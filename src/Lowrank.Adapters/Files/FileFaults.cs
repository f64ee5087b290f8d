namespace Lowrank.Adapters;

/// <summary>What keeps readers from taking a file, as its header tells it.</summary>
static class FileFaults
{
    /// <summary>What stands between a layer's name and its fault.</summary>
    public const string Sign = ": ";

    // Factors that are multiplied with each other, the second axis of the one and the first of the other being the rank.
    static readonly (string Left, string Right)[] products = [("up", "down"), ("w1a", "w1b"), ("w2a", "w2b")];

    // What stands between two factors: their axes are others then.
    static readonly string[] cores = ["mid", "t1", "t2"];

    /// <summary>The faults, each without a full stop.</summary>
    public static IEnumerable<string> Of(ITensorFile file, Dialect? dialect, IReadOnlyList<AdapterModule> modules)
    {
        if (dialect is null) yield break;
        if (Dialects.Recognizing(file) is { Count: > 1 } several) yield return $"it could be of several dialects: {Dialects.Names(several)}";
        foreach (var fault in dialect.Faults(file)) yield return fault;
        var tensors = file.Tensors.ToDictionary(tensor => tensor.Name);
        foreach (var module in modules)
        {
            var method = Methods.Named(module.Method);
            var parts = module.Keys.ToDictionary(key => key.Key, key => tensors[key.Value]);
            foreach (var (part, tensor) in parts)
                if (!MayBeWhole(method, part) && !tensor.Dtype.IsFloat() && !tensor.Dtype.IsFloat8())
                    yield return $"{module.Name}{Sign}{part} holds {tensor.Dtype}, and a factor is a float";
            foreach (var fault in RankFaults(dialect, new(file, module.Name, method), parts)) yield return fault;
        }
    }

    static bool MayBeWhole(MethodDescriptor method, string part) =>
        part is "alpha" or Wrappers.ShapePart || method.Parts.Any(own => own.Name == part && own.IsWhole);

    static IEnumerable<string> RankFaults(Dialect dialect, FiledLayer layer, Dictionary<string, TensorInfo> parts)
    {
        if (cores.Any(parts.ContainsKey)) yield break;
        var shapes = dialect.Layout.Shapes(layer, parts.ToDictionary(part => part.Key, part => part.Value.Shape));
        foreach (var (left, right) in products)
            if (shapes.GetValueOrDefault(left) is [_, var columns, ..] one && shapes.GetValueOrDefault(right) is [var rows, _, ..] other
                && columns != rows)
                yield return $"{layer.Name}{Sign}the factors are at odds about the rank: {right} {other.Text()}, {left} {one.Text()}";
    }
}
