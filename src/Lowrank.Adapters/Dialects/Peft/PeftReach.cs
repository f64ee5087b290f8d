namespace Lowrank.Adapters;

/// <summary>What PEFT adapts of the layers of torch.nn that have several weights or inputs, and how it names them.</summary>
/// <remarks>
/// Of those it adapts MultiheadAttention alone, with LoRA: the joint projection is the module's own, and the answer's a layer within what
/// it wraps. Both have one rank and alpha.
/// Source: PEFT 0.21.2, lora.MultiheadAttention.
/// </remarks>
static class PeftReach
{
    const string Attention = "MultiheadAttention", Joint = ".in_proj", Last = ".out_proj", Wrapped = ".base_layer";

    /// <summary>A target's path as PEFT's keys have it.</summary>
    public static string KeyPath(Target target, string path)
    {
        if (target.Within != Attention) return path;
        if (path.EndsWith(Joint, StringComparison.Ordinal)) return path[..^Joint.Length];
        return path.EndsWith(Last, StringComparison.Ordinal) ? path[..^Last.Length] + Wrapped + Last : path;
    }

    /// <summary>The path of the module by which PEFT's configuration knows a target.</summary>
    public static string ConfiguredPath(Target target, string path) =>
        target.Within == Attention ? Configured(KeyPath(target, path)) : path;

    /// <summary>The same, of a path as keys have it.</summary>
    public static string Configured(string keyPath) =>
        keyPath.EndsWith(Wrapped + Last, StringComparison.Ordinal) ? keyPath[..^(Wrapped.Length + Last.Length)] : keyPath;

    /// <summary>Why PEFT has nothing such as an adapter, as a sentence without its full stop; null where it has.</summary>
    public static string? Refusal(Adapter adapter)
    {
        var pairs = new Dictionary<string, Lora>();
        foreach (var (path, made) in adapter.Targets)
        {
            if (Refusal(made) is { } reason) return reason;
            if (made is not Lora { Target.Within: Attention } lora) continue;
            string module = ConfiguredPath(made.Target, path);
            if (pairs.TryAdd(module, lora)) continue;
            if (pairs[module].Rank != lora.Rank || pairs[module].Alpha != lora.Alpha)
                return $"PEFT gives both projections of an attention one rank and alpha, and those of {module} differ";
        }
        return null;
    }

    static string? Refusal(Reparameterization made)
    {
        var target = made.Target;
        if (target.Within is null && !target.IsTransposedConvolution) return null;
        if (target.Within != Attention) return $"PEFT adapts no {target.Within ?? target.Kind.ToString()}, as at {target.Path}";
        if (KeyPath(target, target.Path) == target.Path)
            return $"PEFT adapts no attention whose keys and values have a width of their own, as at {target.Path}";
        if (made is Lora) return null;
        return $"PEFT adapts a MultiheadAttention with plain LoRA alone, and {target.Path} has another method";
    }
}
