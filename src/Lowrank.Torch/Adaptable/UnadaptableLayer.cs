namespace Lowrank.Torch;

/// <summary>Something with parameters that no adapter can sit in, and why.</summary>
/// <param name="Path">Component and path, as in <c>model.encoder.layers</c>; of a parameter that is in no layer, with its name.</param>
/// <param name="Kind">What it is: <c>TransformerEncoder</c>, <c>Parameter</c>.</param>
/// <param name="Reason">Why it cannot be adapted, and what to do, as the end of a sentence.</param>
public sealed record UnadaptableLayer(string Path, string Kind, string Reason)
{
    /// <summary>The kinds of TorchSharp's layers that are never adapted.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
    [
        "PReLU", "Transformer", "TransformerEncoder", "TransformerEncoderLayer", "TransformerDecoder",
        "TransformerDecoderLayer", nameof(Parameter),
    ];

    /// <summary>What of a module alone, without those in it, cannot be adapted; none where it is adaptable or has no parameters.</summary>
    internal static IEnumerable<UnadaptableLayer> At(string path, nn.Module module)
    {
        if (module is ScriptModel script) return InScript(path, script);
        if (module is IAdaptable || SealedLayer.Of(module) is not null) return [];
        if (SealedModule.Of(module) is { } several) return InSealed(path, several);
        var stacked = module is IStackedLayers stacks ? stacks.Matrices.SelectMany(matrix => matrix.Parameters).ToHashSet() : [];
        var own = module.named_parameters(recurse: false).Select(parameter => parameter.name).Except(stacked).ToList();
        if (own.Count == 0) return [];
        if (module.GetType().Namespace == typeof(TorchSharp.Modules.Linear).Namespace)
            return [new(path, module.GetType().Name, Because(module))];
        return own.Select(name => new UnadaptableLayer($"{path}.{name}", nameof(Parameter),
            $"the code of {module.GetType().Name} reads it itself, and a field is the same for all calls; hold it in an " +
            $"{nameof(AdaptableParameter)} and read its Value, or train it beside the adapter"));
    }

    static IEnumerable<UnadaptableLayer> InSealed(string path, SealedModule several)
    {
        if (several.Reason is { } reason) return [new(path, several.Module.GetType().Name, reason)];
        var adapted = several.Weights.SelectMany(weight => new[] { weight.WeightName, weight.BiasName }).ToHashSet();
        return from parameter in several.Module.named_parameters(recurse: false)
               where !adapted.Contains(parameter.name)
               select new UnadaptableLayer($"{path}.{parameter.name}", nameof(Parameter),
                   $"a {several.Module.GetType().Name} has no matrix in it; train it beside the adapter");
    }

    static IEnumerable<UnadaptableLayer> InScript(string path, ScriptModel script)
    {
        var layers = script.Layers.Select(layer => layer.Path).ToHashSet();
        return from parameter in script.named_parameters()
               let dot = parameter.name.LastIndexOf('.')
               where !layers.Contains(dot < 0 ? "" : parameter.name[..dot])
               select new UnadaptableLayer($"{path}.{parameter.name}", nameof(Parameter), "no layer that is known reads it in the script");
    }

    static string Because(nn.Module module) => module switch
    {
        TorchSharp.Modules.Transformer or TorchSharp.Modules.TransformerEncoder or TorchSharp.Modules.TransformerEncoderLayer or
            TorchSharp.Modules.TransformerDecoder or TorchSharp.Modules.TransformerDecoderLayer =>
            "it runs inside libtorch as one piece, with weights that nobody can exchange for a call; make it of attention, linear layers " +
            "and norms",
        TorchSharp.Modules.Convolution => "it pads with other than as many zeros on both sides",
        TorchSharp.Modules.LayerNorm => "its scale has several axes, and methods of norms are defined for one",
        _ => "no method is defined for such a layer",
    };

    /// <inheritdoc/>
    public override string ToString() => $"{Path} ({Kind}): {Reason}";
}
