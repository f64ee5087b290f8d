namespace Lowrank.Adapters;

/// <summary>What of an adapter has no place in a GGUF file, or none that llama.cpp heeds.</summary>
static class GgufRefusal
{
    static readonly Dictionary<string, string> words = new()
    {
        [Dora.Part] = "DoRA's magnitudes", [TrainedBias.Part] = "a trained bias", [TrainedBias.AddedPart] = "a bias of the second factor",
        [BiasChange.Part] = "a change of the bias",
    };

    /// <summary>Why an adapter cannot be written, with what could be; null where it can.</summary>
    public static string? Of(Adapter adapter, ModelDescription model)
    {
        var tied = TiedNames(model).ToDictionary(layer => layer.Name, layer => layer.Reason);
        var refused = new List<(string Path, string Reason)>();
        var acting = SharedInvocation.Of(adapter);
        int held = 0;
        foreach (var component in model.Components)
            foreach (var (target, _) in component.Targets)
            {
                if (!adapter.Targets.TryGetValue(target.Path, out var made)) continue;
                if ((ReasonOf(made, component, tied) ?? acting.ReasonOf(made)) is { } reason) refused.Add((target.Path, reason));
                else held++;
            }
        return RefusedLayers.Told("gguf holds pairs of LoRA's factors alone", refused, held + refused.Count);
    }

    static string? ReasonOf(Reparameterization made, ModelComponent component, Dictionary<string, string> tied)
    {
        using var scope = NewDisposeScope();
        var method = Spelling.StoredMethod(made);
        if (method == Replacement.Descriptor) return "a whole trained weight";
        if (method != Lora.Descriptor) return $"{method.Name}, which is no LoRA";
        string? other = made.Parts.Select(part => part.Part).FirstOrDefault(part => part is not ("down" or "up" or "alpha"));
        if (other is not null) return words.GetValueOrDefault(other, $"its part {other}");
        if (GgufSpelling.NameOf(component, made.Target) is not { } name) return "a layer that llama.cpp has no name for";
        if (made.Target.Kind == LayerKind.Embedding && name != GgufSpelling.Tokens) return "a table whose factors llama.cpp does not use";
        return tied.GetValueOrDefault(name);
    }

    /// <summary>What llama.cpp calls the table of tokens and the head of a model that has one weight for both, with what becomes of their
    /// factors there.</summary>
    public static IEnumerable<(string Name, string Reason)> TiedNames(ModelDescription model)
    {
        var tied = model.TiedWeights.SelectMany(group => group.Paths).ToHashSet();
        foreach (var component in model.Components)
            foreach (var (target, _) in component.Targets)
            {
                if (tied.Contains(target.Path + ".weight") && GgufSpelling.NameOf(component, target) is { } name)
                    yield return (name, target.Kind == LayerKind.Embedding
                        ? "its weight is the head's too, at which llama.cpp's process ends"
                        : "its weight is the table of tokens, and llama.cpp has no such head");
            }
    }
}
