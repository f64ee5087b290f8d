namespace Lowrank.Adapters;

/// <summary>What a file holds of one target: keys by part, and which methods these parts may be of.</summary>
/// <param name="Target">The target.</param>
sealed record PlacedLayer(Target Target)
{
    /// <summary>Keys by part.</summary>
    public Dictionary<string, string> Keys { get; } = [];

    /// <summary>For each part that some methods have, their names.</summary>
    public List<IReadOnlyList<string>> Methods { get; } = [];

    /// <summary>The same of parts that any method may have, which belong to those methods where the layer has no other part.</summary>
    public List<IReadOnlyList<string>> Loose { get; } = [];

    /// <summary>The methods that have every part.</summary>
    public List<string> Candidates
    {
        get
        {
            var lists = Methods.Count > 0 ? Methods : Loose;
            return lists.Count == 0 ? [] : [.. lists.Aggregate((some, others) => [.. some.Intersect(others)])];
        }
    }

    /// <summary>The method whose parts have such shapes; null where there is none.</summary>
    public MethodDescriptor? MethodBy(IReadOnlyDictionary<string, TensorInfo> tensors, PartLayout layout)
    {
        var shapes = Keys.ToDictionary(key => key.Key, key => tensors[key.Value].Shape);
        return Candidates.Select(Lowrank.Methods.Named).FirstOrDefault(method => layout.Recognizes(method, shapes));
    }
}
