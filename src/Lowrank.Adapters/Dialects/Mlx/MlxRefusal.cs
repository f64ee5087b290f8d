namespace Lowrank.Adapters;

/// <summary>What of an adapter has no place in mlx-lm's folders, or means something else there.</summary>
static class MlxRefusal
{
    const string Plain = "plain LoRA, where others have DoRA", Whole = "a whole trained weight beside factors";

    /// <summary>Why an adapter cannot be written, with the layers; null where it can.</summary>
    public static string? Of(Adapter adapter, ModelDescription model)
    {
        if (model.Components is not [var component]) return "mlx-lm's adapters are of language models, which have one component";
        var made = new List<(Reparameterization Made, IAdaptable Layer)>();
        foreach (var (target, layer) in component.Targets)
            if (adapter.Targets.TryGetValue(target.Path, out var own)) made.Add((own, layer));
        bool hasFactors = made.Exists(one => IsLora(one.Made)), hasMagnitudes = made.Exists(one => HasMagnitudes(one.Made));
        var refused = new List<(string Path, string Reason)>();
        foreach (var (own, layer) in made)
            if (ReasonOf(own, layer, component) is { } reason) refused.Add((own.Target.Path, reason));
            else if (hasFactors && !IsLora(own)) refused.Add((own.Target.Path, Whole));
            else if (hasMagnitudes && !HasMagnitudes(own)) refused.Add((own.Target.Path, Plain));
        return RefusedLayers.Told(
            "mlx-lm's folders hold pairs of factors, all with DoRA or none, or whole weights alone", refused, made.Count);
    }

    static bool IsLora(Reparameterization made) => Spelling.StoredMethod(made) == Lora.Descriptor;

    static bool HasMagnitudes(Reparameterization made) => made.Settings?.Dora is not null;

    static string? ReasonOf(Reparameterization made, IAdaptable layer, ModelComponent component)
    {
        using var scope = NewDisposeScope();
        var method = Spelling.StoredMethod(made);
        if (layer is StackedMatrix) return "one of a layer's experts, which mlx-lm keeps in one tensor";
        if (MlxSpelling.NameOf(component, made.Target) is null)
            return "a layer that mlx-lm calls otherwise, which the base model tells: give it";
        if (method == Replacement.Descriptor) return null;
        if (method != Lora.Descriptor) return $"{method.Name}, which is no LoRA";
        string? other = made.Parts.Select(part => part.Part).FirstOrDefault(part => part is not ("down" or "up" or "alpha" or Dora.Part));
        if (other is not null) return $"its part {other}";
        if (made.Target.Kind is not (LayerKind.Linear or LayerKind.TransposedLinear or LayerKind.Embedding))
            return $"a layer of the kind {made.Target.Kind}";
        var axis = made.Target.Kind == LayerKind.Embedding ? DoraAxis.Input : DoraAxis.Output;
        if (made.Settings?.Dora is { } own && own != axis) return $"DoRA along {(own == DoraAxis.Output ? "outputs" : "inputs")}";
        return OfEnds(made.Target, component);
    }

    static string? OfEnds(Target target, ModelComponent component)
    {
        string path = component.PathOf(target);
        if (component.TiedTo.ContainsKey(path)) return "a head that has the table's weight, which mlx-lm has not";
        if (target.Kind != LayerKind.Embedding) return null;
        if (!component.Aliases.ContainsKey(MlxSpelling.Program))
            return "a table that may be the head too, which the base model tells: give it";
        return component.TiedTo.Values.Contains(path) ? "a table that is the head too, where mlx-lm changes both" : null;
    }

    /// <summary>Why the factors of a table cannot be read for a model; null where they can, and of any other layer.</summary>
    public static string? OfTable(ModelDescription? model, Target target)
    {
        if (target.Kind != LayerKind.Embedding || model?.Components is not [var component]) return null;
        return OfEnds(target, component) is { } reason
            ? $"the factors are those of {reason}; fuse the adapter into the model in its place (mlx_lm.fuse)"
            : null;
    }
}
