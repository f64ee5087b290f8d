namespace Lowrank.Adapters;

/// <summary>The keys of a file, sorted by what they are.</summary>
sealed class InspectedKeys
{
    /// <summary>Parts by the layer's name.</summary>
    public Dictionary<string, List<InspectedPart>> Layers { get; } = [];

    /// <summary>Names of words.</summary>
    public List<string> Words { get; } = [];

    /// <summary>Keys that follow no pattern of the dialect.</summary>
    public List<string> Rest { get; } = [];

    /// <summary>What readers pass over.</summary>
    public List<PassedOver> PassedOver { get; } = [];

    /// <summary>What keeps readers from taking the whole file.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Sorts a tensor in.</summary>
    public void Add(ITensorFile file, Dialect dialect, TensorInfo tensor)
    {
        var spelling = dialect.Spelling;
        if (dialect.IsPrompt(tensor.Name) && dialect.PromptIn(file) is not null) return;
        if (dialect.Words.Of(file, tensor.Name) is { } word) Words.Add(word.Name);
        else if (spelling.WhyNotNeeded(tensor.Name) is { } reason) PassedOver.Add(new("tensor", tensor.Name, reason));
        else if (spelling.SharedPart(tensor.Name) is not null) return;
        else if (KeyEnd.Of(spelling, tensor.Name) is not var (name, suffix)) Rest.Add(tensor.Name);
        else
        {
            if (!Layers.TryGetValue(name, out var layer)) Layers[name] = layer = [];
            layer.Add(new([.. spelling.Suffixes.Where(s => s.Suffix == suffix).Select(s => (s.Method, s.Part))], tensor));
        }
    }
}
